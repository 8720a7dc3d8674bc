"""The input of a tool run, and of a hook that is asked at a phase of a run: the bytes that the guest sees.

These very bytes are recorded. A replay makes them anew from what the log says, and compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from palyra_events.run_phase import RunPhase
from palyra_runtime.dispatch.attempt import INPUT_SCHEMA, json_bytes


class Asked(NamedTuple):
    """What a hook is asked, by whom, and when: ``timestamp`` is in RFC 3339, as the guest is told it."""

    decision_id: str
    phase: RunPhase
    timestamp: str
    actor: str
    payload: Any


def tool_input(
    invocation_id: str, plugin_id: str, tool_id: str, value: Any, config: Mapping[str, Any]
) -> bytes:
    """Return the input of a tool run."""
    return json_bytes(
        {
            "schema": INPUT_SCHEMA,
            "invocation_id": invocation_id,
            "plugin_id": plugin_id,
            "tool": {"id": tool_id, "input": value},
            "config": config,
        }
    )


def answer_input(hook_id: str, plugin_id: str, asked: Asked, config: Mapping[str, Any]) -> bytes:
    """Return the input of a hook that is asked."""
    return json_bytes(
        {
            "schema": INPUT_SCHEMA,
            "decision_id": asked.decision_id,
            "phase": asked.phase.value,
            "hook_id": hook_id,
            "plugin_id": plugin_id,
            "event": {
                "kind": asked.phase.event_kind.value,
                "timestamp": asked.timestamp,
                "actor": asked.actor,
                "payload": asked.payload,
            },
            "config": config,
        }
    )
