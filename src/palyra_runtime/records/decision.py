"""Decisions as programs read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from palyra_events.decision import DecisionKind
from palyra_events.run_phase import RunPhase
from palyra_runtime.dispatch import Decision
from palyra_runtime.dispatch.decision import HookAnswer


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What was decided at a phase: ``selected`` is what counts, ``answers`` are those of all hooks."""

    decision_id: str
    position: int
    phase: RunPhase
    kind: DecisionKind
    terminal: bool
    is_repeated: bool
    selected: dict[str, Any]
    conflicts: tuple[str, ...]
    payload: dict[str, Any] | None
    answers: tuple[HookAnswer, ...]
    duration_us: int

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Return a decision for programs."""
        return cls(
            decision_id=decision.decision_id,
            position=decision.position,
            phase=decision.phase,
            kind=decision.kind,
            terminal=decision.is_terminal,
            is_repeated=decision.is_repeated,
            selected=decision.resolution.selected.document(),
            conflicts=decision.resolution.conflicts,
            payload=decision.payload,
            answers=decision.answers,
            duration_us=decision.duration_us,
        )
