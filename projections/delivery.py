"""The view of deliveries: where each stands, its attempts, and which may be carried out now.

The order of deliveries is kept within an ordering key, so at any time at most one of a key may be
carried out: its oldest open one. The view keeps that answer (``is_next``) as it folds, and the
question which deliveries are due costs the same whether ten or a million are waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Select,
    Text,
    Update,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryDeadLettered,
    DeliveryScheduled,
    DeliverySkipped,
    DeliveryState,
)
from palyra_events.event import Event
from palyra_events.lifecycle import HookEventKind
from projections.attempt import AttemptRow, attempt_columns, attempt_values
from projections.batch import Batch
from projections.column import Id, Moment, Position, Words
from projections.fact import Fact
from projections.projection import Projection


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery.

    ``attempts`` counts the attempts whose outcome is recorded; ``outcome`` and ``message`` are the
    last one's. ``cause`` tells why it was skipped. ``retry_at`` is when the next attempt is due.
    ``is_next`` tells that it is the oldest open one of its ordering key.
    """

    delivery_id: str
    state: DeliveryState
    is_open: bool
    is_next: bool
    event_position: int
    event_kind: HookEventKind
    hook_id: str
    plugin_id: str
    ordering_key: str
    attempts: int
    attempts_max: int
    retry_at: datetime | None
    outcome: str | None
    message: str | None
    cause: str | None
    scheduled_at: datetime
    scheduled_position: int
    changed_at: datetime
    changed_position: int


class DeliveryView(Projection):
    """The deliveries and their attempts."""

    name = "delivery"
    version = 1
    is_decision = True

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.attempt = self.table("attempt", *attempt_columns())
        self.delivery = self.table(
            "delivery",
            Column("delivery_id", Id, primary_key=True),
            Column("state", Text, nullable=False),
            Column("is_open", Boolean, nullable=False),
            Column("is_next", Boolean, nullable=False),
            Column("event_position", Position, nullable=False),
            Column("event_kind", Id, nullable=False),
            Column("hook_id", Id, nullable=False),
            Column("plugin_id", Id, nullable=False),
            Column("ordering_key", Words, nullable=False),
            Column("attempts", Integer, nullable=False),
            Column("attempts_max", Integer, nullable=False),
            Column("retry_at", Moment),
            Column("outcome", Words),
            Column("message", Words),
            Column("cause", Words),
            Column("scheduled_at", Moment, nullable=False),
            Column("scheduled_position", Position, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Column("changed_position", Position, nullable=False),
            Index(None, "scheduled_position", unique=True),
            Index(None, "hook_id", "scheduled_position"),
            Index(None, "state", "scheduled_position"),
        )
        row = self.delivery.c
        # Of the many deliveries few are open: these indexes hold no others. SQLite uses them for a
        # question that states the condition in the same words.
        self._open = row.is_open.is_(True)
        self._next = row.is_next.is_(True)
        _partial_index("line", self._open, row.ordering_key, row.scheduled_position)
        _partial_index("next", self._next, row.scheduled_position)
        _partial_index("retry", self._next, row.retry_at)
        self.handlers = {
            DeliveryScheduled: self._scheduled,
            AttemptSucceeded: self._succeeded,
            AttemptFailed: self._failed,
            DeliveryDeadLettered: self._dead_lettered,
            DeliverySkipped: self._skipped,
        }
        self._insert_attempt = insert(self.attempt)
        self._insert = insert(self.delivery).values(
            is_next=~exists().where(self._open, row.ordering_key == bindparam("line"))
        )
        self._update = update(self.delivery).where(row.delivery_id == bindparam("which"))
        self._promote = self._promotion()

    def one(self, connection: Connection, delivery_id: str) -> DeliveryRow | None:
        """Return a delivery, or None where it was never scheduled."""
        query = select(self.delivery).where(self.delivery.c.delivery_id == delivery_id)
        return next(iter(_rows(connection, query)), None)

    def page(
        self,
        connection: Connection,
        *,
        state: DeliveryState | None,
        hook_id: str | None,
        after: int,
        limit: int,
    ) -> list[DeliveryRow]:
        """Return at most ``limit`` deliveries that were scheduled after a position, in that order."""
        row = self.delivery.c
        query = select(self.delivery).where(row.scheduled_position > after)
        if state is not None:
            query = query.where(row.state == state.value)
        if hook_id is not None:
            query = query.where(row.hook_id == hook_id)
        return _rows(connection, query.order_by(row.scheduled_position).limit(limit))

    def due(self, connection: Connection, now: datetime, limit: int) -> list[DeliveryRow]:
        """Return what may be carried out at ``now``, in the order of events and of hooks."""
        row = self.delivery.c
        query = select(self.delivery).where(self._next, or_(row.retry_at.is_(None), row.retry_at <= now))
        return _rows(connection, query.order_by(row.scheduled_position).limit(limit))

    def open_count(self, connection: Connection) -> int:
        """Return how many deliveries are open."""
        query = select(func.count()).where(self.delivery.c.is_open)
        return connection.scalar(query) or 0

    def next_retry_at(self, connection: Connection) -> datetime | None:
        """Return when the first of the retries that can be made is due."""
        row = self.delivery.c
        moment: datetime | None = connection.scalar(select(func.min(row.retry_at)).where(self._next))
        return moment

    def attempts(self, connection: Connection, delivery_id: str) -> list[AttemptRow]:
        """Return the attempts of a delivery, in order."""
        attempt = self.attempt.c
        query = select(self.attempt).where(attempt.delivery_id == delivery_id).order_by(attempt.attempt)
        return [AttemptRow(**row) for row in connection.execute(query).mappings()]

    def _scheduled(self, fact: Fact[DeliveryScheduled], batch: Batch) -> None:
        event = fact.event
        batch.write(
            self._insert,
            line=event.ordering_key,
            delivery_id=event.delivery_id,
            is_open=True,
            event_position=event.event_position,
            event_kind=event.event_kind.value,
            hook_id=event.hook_id,
            plugin_id=event.plugin_id,
            ordering_key=event.ordering_key,
            attempts=0,
            attempts_max=event.attempts_max,
            scheduled_at=event.timestamp,
            scheduled_position=fact.position,
            **_standing(fact, DeliveryState.SCHEDULED),
        )

    def _succeeded(self, fact: Fact[AttemptSucceeded], batch: Batch) -> None:
        attempt = attempt_values(fact)
        batch.write(self._insert_attempt, **attempt)
        self._close(
            fact,
            batch,
            DeliveryState.SUCCEEDED,
            attempts=attempt["attempt"],
            outcome=attempt["outcome"],
            message=attempt["message"],
        )

    def _failed(self, fact: Fact[AttemptFailed], batch: Batch) -> None:
        event = fact.event
        batch.write(self._insert_attempt, **attempt_values(fact))
        # The last attempt has no retry_at, and its dead letter follows in the same append. A page that
        # ends between the two must not offer it as due.
        ending = {"is_open": False, "is_next": False} if event.retry_at is None else {}
        batch.write(
            self._update,
            which=event.delivery_id,
            attempts=event.attempt,
            outcome=event.outcome,
            message=event.message,
            retry_at=event.retry_at,
            **ending,
            **_standing(fact, DeliveryState.RETRYING),
        )

    def _dead_lettered(self, fact: Fact[DeliveryDeadLettered], batch: Batch) -> None:
        self._close(fact, batch, DeliveryState.DEAD)

    def _skipped(self, fact: Fact[DeliverySkipped], batch: Batch) -> None:
        self._close(fact, batch, DeliveryState.SKIPPED, cause=fact.event.cause)

    def _close(
        self,
        fact: Fact[AttemptSucceeded | DeliveryDeadLettered | DeliverySkipped],
        batch: Batch,
        state: DeliveryState,
        **ending: object,
    ) -> None:
        """Close a delivery, and let the one behind it come up."""
        which = fact.event.delivery_id
        ending = {**ending, "is_open": False, "is_next": False, "retry_at": None}
        batch.write(self._update, which=which, **ending, **_standing(fact, state))
        batch.adjust(self._promote, which=which)

    def _promotion(self) -> Update:
        """Return the statement that marks the oldest open delivery of the same ordering key."""
        row, open_, closed = self.delivery.c, self.delivery.alias(), self.delivery.alias()
        key = select(closed.c.ordering_key).where(closed.c.delivery_id == bindparam("which"))
        oldest = (
            select(open_.c.delivery_id)
            .where(open_.c.is_open.is_(True), open_.c.ordering_key == key.scalar_subquery())
            .order_by(open_.c.scheduled_position)
            .limit(1)
        )
        return update(self.delivery).where(row.delivery_id == oldest.scalar_subquery()).values(is_next=True)


def _partial_index(name: str, condition: ColumnElement[bool], *columns: Column[Any]) -> None:
    table = columns[0].table.name
    Index(f"ix_{table}_{name}", *columns, sqlite_where=condition, postgresql_where=condition)


def _standing(fact: Fact[Event], state: DeliveryState) -> dict[str, object]:
    return {"state": state.value, "changed_at": fact.event.timestamp, "changed_position": fact.position}


def _rows(connection: Connection, query: Select[Any]) -> list[DeliveryRow]:
    return [_row(row) for row in connection.execute(query).mappings()]


def _row(row: Mapping[Any, Any]) -> DeliveryRow:
    kinds = {"state": DeliveryState(row["state"]), "event_kind": HookEventKind(row["event_kind"])}
    return DeliveryRow(**{**row, **kinds})
