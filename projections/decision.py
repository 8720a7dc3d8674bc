"""The view of decisions: what hooks answered when an agent asked, one row for each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, Text, select

from palyra_events.decision import DecisionKind
from palyra_events.decision_taken import Candidate, DecisionTaken
from palyra_events.run_phase import RunPhase
from projections.column import Id, Moment, Position, Words
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows

#: the outcome of a hook that gave an answer
_ANSWERED = "ok"


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision that was taken.

    ``hook_id`` and ``plugin_id`` name whose answer counts. ``asked`` hooks were bound to the phase,
    ``failed`` of them gave no answer. ``payload_sha256`` names what was asked.
    """

    decision_id: str
    position: int
    taken_at: datetime
    actor: str
    correlation_id: str
    phase: RunPhase
    kind: DecisionKind
    is_terminal: bool
    hook_id: str
    plugin_id: str
    asked: int
    failed: int
    duration_us: int
    payload_sha256: str


class DecisionView(Projection):
    """All decisions."""

    name = "decision"
    version = 1
    is_decision = False
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.decision = self.table(
            "decision",
            Column("decision_id", Id, primary_key=True),
            Column("position", Position, nullable=False),
            Column("taken_at", Moment, nullable=False),
            Column("actor", Id, nullable=False),
            Column("correlation_id", Words, nullable=False),
            Column("phase", Id, nullable=False),
            Column("kind", Id, nullable=False),
            Column("is_terminal", Boolean, nullable=False),
            Column("hook_id", Id, nullable=False),
            Column("plugin_id", Id, nullable=False),
            Column("asked", Integer, nullable=False),
            Column("failed", Integer, nullable=False),
            Column("duration_us", BigInteger, nullable=False),
            Column("payload_sha256", Text, nullable=False),
            Index(None, "position"),
            Index(None, "kind", "position"),
            Index(None, "phase", "position"),
        )
        self.handlers = {DecisionTaken: self._taken}

    def page(
        self,
        connection: Connection,
        *,
        phase: RunPhase | None,
        kind: DecisionKind | None,
        before: int | None,
        limit: int,
    ) -> list[DecisionRow]:
        """Return at most ``limit`` decisions before a position, the newest first."""
        row = self.decision.c
        query = select(self.decision)
        if phase is not None:
            query = query.where(row.phase == phase.value)
        if kind is not None:
            query = query.where(row.kind == kind.value)
        if before is not None:
            query = query.where(row.position < before)
        found = connection.execute(query.order_by(row.position.desc()).limit(limit)).mappings()
        return [_row(each) for each in found]

    def _taken(self, fact: Fact[DecisionTaken], rows: Rows) -> None:
        event = fact.event
        rows.add(
            self.decision,
            decision_id=event.decision_id,
            position=fact.position,
            taken_at=event.timestamp,
            actor=event.actor,
            correlation_id=event.correlation_id,
            phase=event.phase.value,
            kind=event.kind.value,
            is_terminal=event.kind.is_terminal,
            hook_id=event.hook_id,
            plugin_id=event.plugin_id,
            asked=len(event.candidates),
            failed=sum(map(_has_failed, event.candidates)),
            duration_us=event.duration_us,
            payload_sha256=event.payload.sha256,
        )


def _has_failed(candidate: Candidate) -> bool:
    return candidate.outcome != _ANSWERED


def _row(row: Mapping[Any, Any]) -> DecisionRow:
    return DecisionRow(**{**row, "phase": RunPhase(row["phase"]), "kind": DecisionKind(row["kind"])})
