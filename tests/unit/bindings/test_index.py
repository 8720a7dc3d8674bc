from __future__ import annotations

import json
from datetime import UTC, datetime

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.hook import OnFailure, Ordering
from palyra_events.hook_index import parse_hook_index
from palyra_events.lifecycle import HookEventKind
from palyra_events.plugin_index import parse_plugin_index
from palyra_runtime.bindings import hook_document, plugin_document
from projections import BindingChange, HookRow, PluginRow

BOUND, CHANGED = datetime(2026, 3, 1, 12, 0, 0, 5600, UTC), datetime(2026, 3, 2, tzinfo=UTC)


def test_nothing_bound_makes_an_empty_file():
    """It is a file that can be read, as of no time."""
    assert json.loads(hook_document(BindingChange(), [])) == {
        "schema_version": 1,
        "updated_at_unix_ms": 0,
        "entries": [],
    }
    assert parse_plugin_index(plugin_document(BindingChange(), [])).entries == ()


def test_a_hook_is_told_as_the_reference_tells_it():
    """Times are milliseconds, and the file has the time of the last change."""
    row = HookRow(
        hook_id="greet",
        valid_from=3,
        valid_to=None,
        event_kind=HookEventKind.SkillEnabled,
        plugin_id="echo",
        attempts_max=5,
        ordering=Ordering.HOOK,
        on_failure=OnFailure.BLOCK,
        is_enabled=True,
        bound_at=BOUND,
        changed_at=CHANGED,
    )

    document = hook_document(BindingChange(3, CHANGED), [row])

    assert json.loads(document) == {
        "schema_version": 1,
        "updated_at_unix_ms": 1772409600000,
        "entries": [
            {
                "hook_id": "greet",
                "event": "skill:enabled",
                "plugin_id": "echo",
                "enabled": True,
                "created_at_unix_ms": 1772366400006,
                "updated_at_unix_ms": 1772409600000,
            }
        ],
    }
    assert parse_hook_index(document).entries[0].event == "skill:enabled"


def test_a_plugin_is_told_as_the_reference_tells_it():
    """Skill, module, entrypoint and grants are what is bound; findings are those of nobody having looked."""
    grants = PluginCapabilityProfile(channels=("ops",))
    row = PluginRow(
        plugin_id="echo",
        skill_id="acme.echo",
        module_path="modules/echo.wasm",
        module_sha256="ab" * 32,
        entrypoint=None,
        grants=grants,
        is_enabled=False,
        bound_at=BOUND,
        changed_at=CHANGED,
        changed_position=4,
    )

    (entry,) = parse_plugin_index(plugin_document(BindingChange(4, CHANGED), [row])).entries

    assert (entry.plugin_id, entry.skill_id, entry.module_path) == ("echo", "acme.echo", "modules/echo.wasm")
    assert (entry.enabled, entry.entrypoint, entry.skill_version) == (False, None, None)
    assert (entry.capability_profile, entry.discovery.state) == (grants, "unknown")
