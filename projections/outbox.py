"""The view of messages that are still to be sent, and of those that were given up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    Select,
    Text,
    and_,
    func,
    literal_column,
    or_,
    select,
)

from palyra_events.blob import BlobRef
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import message_id
from palyra_events.message import (
    MessageDiscarded,
    MessageFailed,
    MessageRequeued,
    MessageSent,
    MessageState,
)
from palyra_events.tool_run import PluginInvoked
from projections.column import Id, Moment, Position, Words
from projections.fact import Fact
from projections.index import partial_index
from projections.projection import Projection
from projections.rows import Rows


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message that is not sent.

    ``position`` and ``place`` say which it is: of which outcome, and its number in it, from 0.
    ``sha256`` names the blob with its JSON text. ``outcome`` and ``error`` are the last try's. Where it
    retries without a ``retry_at``, it is due.
    """

    message_id: str
    position: int
    place: int
    plugin_id: str
    channel: str
    sha256: str
    size: int
    correlation_id: str
    state: MessageState
    attempts: int
    retry_at: datetime | None
    outcome: str | None
    error: str | None
    created_at: datetime
    changed_at: datetime

    @property
    def blob(self) -> BlobRef:
        """The name of its bytes."""
        return BlobRef(sha256=self.sha256, size=self.size)


class OutboxView(Projection):
    """The messages in outcomes that can still be sent; the log and the audit view have the others."""

    name = "outbox"
    version = 2
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.message = self.temporal(
            "outbox",
            [Column("message_id", Id, nullable=False)],
            Column("position", Position, nullable=False),
            Column("place", Integer, nullable=False),
            Column("plugin_id", Id, nullable=False),
            Column("channel", Words, nullable=False),
            Column("sha256", Text, nullable=False),
            Column("size", BigInteger, nullable=False),
            Column("correlation_id", Words, nullable=False),
            Column("state", Text, nullable=False),
            Column("attempts", Integer, nullable=False),
            Column("retry_at", Moment),
            Column("outcome", Words),
            Column("error", Words),
            Column("created_at", Moment, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Index(None, "position", "place"),
        )
        row = self.message.table.c
        # A literal: SQLite uses an index of some rows where the question says the condition in its words.
        self._waiting = self.message.now & (row.state != literal_column(f"'{MessageState.DEAD}'"))
        partial_index("waiting", self._waiting, row.position, row.place)
        self.handlers = {
            AttemptSucceeded: self._succeeded,
            PluginInvoked: self._succeeded,
            MessageSent: self._done_with,
            MessageFailed: self._failed,
            MessageRequeued: self._requeued,
            MessageDiscarded: self._done_with,
        }

    def page(  # noqa: PLR0913 - the filters of a listing
        self,
        connection: Connection,
        *,
        state: MessageState | None,
        channel: str | None,
        plugin_id: str | None,
        after: tuple[int, int],
        limit: int,
        at: int | None = None,
    ) -> list[MessageRow]:
        """Return at most ``limit`` messages after a position and place, in the order of sending."""
        row = self.message.table.c
        position, place = after
        query = (
            select(self.message.table)
            .where(self.message.after(at))
            .where(or_(row.position > position, and_(row.position == position, row.place > place)))
        )
        wanted = ((row.state, state and state.value), (row.channel, channel), (row.plugin_id, plugin_id))
        query = query.where(*[column == value for column, value in wanted if value is not None])
        return _rows(connection, self._ordered(query).limit(limit))

    def due(
        self, connection: Connection, channels: Collection[str], now: datetime, limit: int
    ) -> list[MessageRow]:
        """Return messages to these channels that may be sent at ``now``, in the order of sending."""
        row = self.message.table.c
        query = select(self.message.table).where(
            self._waiting, row.channel.in_(channels), or_(row.retry_at.is_(None), row.retry_at <= now)
        )
        return _rows(connection, self._ordered(query).limit(limit))

    def one(self, connection: Connection, message: str) -> MessageRow | None:
        """Return a message, or None where nothing is left to do for it."""
        query = select(self.message.table).where(self.message.now, self.message.table.c.message_id == message)
        return next(iter(_rows(connection, query)), None)

    def waiting(self, connection: Connection) -> int:
        """Return how many messages a try is still to come for."""
        return connection.scalar(select(func.count()).where(self._waiting)) or 0

    def next_try_at(
        self, connection: Connection, channels: Collection[str], after: datetime
    ) -> datetime | None:
        """Return when the first message to these channels is due that is not due at ``after``."""
        row = self.message.table.c
        query = select(func.min(row.retry_at)).where(
            self._waiting, row.channel.in_(channels), row.retry_at > after
        )
        moment: datetime | None = connection.scalar(query)
        return moment

    def _ordered(self, query: Select[Any]) -> Select[Any]:
        return query.order_by(self.message.table.c.position, self.message.table.c.place)

    def _succeeded(self, fact: Fact[AttemptSucceeded | PluginInvoked], rows: Rows) -> None:
        event = fact.event
        for place, message in enumerate(event.effects.messages):
            rows.begin(
                self.message,
                message_id(fact.position, place),
                position=fact.position,
                place=place,
                plugin_id=event.invocation.plugin_id,
                channel=message.channel,
                sha256=message.message.sha256,
                size=message.message.size,
                correlation_id=event.correlation_id,
                state=MessageState.WAITING.value,
                attempts=0,
                created_at=event.timestamp,
                changed_at=event.timestamp,
            )

    def _done_with(self, fact: Fact[MessageSent | MessageDiscarded], rows: Rows) -> None:
        rows.end(self.message, fact.event.message_id)

    def _requeued(self, fact: Fact[MessageRequeued], rows: Rows) -> None:
        rows.change(
            self.message,
            fact.event.message_id,
            state=MessageState.RETRYING.value,
            retry_at=None,
            changed_at=fact.event.timestamp,
        )

    def _failed(self, fact: Fact[MessageFailed], rows: Rows) -> None:
        event = fact.event
        state = MessageState.DEAD if event.retry_at is None else MessageState.RETRYING
        rows.change(
            self.message,
            event.message_id,
            state=state.value,
            attempts=event.attempt,
            retry_at=event.retry_at,
            outcome=event.outcome,
            error=event.error,
            changed_at=event.timestamp,
        )


def _rows(connection: Connection, query: Select[Any]) -> list[MessageRow]:
    return [_row(row) for row in connection.execute(query).mappings()]


def _row(row: Mapping[Any, Any]) -> MessageRow:
    values = {name: value for name, value in row.items() if name not in {"valid_from", "valid_to"}}
    return MessageRow(**{**values, "state": MessageState(row["state"])})
