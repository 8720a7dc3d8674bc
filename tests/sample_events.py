"""One event of every registered type with all its fields, and one with those that it must have.

Values differ from field to field, so that two that are mixed up are seen. They are part of the golden
bytes under ``tests/corpus/events``: a value here never changes, new events are added.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from palyra_events.blob import BlobRef, SealedRef
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.decision import DecisionKind
from palyra_events.decision_taken import Candidate, DecisionTaken
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryHastened,
    DeliveryRequeued,
    DeliveryScheduled,
    DeliverySkipped,
    DeliveryState,
)
from palyra_events.effect import ChannelMessage, Effects, StorageWrite, SurfaceForm, SurfaceOutput
from palyra_events.event import Event, Stamp
from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_events.hook import (
    HookBound,
    HookDisabled,
    HookEnabled,
    HookRebound,
    HookUnbound,
    OnFailure,
    Ordering,
    Target,
)
from palyra_events.invocation import Invocation, LimitsRecord
from palyra_events.key import KeyRotated
from palyra_events.lifecycle import HookEventKind
from palyra_events.message import MessageDiscarded, MessageFailed, MessageRequeued, MessageSent
from palyra_events.plugin import (
    Binding,
    PluginBound,
    PluginConfig,
    PluginDisabled,
    PluginEnabled,
    PluginRebound,
    PluginShowedSurface,
    PluginUnbound,
)
from palyra_events.publisher import PublisherKeyRotated, PublisherPinned, PublisherRevoked, PublisherTrusted
from palyra_events.release import AuditVerdict
from palyra_events.run_phase import RunPhase
from palyra_events.skill import (
    ModuleFact,
    ReleaseFacts,
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
)
from palyra_events.subject import SubjectErased
from palyra_events.submission import FormSubmitted
from palyra_events.surface import SurfaceClosed
from palyra_events.token import LoginUsed, Role, TokenIssued, TokenKind, TokenRevoked
from palyra_events.tool_run import PluginInvoked

MOMENT = datetime(2026, 3, 1, 12, 30, 15, 123456, UTC)

#: an actor and nothing else that may be left out
BARE_STAMP = Stamp(MOMENT, "operator:alice", "c0ffee")
FULL_STAMP = Stamp(MOMENT, "operator:alice", "c0ffee", "position:41", SealedRef(hmac="a1" * 32))

ARTIFACT = BlobRef(sha256="b2" * 32, size=4711)
REPORT = BlobRef(sha256="c3" * 32, size=812)
MODULE = ModuleFact(path="modules/echo.wasm", sha256="d4" * 32, size=1234)
FACTS = ReleaseFacts(
    name="Echo “größer”",
    publisher="acme",
    artifact=ARTIFACT,
    payload_sha256="e5" * 32,
    key_id="ed25519:0123456789abcdef",
    trust_decision="allowlisted",
    modules=(MODULE, ModuleFact(path="modules/other.wasm", sha256="f6" * 32, size=99)),
)
PASSED = AuditVerdict(passed=True, failures=(), report=REPORT)
FAILED = AuditVerdict(passed=False, failures=("too many exports", "memory is shared"), report=REPORT)

GRANTS = PluginCapabilityProfile(
    http_hosts=("api.example.com",),
    secrets=("token",),
    storage_prefixes=("notes/",),
    channels=("ops",),
)
BINDING = Binding(
    skill_id="acme.echo",
    module_path="modules/echo.wasm",
    module_sha256="d4" * 32,
    entrypoint="run",
    grants=GRANTS,
    secret_hosts={"api.token": ("api.example.com",)},
    config=PluginConfig(
        contract_schema_version=2, payload_sha256="e5" * 32, values=BlobRef(sha256="8f" * 32, size=308)
    ),
)
BARE_BINDING = Binding(skill_id="acme.echo", module_path="modules/echo.wasm", module_sha256="d4" * 32)
TARGET = Target(
    event_kind=HookEventKind.SkillEnabled,
    plugin_id="echo",
    attempts_max=3,
    ordering=Ordering.SKILL,
    on_failure=OnFailure.CONTINUE,
)
BARE_TARGET = Target(event_kind=HookEventKind.GatewayStartup, plugin_id="echo")

LIMITS = LimitsRecord(
    fuel_units=10_000_000,
    memory_bytes_max=67_108_864,
    table_elements_max=100_000,
    instances_max=1,
    timeout_ms=30_000,
    output_bytes_max=65_536,
    host_calls_max=256,
    transcript_bytes_max=4_194_304,
    log_lines_max=256,
    log_bytes_max=65_536,
)
BARE_INVOCATION = Invocation(
    plugin_id="echo",
    skill_id="acme.echo",
    skill_version="1.2.3",
    module_path="modules/echo.wasm",
    module_sha256="d4" * 32,
    engine="wasmtime-50/0a1b2c",
    limits=LIMITS,
    grants=PluginCapabilityProfile(),
    as_of=40,
    input=BlobRef(sha256="07" * 32, size=301),
    outcome="ok",
    fuel_units=12_345,
    memory_bytes_peak=131_072,
    duration_us=87,
)
INVOCATION = BARE_INVOCATION.model_copy(
    update={
        "entrypoint": "run",
        "grants": GRANTS,
        "output": BlobRef(sha256="18" * 32, size=302),
        "logs": BlobRef(sha256="29" * 32, size=303),
        "transcript": BlobRef(sha256="3a" * 32, size=304),
        "log_lines_dropped": 2,
        "exit_code": 7,
    }
)
EFFECTS = Effects(
    storage=(
        StorageWrite(prefix="notes/", key="größe/2026", value=BlobRef(sha256="5c" * 32, size=305)),
        StorageWrite(prefix="notes/", key="last", value=BlobRef(sha256="6d" * 32, size=306)),
    ),
    messages=(ChannelMessage(channel="ops", message=BlobRef(sha256="7e" * 32, size=307)),),
    surface=SurfaceOutput(
        surface="approvals", form=SurfaceForm.PATCH, content=BlobRef(sha256="a2" * 32, size=310)
    ),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One event type, filled as far as it goes and as little as it takes."""

    full: Event
    minimal: Event


_RELEASE = {"skill_id": "acme.echo", "version": "1.2.3"}
_ATTEMPT = {"delivery_id": "41:greet", "attempt": 2}
_SCHEDULED = {
    "delivery_id": "41:greet",
    "event_position": 41,
    "event_kind": HookEventKind.SkillEnabled,
    "hook_id": "greet",
    "plugin_id": "echo",
    "ordering_key": "hook:greet",
    "attempts_max": 3,
}
_AUDIT = {**_RELEASE, "payload_sha256": "e5" * 32, "passed": False, "report": REPORT}
_MESSAGE = {"message_id": "47.1", "channel": "ops", "attempt": 2}
_FAILURE = {**_ATTEMPT, "outcome": "trapped:unreachable"}
_TOOL_RUN = {"invocation_id": "9a" * 16, "tool_id": "acme.echo", "outcome": "ok"}
_DECISION = {
    "decision_id": "7b" * 16,
    "phase": RunPhase.BEFORE_TOOL,
    "payload": BlobRef(sha256="90" * 32, size=309),
    "as_of": 45,
    "kind": DecisionKind.BLOCK,
    "hook_id": "guard",
    "plugin_id": "policy",
    "budget_ms": 1_000,
    "duration_us": 2_345,
}
_PIN = {"publisher": "acme", "key_id": "ed25519:0123456789abcdef", "public_key": "4b" * 32}
_KEYS = {"public_key": "5c" * 32, "replaced_key": "4b" * 32, "endorsement": "6d" * 64}
_TOKEN = {
    "token_id": "3f2a",
    "kind": TokenKind.SESSION,
    "role": Role.OPERATOR,
    "holder": "operator:f3k9",
    "sha256": "7e" * 32,
}
_ROTATION = {
    "publisher": "acme",
    "key_id": "ed25519:fedcba9876543210",
    "public_key": "5c" * 32,
    "replaced_key_id": "ed25519:0123456789abcdef",
    "replaced_key": "4b" * 32,
}


def _same(event: type[Event], **facts: object) -> Sample:
    return Sample(FULL_STAMP.on(event, **facts), _bare(event, **facts))


def _bare(event: type[Event], **facts: object) -> Event:
    stamp = {
        "timestamp": MOMENT.replace(microsecond=0),
        "actor": "operator:alice",
        "correlation_id": "c0ffee",
    }
    return event.model_validate({**stamp, **facts})


SAMPLES: tuple[Sample, ...] = (
    _same(SkillInstalled, **_RELEASE, release=FACTS),
    Sample(
        FULL_STAMP.on(SkillAudited, **_AUDIT, failures=("too many exports", "memory is shared")),
        _bare(SkillAudited, **_AUDIT),
    ),
    Sample(
        FULL_STAMP.on(SkillEnabled, **_RELEASE, artifact=ARTIFACT, override=True),
        _bare(SkillEnabled, **_RELEASE, artifact=ARTIFACT),
    ),
    Sample(
        FULL_STAMP.on(SkillQuarantined, **_RELEASE, reasons=("memory is shared",), evidence=(17, 23)),
        _bare(SkillQuarantined, **_RELEASE),
    ),
    Sample(
        FULL_STAMP.on(SkillDisabled, **_RELEASE, cause="superseded"),
        _bare(SkillDisabled, **_RELEASE),
    ),
    Sample(FULL_STAMP.on(SkillRemoved, **_RELEASE, erased=True), _bare(SkillRemoved, **_RELEASE)),
    Sample(
        FULL_STAMP.on(PluginBound, plugin_id="echo", binding=BINDING),
        _bare(PluginBound, plugin_id="echo", binding=BARE_BINDING),
    ),
    Sample(
        FULL_STAMP.on(PluginRebound, plugin_id="echo", binding=BINDING),
        _bare(PluginRebound, plugin_id="echo", binding=BARE_BINDING),
    ),
    _same(PluginEnabled, plugin_id="echo"),
    _same(PluginDisabled, plugin_id="echo"),
    _same(PluginUnbound, plugin_id="echo"),
    _same(PluginShowedSurface, plugin_id="echo", surface="approvals", position=46),
    _same(
        FormSubmitted,
        submission_id="8c" * 16,
        surface="approvals",
        version=4,
        plugin_id="echo",
        component_id="decision",
        values=SealedRef(hmac="b3" * 32),
    ),
    _same(SurfaceClosed, surface="approvals"),
    Sample(
        FULL_STAMP.on(HookBound, hook_id="greet", target=TARGET),
        _bare(HookBound, hook_id="greet", target=BARE_TARGET),
    ),
    Sample(
        FULL_STAMP.on(HookRebound, hook_id="greet", target=TARGET),
        _bare(HookRebound, hook_id="greet", target=BARE_TARGET),
    ),
    _same(HookEnabled, hook_id="greet"),
    _same(HookDisabled, hook_id="greet"),
    _same(HookUnbound, hook_id="greet"),
    _same(GatewayStarted, gateway_id="0f1e2d", version="0.1.0"),
    _same(GatewayStopped, gateway_id="0f1e2d", cause="signal"),
    _same(DeliveryScheduled, **_SCHEDULED),
    Sample(
        FULL_STAMP.on(AttemptSucceeded, **_ATTEMPT, invocation=INVOCATION, effects=EFFECTS),
        _bare(AttemptSucceeded, **_ATTEMPT, invocation=BARE_INVOCATION),
    ),
    Sample(
        FULL_STAMP.on(
            AttemptFailed,
            **_FAILURE,
            message="the guest hit an unreachable instruction",
            retry_at=MOMENT + timedelta(seconds=2),
            invocation=INVOCATION,
        ),
        _bare(AttemptFailed, **_FAILURE),
    ),
    _same(DeliveryDeadLettered, delivery_id="41:greet", attempts=3, outcome="out_of_fuel"),
    _same(MessageSent, **_MESSAGE),
    Sample(
        FULL_STAMP.on(
            MessageFailed,
            **_MESSAGE,
            outcome="http_503",
            error="The receiver answered 503.",
            retry_at=MOMENT + timedelta(seconds=3),
        ),
        _bare(MessageFailed, **_MESSAGE, outcome="http_503"),
    ),
    _same(MessageRequeued, message_id="47.1"),
    _same(MessageDiscarded, message_id="47.1"),
    _same(DeliverySkipped, delivery_id="41:greet", cause="skill_quarantined", as_of=44),
    _same(DeliveryCancelled, delivery_id="41:greet", was=DeliveryState.RETRYING),
    _same(DeliveryRequeued, delivery_id="41:greet", round=2),
    _same(DeliveryHastened, delivery_id="41:greet"),
    Sample(
        FULL_STAMP.on(
            DecisionTaken,
            **_DECISION,
            candidates=(
                Candidate(
                    hook_id="guard",
                    plugin_id="policy",
                    kind=DecisionKind.BLOCK,
                    outcome="ok",
                    message="not at night",
                    invocation=INVOCATION,
                ),
            ),
        ),
        _bare(DecisionTaken, **_DECISION),
    ),
    _same(PublisherPinned, **_PIN),
    Sample(
        FULL_STAMP.on(PublisherTrusted, **_PIN, skills=("acme.*", "orchid.echo")),
        _bare(PublisherTrusted, **_PIN),
    ),
    Sample(
        FULL_STAMP.on(PublisherKeyRotated, **_ROTATION, is_endorsed=True),
        _bare(PublisherKeyRotated, **_ROTATION),
    ),
    _same(PublisherRevoked, **_PIN),
    Sample(
        FULL_STAMP.on(KeyRotated, **_KEYS, is_revoked=True),
        _bare(KeyRotated, **_KEYS),
    ),
    Sample(
        FULL_STAMP.on(
            PluginInvoked,
            **_TOOL_RUN,
            approved=True,
            message="The result does not follow the tool's output_schema.",
            invocation=INVOCATION,
            effects=EFFECTS,
        ),
        _bare(PluginInvoked, **_TOOL_RUN, invocation=BARE_INVOCATION),
    ),
    _same(SubjectErased, subject="operator:f3k9", blobs=17),
    Sample(
        FULL_STAMP.on(TokenIssued, **_TOKEN, expires_at=MOMENT + timedelta(hours=12)),
        _bare(TokenIssued, **_TOKEN),
    ),
    _same(LoginUsed, token_id="3f2a", session_id="91c0"),
    _same(TokenRevoked, token_id="3f2a"),
)
