"""The table of operations: the routes, the document, the docs page and the client are made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from palyra_events.a2ui import google
from palyra_events.token import Role
from palyra_runtime.api import a2ui, bulk, chores, looks, proofs, releases, trials
from palyra_runtime.api.operation import Operation, Turn
from palyra_runtime.facade import (
    AuditTrail,
    Blobs,
    Database,
    Decisions,
    Deliveries,
    Doctor,
    Events,
    Gateway,
    Hooks,
    Ledger,
    Messages,
    PluginConfigs,
    Plugins,
    PluginStorage,
    Replay,
    Retention,
    Skills,
    Subjects,
    Surfaces,
    Tokens,
    Trust,
    Upkeep,
)

_VIEWER, _OPERATOR, _ADMIN = Role

#: how the pages of listings are turned
_FORWARD = Turn("after", "position")
_TRAIL = Turn("after", "position", backwards="at")
_SCHEDULED = Turn("after", "scheduled_position", backwards="until")
_BACKWARD = Turn("before", "position")
_BY_PATH = Turn("after", "path")
_BY_MESSAGE = Turn("after", "message_id")
_BY_SURFACE = Turn("after", "surface")

#: what a filter of deliveries says already
_SHORT = frozenset({"state", "hook"})

_SKILLS = (
    Operation("skills", Skills.list, "GET", "/skills", _VIEWER),
    Operation("skills", releases.install, "POST", "/skills", _OPERATOR),
    Operation("skills", releases.update, "POST", "/updates", _OPERATOR),
    Operation("skills", releases.plan_update, "POST", "/updates/plan", _OPERATOR),
    Operation("skills", Skills.reaudit, "POST", "/reaudits", _OPERATOR, leaves_out=frozenset({"actor"})),
    Operation("skills", Skills.show, "GET", "/skills/{skill_id}", _VIEWER),
    Operation("skills", Skills.history, "GET", "/skills/{skill_id}/history", _VIEWER, _FORWARD),
    Operation("skills", Skills.diff, "GET", "/skills/{skill_id}/diff", _VIEWER),
    Operation("skills", releases.enable, "POST", "/skills/{skill_id}/enable", _OPERATOR),
    Operation("skills", releases.plan_enable, "POST", "/skills/{skill_id}/enable/plan", _OPERATOR),
    Operation("skills", releases.rollback, "POST", "/skills/{skill_id}/rollback", _OPERATOR),
    Operation("skills", releases.plan_rollback, "POST", "/skills/{skill_id}/rollback/plan", _OPERATOR),
    Operation("skills", Skills.quarantine, "POST", "/skills/{skill_id}/quarantine", _OPERATOR),
    Operation("skills", Skills.disable, "POST", "/skills/{skill_id}/disable", _OPERATOR),
    Operation("skills", Skills.remove, "POST", "/skills/{skill_id}/remove", _OPERATOR),
    Operation("verification", looks.inspect, "GET", "/skills/{skill_id}/inspection", _VIEWER),
    Operation("verification", looks.verify, "GET", "/skills/{skill_id}/verification", _VIEWER),
    Operation("verification", looks.sbom, "GET", "/skills/{skill_id}/sbom", _VIEWER),
    Operation("verification", looks.provenance, "GET", "/skills/{skill_id}/provenance", _VIEWER),
    Operation("verification", looks.audit, "POST", "/skills/{skill_id}/audit", _OPERATOR),
)

_PLUGINS = (
    Operation("plugins", Plugins.list, "GET", "/plugins", _VIEWER),
    Operation("plugins", Plugins.export_index, "GET", "/plugins/index", _VIEWER),
    Operation("plugins", Plugins.plan_import, "POST", "/plugins/index/plan", _OPERATOR),
    Operation("plugins", Plugins.import_index, "POST", "/plugins/index", _OPERATOR),
    Operation("plugins", Plugins.bind, "POST", "/plugins/{plugin_id}/bind", _OPERATOR),
    Operation("plugins", releases.rebind, "POST", "/plugins/{plugin_id}/rebind", _OPERATOR),
    Operation("plugins", releases.plan_rebind, "POST", "/plugins/{plugin_id}/rebind/plan", _OPERATOR),
    Operation("plugins", Plugins.unbind, "POST", "/plugins/{plugin_id}/unbind", _OPERATOR),
    Operation("plugins", Plugins.enable, "POST", "/plugins/{plugin_id}/enable", _OPERATOR),
    Operation("plugins", Plugins.disable, "POST", "/plugins/{plugin_id}/disable", _OPERATOR),
    Operation("plugins", Plugins.run, "POST", "/plugins/{plugin_id}/run", _OPERATOR),
    Operation("plugins", Plugins.grants, "GET", "/plugins/{plugin_id}/grants", _VIEWER),
    Operation("plugins", Plugins.set_grants, "POST", "/plugins/{plugin_id}/grants", _OPERATOR),
    Operation("configs", PluginConfigs.get, "GET", "/plugins/{plugin_id}/config", _VIEWER),
    Operation("configs", PluginConfigs.set, "POST", "/plugins/{plugin_id}/config", _OPERATOR),
    Operation("configs", PluginConfigs.clear, "POST", "/plugins/{plugin_id}/config/clear", _OPERATOR),
    Operation("storage", PluginStorage.use, "GET", "/plugins/{plugin_id}/storage-use", _VIEWER),
    Operation("storage", PluginStorage.list, "GET", "/plugins/{plugin_id}/storage", _VIEWER, _BY_PATH),
    Operation("storage", PluginStorage.show, "GET", "/plugins/{plugin_id}/storage/{path:path}", _VIEWER),
)

_HOOKS = (
    Operation("hooks", Hooks.list, "GET", "/hooks", _VIEWER),
    Operation("hooks", Hooks.export_index, "GET", "/hooks/index", _VIEWER),
    Operation("hooks", Hooks.plan_import, "POST", "/hooks/index/plan", _OPERATOR),
    Operation("hooks", Hooks.import_index, "POST", "/hooks/index", _OPERATOR),
    Operation("hooks", Hooks.bind, "POST", "/hooks/{hook_id}/bind", _OPERATOR),
    Operation("hooks", Hooks.rebind, "POST", "/hooks/{hook_id}/rebind", _OPERATOR),
    Operation("hooks", Hooks.unbind, "POST", "/hooks/{hook_id}/unbind", _OPERATOR),
    Operation("hooks", Hooks.enable, "POST", "/hooks/{hook_id}/enable", _OPERATOR),
    Operation("hooks", Hooks.disable, "POST", "/hooks/{hook_id}/disable", _OPERATOR),
)

_DELIVERIES = (
    Operation(
        "deliveries",
        Deliveries.list,
        "GET",
        "/deliveries",
        _VIEWER,
        _SCHEDULED,
        leaves_out=_SHORT,
    ),
    Operation("deliveries", Deliveries.stats, "GET", "/deliveries/stats", _VIEWER),
    Operation("deliveries", bulk.carry_out, "POST", "/deliveries/carry-out", _OPERATOR, is_job=True),
    Operation("dispatch", chores.drain, "POST", "/deliveries/drain", _OPERATOR, is_job=True),
    Operation("deliveries", Deliveries.plan, "POST", "/deliveries/plan", _OPERATOR),
    Operation("deliveries", Deliveries.show, "GET", "/deliveries/{delivery_id}", _VIEWER),
    Operation("deliveries", Deliveries.attempts, "GET", "/deliveries/{delivery_id}/attempts", _VIEWER),
    Operation("deliveries", Deliveries.redeliver, "POST", "/deliveries/{delivery_id}/redeliver", _OPERATOR),
    Operation("deliveries", Deliveries.retry, "POST", "/deliveries/{delivery_id}/retry", _OPERATOR),
    Operation("deliveries", Deliveries.cancel, "POST", "/deliveries/{delivery_id}/cancel", _OPERATOR),
    Operation("deliveries", Deliveries.discard, "POST", "/deliveries/{delivery_id}/discard", _OPERATOR),
    Operation("decisions", Decisions.list, "GET", "/decisions", _VIEWER, _BACKWARD),
    Operation("decisions", Decisions.take, "POST", "/decisions", _OPERATOR),
    Operation("decisions", Decisions.show, "GET", "/decisions/{decision_id}", _VIEWER),
    Operation("messages", Messages.list, "GET", "/outbox", _VIEWER, _BY_MESSAGE),
    Operation("messages", Messages.show, "GET", "/outbox/{message_id}", _VIEWER),
    Operation("messages", Messages.retry, "POST", "/outbox/{message_id}/retry", _OPERATOR),
    Operation("messages", Messages.discard, "POST", "/outbox/{message_id}/discard", _OPERATOR),
)

_SURFACES = (
    Operation("surfaces", Surfaces.list, "GET", "/surfaces", _VIEWER, _BY_SURFACE),
    Operation("surfaces", Surfaces.problems, "GET", "/surface-problems", _VIEWER, _BACKWARD),
    Operation("surfaces", Surfaces.show, "GET", "/surfaces/{surface}", _VIEWER),
    Operation(
        "surfaces", a2ui.as_a2ui, "GET", "/surfaces/{surface}/a2ui", _VIEWER, media_type=google.MEDIA_TYPE
    ),
    Operation("surfaces", a2ui.act, "POST", "/surfaces/{surface}/a2ui", _OPERATOR),
    Operation("surfaces", Surfaces.history, "GET", "/surfaces/{surface}/history", _VIEWER, _BACKWARD),
    Operation("surfaces", Surfaces.submit, "POST", "/surfaces/{surface}/submit", _OPERATOR),
    Operation("surfaces", Surfaces.close, "POST", "/surfaces/{surface}/close", _OPERATOR),
)

_HISTORY = (
    Operation("events", Events.identity, "GET", "/log", _VIEWER),
    Operation("events", Events.list, "GET", "/events", _VIEWER, _FORWARD),
    Operation("events", Events.newest, "GET", "/events/newest", _VIEWER),
    Operation("events", Events.show, "GET", "/events/{position}", _VIEWER),
    Operation("blobs", Blobs.show, "GET", "/blobs/{digest}", _VIEWER),
    Operation("audit", AuditTrail.log, "GET", "/audit", _VIEWER, _TRAIL),
    Operation("audit", AuditTrail.activity, "GET", "/audit/activity", _VIEWER),
    Operation("ledger", Ledger.checkpoints, "GET", "/audit/checkpoints", _VIEWER),
    Operation("ledger", Ledger.checkpoint, "POST", "/audit/checkpoints", _OPERATOR),
    Operation("ledger", Ledger.prove, "GET", "/audit/proofs/{position}", _VIEWER),
    Operation("ledger", proofs.export, "GET", "/audit/rows", _VIEWER),
    Operation("ledger", proofs.verify, "POST", "/audit/verify", _OPERATOR, is_job=True),
    Operation("ledger", Ledger.report, "POST", "/audit/report", _OPERATOR, is_job=True),
    Operation("ledger", proofs.covered_by, "POST", "/audit/coverage", _OPERATOR),
    Operation("ledger", Ledger.rotate_key, "POST", "/audit/key/rotate", _ADMIN),
)

_UPKEEP = (
    Operation("projections", Upkeep.status, "GET", "/projections", _VIEWER),
    Operation("projections", Upkeep.pulse, "GET", "/projections/pulse", _VIEWER),
    Operation("projections", Upkeep.rebuild, "POST", "/projections/rebuild", _OPERATOR, is_job=True),
    Operation("projections", Upkeep.verify, "POST", "/projections/verify", _OPERATOR, is_job=True),
    Operation("projections", Upkeep.retry, "POST", "/dead-letters/{name}/retry", _OPERATOR, is_job=True),
    Operation("projections", Upkeep.plan, "POST", "/projections/rebuild/plan", _OPERATOR),
    Operation("projections", Upkeep.pause, "POST", "/projections/pause", _OPERATOR),
    Operation("projections", Upkeep.resume, "POST", "/projections/resume", _OPERATOR),
    Operation("projections", Upkeep.query, "POST", "/projections/query", _ADMIN),
    Operation("projections", Upkeep.show, "GET", "/projections/{name}", _VIEWER),
    Operation("projections", Upkeep.diff, "GET", "/projections/{name}/diff", _VIEWER),
    Operation("projections", Upkeep.rollback, "POST", "/projections/{name}/rollback", _OPERATOR),
    Operation("projections", Upkeep.drop, "POST", "/projections/{name}/drop", _OPERATOR),
    Operation("projections", Upkeep.dead_letters, "GET", "/dead-letters", _VIEWER),
    Operation("projections", Upkeep.discard, "POST", "/dead-letters/{name}/discard", _OPERATOR),
    Operation(
        "replay", Replay.run, "POST", "/replay", _OPERATOR, leaves_out=frozenset({"jobs"}), is_job=True
    ),
    Operation("replay", trials.try_module, "POST", "/replay/trials", _OPERATOR, is_job=True),
    Operation("replay", trials.try_version, "POST", "/replay/version-trials", _OPERATOR, is_job=True),
    Operation("replay", Replay.explain, "GET", "/replay/explanations/{what}", _VIEWER),
    Operation("gateway", Gateway.status, "GET", "/gateway", _VIEWER),
    Operation("doctor", Doctor.examine, "GET", "/doctor", _VIEWER),
    Operation("database", Database.stats, "GET", "/database", _VIEWER),
    Operation("database", chores.check, "POST", "/database/check", _OPERATOR, is_job=True),
    Operation("retention", Retention.usage, "GET", "/retention", _VIEWER),
    Operation("retention", chores.policy, "GET", "/retention/policy", _VIEWER),
    Operation(
        "retention",
        Retention.plan,
        "POST",
        "/retention/plan",
        _OPERATOR,
        leaves_out=frozenset({"head", "made_at"}),
    ),
    Operation("retention", chores.run, "POST", "/retention", _ADMIN, is_job=True),
)

_WHO = (
    Operation("trust", Trust.list, "GET", "/trust", _VIEWER),
    Operation("trust", Trust.export_store, "GET", "/trust/store", _VIEWER),
    Operation("trust", Trust.import_store, "POST", "/trust/store", _ADMIN),
    Operation("trust", Trust.plan_revocation, "POST", "/trust/revoke/plan", _ADMIN),
    Operation("trust", Trust.revoke, "POST", "/trust/revoke", _ADMIN),
    Operation("trust", Trust.add, "POST", "/trust/{publisher}", _ADMIN),
    Operation("trust", Trust.rotate, "POST", "/trust/{publisher}/rotate", _ADMIN),
    Operation("tokens", Tokens.list, "GET", "/tokens", _ADMIN),
    Operation("tokens", Tokens.create, "POST", "/tokens", _ADMIN),
    Operation("tokens", Tokens.revoke, "POST", "/tokens/{token_id}/revoke", _ADMIN),
    Operation("subjects", Subjects.plan_erasure, "POST", "/erasures/plan", _ADMIN),
    Operation("subjects", chores.erase, "POST", "/erasures", _ADMIN, is_job=True),
    Operation("subjects", Subjects.names, "GET", "/actors", _VIEWER),
    Operation("subjects", Subjects.name, "POST", "/actors/{actor}/name", _OPERATOR),
    Operation("subjects", Subjects.unname, "POST", "/actors/{actor}/unname", _OPERATOR),
)

OPERATIONS: Sequence[Operation] = (
    *_SKILLS,
    *_PLUGINS,
    *_HOOKS,
    *_DELIVERIES,
    *_SURFACES,
    *_HISTORY,
    *_UPKEEP,
    *_WHO,
)

#: by name, such as ``hooks.bind``
BY_NAME: Mapping[str, Operation] = MappingProxyType({each.name: each for each in OPERATIONS})
