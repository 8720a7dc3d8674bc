"""Operations on the decisions of hooks at the phases of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_events.decision import DecisionKind, HookDecision, resolve
from palyra_events.run_phase import RunPhase, parse_phase


def resolution(given: dict[str, Any]) -> dict[str, Any]:
    resolved = resolve(RunPhase(given["phase"]), [HookDecision(**each) for each in given["decisions"]])
    return {
        "schema_version": resolved.selected.schema_version,
        "phase": resolved.phase.value,
        "selected": resolved.selected.document(),
        "selected_kind": resolved.selected.kind.value,
        "selected_hook_id": resolved.selected.hook_id,
        "selected_plugin_id": resolved.selected.plugin_id,
        "terminal": resolved.is_terminal,
        "candidates": [candidate.document() for candidate in resolved.candidates],
        "candidate_count": len(resolved.candidates),
        "conflicts": list(resolved.conflicts),
        "conflict_count": len(resolved.conflicts),
    }


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "lifecycle.allowed": lambda given: DecisionKind(given["kind"]).is_allowed_in(RunPhase(given["phase"])),
    "lifecycle.allowed_phases": lambda given: [
        phase.value for phase in DecisionKind(given["kind"]).allowed_phases
    ],
    "lifecycle.event_name": lambda given: RunPhase(given["phase"]).event_kind.value,
    "lifecycle.parse_phase": lambda given: parse_phase(given["value"]),
    "lifecycle.priorities": lambda _: {kind.value: kind.priority for kind in DecisionKind},
    "lifecycle.resolve": resolution,
}

#: their cases name some fields of a result only
PARTIAL = frozenset({"lifecycle.resolve"})

KIND_NAMES = {
    "lifecycle.resolve": {
        "PhaseMismatch": "phase_mismatch",
        "DecisionNotAllowed": "decision_not_allowed_in_phase",
    }
}
