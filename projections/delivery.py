"""The view of deliveries: where each stands, its attempts, and which may be carried out now.

The order of deliveries is kept within an ordering key, so at any time at most one of a key may be
carried out: its oldest open one. The view keeps that answer (``is_next``) as it folds, and the
question which deliveries are due costs the same whether ten or a million are waiting. A delivery that
is requeued has its old place in the line, so that events still come in their order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    Update,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

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
from palyra_events.event import Event
from palyra_events.lifecycle import HookEventKind
from projections.attempt import AttemptRow, attempt_columns, attempt_values
from projections.column import Id, Moment, Position, Words
from projections.delivery_filter import DeliveryFilter
from projections.delivery_stats import DeliveryStats, StatsKey, StatsTables
from projections.due import NOT_BUSY, Busy, DueDeliveries
from projections.fact import Fact
from projections.index import partial_index
from projections.loader import one_or_all
from projections.projection import Projection
from projections.rows import Rows, Touched
from projections.sheet import Row


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery.

    ``attempts`` counts the attempts whose outcome is recorded, in all rounds, and ``attempts_before``
    those of the rounds before; ``outcome`` and ``message`` are the last one's. ``attempts_max`` are
    allowed in a round. ``cause`` tells why it was skipped, and ``as_of`` the position at which the right
    to run was read. ``retry_at`` is when the next attempt is due; where it retries without one, it is
    due. ``is_next`` tells that it is the oldest open one of its ordering key.
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
    round: int
    attempts: int
    attempts_before: int
    attempts_max: int
    retry_at: datetime | None
    outcome: str | None
    message: str | None
    cause: str | None
    as_of: int | None
    scheduled_at: datetime
    scheduled_position: int
    changed_at: datetime
    changed_position: int

    @property
    def attempts_of_round(self) -> int:
        """The number of recorded attempts of the present round."""
        return self.attempts - self.attempts_before


class DeliveryView(Projection):
    """The deliveries and their attempts."""

    name = "delivery"
    version = 2
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.attempt = self.table("attempt", *attempt_columns(), order=("delivery_id", "attempt"))
        self.delivery = self.temporal(
            "delivery",
            [Column("delivery_id", Id, nullable=False)],
            Column("state", Text, nullable=False),
            Column("is_open", Boolean, nullable=False),
            Column("is_next", Boolean, nullable=False),
            Column("event_position", Position, nullable=False),
            Column("event_kind", Id, nullable=False),
            Column("hook_id", Id, nullable=False),
            Column("plugin_id", Id, nullable=False),
            Column("ordering_key", Words, nullable=False),
            Column("round", Integer, nullable=False),
            Column("attempts", Integer, nullable=False),
            Column("attempts_before", Integer, nullable=False),
            Column("attempts_max", Integer, nullable=False),
            Column("retry_at", Moment),
            Column("outcome", Words),
            Column("message", Words),
            Column("cause", Words),
            Column("as_of", Position),
            Column("scheduled_at", Moment, nullable=False),
            Column("scheduled_position", Position, nullable=False),
            Column("changed_at", Moment, nullable=False),
            while_it_holds={"is_next": False},
        )
        row = self.delivery.table.c
        # Listings are nearly always about now.
        partial_index("place", self.delivery.now, row.scheduled_position, unique=True)
        for name in ("hook_id", "plugin_id", "state", "event_position"):
            partial_index(name, self.delivery.now, row[name], row.scheduled_position)
        # Of the many deliveries few are open: this index holds no others.
        self._open = self.delivery.now & row.is_open.is_(True)
        partial_index("line", self._open, row.ordering_key, row.scheduled_position)
        self._due = DueDeliveries(self.delivery.table)
        self.handlers = {
            DeliveryScheduled: self._scheduled,
            AttemptSucceeded: self._succeeded,
            AttemptFailed: self._failed,
            DeliveryDeadLettered: self._dead_lettered,
            DeliverySkipped: self._skipped,
            DeliveryCancelled: self._cancelled,
            DeliveryRequeued: self._requeued,
            DeliveryHastened: self._hastened,
        }
        self._none_of_the_line = (
            update(self.delivery.table)
            .where(row.is_next.is_(True), row.ordering_key == bindparam("line"))
            .values(is_next=False)
        )
        self._each_of = (
            update(self.delivery.table)
            .where(self.delivery.now, row.delivery_id.in_(bindparam("delivery_ids", expanding=True)))
            .values(is_next=True)
        )
        self._first_of_the_line = self._promotion()

    def one(self, connection: Connection, delivery_id: str, at: int | None = None) -> DeliveryRow | None:
        """Return a delivery as it is or was, or None where it was not scheduled."""
        row = self.delivery.table.c
        query = select(*self._columns(at)).where(self.delivery.after(at), row.delivery_id == delivery_id)
        return next(iter(_rows(connection, query)), None)

    def page(  # noqa: PLR0913 - the filters of a listing
        self,
        connection: Connection,
        *,
        matching: DeliveryFilter,
        after: int,
        limit: int,
        newest_first: bool,
        at: int | None = None,
    ) -> list[DeliveryRow]:
        """Return at most ``limit`` deliveries that were scheduled after a position, by that position."""
        place = self.delivery.table.c.scheduled_position
        query = select(*self._columns(at)).where(place > after, *self._matching(matching, at))
        return _rows(connection, query.order_by(place.desc() if newest_first else place).limit(limit))

    def count_by_hook(self, connection: Connection, matching: DeliveryFilter) -> dict[str, int]:
        """Return how many deliveries of each hook match, by hook id."""
        hook_id = self.delivery.table.c.hook_id
        query = select(hook_id, func.count()).where(*self._matching(matching)).group_by(hook_id)
        return {hook: int(count) for hook, count in connection.execute(query.order_by(hook_id))}

    def stats(
        self, connection: Connection, key: StatsKey, matching: DeliveryFilter, at: int | None = None
    ) -> list[DeliveryStats]:
        """Return the figures of the deliveries that match, or matched, by hook, plugin or outcome."""
        return StatsTables(self.delivery, self.attempt, at).read(connection, key, matching)

    def before(
        self, connection: Connection, row: DeliveryRow, limit: int, at: int | None = None
    ) -> list[DeliveryRow]:
        """Return at most ``limit`` open deliveries that are carried out before an open one, in order."""
        columns = self.delivery.table.c
        query = select(*self._columns(at)).where(
            self.delivery.after(at),
            columns.is_open.is_(True),
            columns.ordering_key == row.ordering_key,
            columns.scheduled_position < row.scheduled_position,
        )
        return _rows(connection, query.order_by(columns.scheduled_position).limit(limit))

    def due(
        self,
        connection: Connection,
        now: datetime,
        limit: int,
        *,
        after_hook: str = "",
        busy: Busy = NOT_BUSY,
    ) -> list[DeliveryRow]:
        """Return what may be carried out at ``now``, in turns that begin after a hook."""
        rows = self._due.rows(connection, now, limit, after_hook=after_hook, busy=busy)
        return [_row(row) for row in rows]

    def open_count(self, connection: Connection) -> int:
        """Return how many deliveries are open."""
        query = select(func.count()).where(self._open)
        return connection.scalar(query) or 0

    def has_due(self, connection: Connection, now: datetime, until: int) -> bool:
        """Return whether something that an event up to ``until`` set off may be carried out at ``now``."""
        return self._due.has_any(connection, now, until)

    def next_retry_at(self, connection: Connection, after: datetime | None) -> datetime | None:
        """Return when the first of the retries that can be made is due; of those after a time, if given."""
        return self._due.next_retry_at(connection, after)

    def attempts(self, connection: Connection, delivery_id: str, at: int | None = None) -> list[AttemptRow]:
        """Return the attempts of a delivery, in order; those up to an event, where one is named."""
        attempt, delivery = self.attempt.c, self.delivery.table.c
        # Each outcome changes its delivery as well, so the row that began with it tells the round.
        began = (delivery.delivery_id == attempt.delivery_id) & (delivery.valid_from == attempt.position)
        query = (
            select(self.attempt, delivery.round)
            .join(self.delivery.table, began)
            .where(attempt.delivery_id == delivery_id)
            .order_by(attempt.attempt)
        )
        if at is not None:
            query = query.where(attempt.position <= at)
        return [AttemptRow(**row) for row in connection.execute(query).mappings()]

    def _columns(self, at: int | None) -> list[ColumnElement[Any]]:
        """Return the columns as they are, or were after an event; the other rows tell which was next."""
        row = self.delivery.table.c
        if at is None:
            return list(row)
        older = self.delivery.table.alias()
        is_waiting = exists().where(
            older.c.valid_from <= at,
            or_(older.c.valid_to.is_(None), older.c.valid_to > at),
            older.c.is_open.is_(True),
            older.c.ordering_key == row.ordering_key,
            older.c.scheduled_position < row.scheduled_position,
        )
        was_next = (row.is_open & ~is_waiting).label("is_next")
        return [was_next if column.name == "is_next" else column for column in row]

    def _matching(self, matching: DeliveryFilter, at: int | None = None) -> list[ColumnElement[bool]]:
        return [self.delivery.after(at), *matching.conditions(self.delivery.table)]

    def settle(self, connection: Connection, touched: Touched | None) -> None:
        """Mark the oldest open delivery of each ordering key that was touched, or of all."""
        if touched is None:
            row, older = self.delivery.table.c, self.delivery.table.alias()
            is_waiting = exists().where(
                older.c.valid_to.is_(None),
                older.c.is_open.is_(True),
                older.c.ordering_key == row.ordering_key,
                older.c.scheduled_position < row.scheduled_position,
            )
            connection.execute(
                update(self.delivery.table).where(self._open, ~is_waiting).values(is_next=True)
            )
        else:
            self._settle_lines(connection, touched.get(self.delivery, ()))

    def _settle_lines(self, connection: Connection, rows: Collection[Row]) -> None:
        # Whoever keeps no order is a line of one: nobody was its first, and nobody else becomes it.
        alone = [row for row in rows if row["ordering_key"] == row["delivery_id"]]
        if is_open := sorted(row["delivery_id"] for row in alone if row["is_open"]):
            connection.execute(self._each_of, {"delivery_ids": is_open})
        if lines := sorted({row["ordering_key"] for row in rows} - {row["delivery_id"] for row in alone}):
            values = [{"line": line} for line in lines]
            connection.execute(self._none_of_the_line, one_or_all(values))
            connection.execute(self._first_of_the_line, one_or_all(values))

    def _promotion(self) -> Update:
        """Return the statement that marks the oldest open delivery of an ordering key."""
        row, open_ = self.delivery.table.c, self.delivery.table.alias()
        oldest = (
            select(open_.c.delivery_id)
            .where(open_.c.valid_to.is_(None), open_.c.is_open.is_(True))
            .where(open_.c.ordering_key == bindparam("line"))
            .order_by(open_.c.scheduled_position)
            .limit(1)
        )
        is_oldest = row.delivery_id == oldest.scalar_subquery()
        return update(self.delivery.table).where(self.delivery.now, is_oldest).values(is_next=True)

    def _scheduled(self, fact: Fact[DeliveryScheduled], rows: Rows) -> None:
        event = fact.event
        rows.begin(
            self.delivery,
            event.delivery_id,
            is_open=True,
            event_position=event.event_position,
            event_kind=event.event_kind.value,
            hook_id=event.hook_id,
            plugin_id=event.plugin_id,
            ordering_key=event.ordering_key,
            round=1,
            attempts=0,
            attempts_before=0,
            attempts_max=event.attempts_max,
            scheduled_at=event.timestamp,
            scheduled_position=fact.position,
            **_standing(fact, DeliveryState.SCHEDULED),
        )

    def _succeeded(self, fact: Fact[AttemptSucceeded], rows: Rows) -> None:
        event = fact.event
        ending: dict[str, object] = {"outcome": event.invocation.outcome, "message": ""}
        rows.add(self.attempt, **attempt_values(fact), **ending, retry_at=None)
        self._close(fact, rows, DeliveryState.SUCCEEDED, attempts=event.attempt, **ending)

    def _failed(self, fact: Fact[AttemptFailed], rows: Rows) -> None:
        event = fact.event
        ending = {"outcome": event.outcome, "message": event.message, "retry_at": event.retry_at}
        rows.add(self.attempt, **attempt_values(fact), **ending)
        # The last attempt has no retry_at, and its dead letter follows in the same append. A page that
        # ends between the two must not offer it as due.
        is_open = {} if event.retry_at else {"is_open": False}
        standing = _standing(fact, DeliveryState.RETRYING)
        rows.change(self.delivery, event.delivery_id, attempts=event.attempt, **ending, **is_open, **standing)

    def _dead_lettered(self, fact: Fact[DeliveryDeadLettered], rows: Rows) -> None:
        self._close(fact, rows, DeliveryState.DEAD)

    def _skipped(self, fact: Fact[DeliverySkipped], rows: Rows) -> None:
        self._close(fact, rows, DeliveryState.SKIPPED, cause=fact.event.cause, as_of=fact.event.as_of)

    def _cancelled(self, fact: Fact[DeliveryCancelled], rows: Rows) -> None:
        self._close(fact, rows, DeliveryState.CANCELLED)

    def _requeued(self, fact: Fact[DeliveryRequeued], rows: Rows) -> None:
        """Open a delivery again, at its old place in the line."""
        event = fact.event
        again = {"is_open": True, "round": event.round, "cause": None, "as_of": None}
        standing = _standing(fact, DeliveryState.SCHEDULED)
        rows.revise(
            self.delivery,
            event.delivery_id,
            by=lambda row: {**again, **standing, "attempts_before": row["attempts"]},
        )

    def _hastened(self, fact: Fact[DeliveryHastened], rows: Rows) -> None:
        standing = _standing(fact, DeliveryState.RETRYING)
        rows.change(self.delivery, fact.event.delivery_id, retry_at=None, **standing)

    def _close(
        self,
        fact: Fact[AttemptSucceeded | DeliveryDeadLettered | DeliverySkipped | DeliveryCancelled],
        rows: Rows,
        state: DeliveryState,
        **ending: object,
    ) -> None:
        closed = {**ending, "is_open": False, "retry_at": None}
        rows.change(self.delivery, fact.event.delivery_id, **closed, **_standing(fact, state))


def _standing(fact: Fact[Event], state: DeliveryState) -> dict[str, object]:
    return {"state": state.value, "changed_at": fact.event.timestamp}


def _rows(connection: Connection, query: Select[Any]) -> list[DeliveryRow]:
    return [_row(row) for row in connection.execute(query).mappings()]


def _row(row: Mapping[Any, Any]) -> DeliveryRow:
    values = {name: value for name, value in row.items() if name not in {"valid_from", "valid_to"}}
    kinds = {"state": DeliveryState(row["state"]), "event_kind": HookEventKind(row["event_kind"])}
    return DeliveryRow(**{**values, **kinds, "changed_position": row["valid_from"]})
