"""The view for auditors: who did what, when, why, and what led to it. One row for each event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, Index, Integer, Select, Text, select

from palyra_events.event import Event
from projections.column import UNSAMPLED, Id, Moment, Position, Words
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows
from projections.summary import Subject, summarize


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event.

    ``reason`` is the text that a person gave; it is None where there was none, and where it was
    erased, which ``is_reason_erased`` tells.
    """

    position: int
    timestamp: datetime
    topic: str
    actor: str
    reason: str | None
    is_reason_erased: bool
    subject_kind: str
    subject_id: str
    summary: str
    correlation_id: str
    causation_id: str | None
    stream_id: str
    stream_version: int


class AuditView(Projection):
    """All events, in words."""

    name = "audit"
    version = 1
    is_decision = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.audit = self.table(
            "audit",
            Column("position", Position, primary_key=True, autoincrement=False),
            Column("timestamp", Moment, nullable=False),
            Column("topic", Id, nullable=False),
            Column("actor", Id, nullable=False),
            Column("reason", Words, info=dict(UNSAMPLED)),
            Column("is_reason_erased", Boolean, nullable=False),
            Column("subject_kind", Id, nullable=False),
            Column("subject_id", Words, nullable=False),
            Column("summary", Words, nullable=False),
            Column("correlation_id", Words, nullable=False),
            Column("causation_id", Words),
            Column("stream_id", Text, nullable=False),
            Column("stream_version", Integer, nullable=False),
            Index(None, "subject_kind", "subject_id", "position"),
            Index(None, "actor", "position"),
        )

    def page(  # noqa: PLR0913 - the filters of a listing
        self,
        connection: Connection,
        *,
        subject: Subject | None,
        subject_kind: str | None,
        actor: str | None,
        among: Select[tuple[int]] | None = None,
        after: int,
        until: int | None,
        limit: int,
        newest_first: bool,
    ) -> list[AuditRow]:
        """Return at most ``limit`` of the events after a position, ``among`` some where they are given."""
        row = self.audit.c
        query = select(self.audit).where(row.position > after)
        if until is not None:
            query = query.where(row.position <= until)
        if subject is not None:
            query = query.where(row.subject_kind == subject.kind, row.subject_id == subject.id)
        if subject_kind is not None:
            query = query.where(row.subject_kind == subject_kind)
        if actor is not None:
            query = query.where(row.actor == actor)
        if among is not None:
            query = query.where(row.position.in_(among))
        order = row.position.desc() if newest_first else row.position
        return [AuditRow(**r) for r in connection.execute(query.order_by(order).limit(limit)).mappings()]

    def fold(self, fact: Fact[Event], rows: Rows) -> None:
        """Write the row of an event, of whatever type."""
        event = fact.event
        reason = None if event.reason is None else fact.open(event.reason)
        summary = summarize(event, fact.kind)
        rows.add(
            self.audit,
            position=fact.position,
            timestamp=event.timestamp,
            topic=fact.topic,
            actor=event.actor,
            reason=reason,
            is_reason_erased=event.reason is not None and reason is None,
            subject_kind=summary.subject.kind,
            subject_id=summary.subject.id,
            summary=summary.text,
            correlation_id=event.correlation_id,
            causation_id=event.causation_id,
            stream_id=fact.stream,
            stream_version=fact.version,
        )
