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
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from palyra_events.blob import BlobRef
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import message_id
from palyra_events.message import MessageFailed, MessageSent, MessageState
from palyra_events.tool_run import PluginInvoked
from projections.batch import Batch
from projections.column import Id, Moment, Position, Words
from projections.fact import Fact
from projections.projection import Projection


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message that is not sent.

    ``position`` and ``place`` say which it is: of which outcome, and its number in it, from 0.
    ``sha256`` names the blob with its JSON text. ``outcome`` and ``error`` are the last try's.
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
    """The messages in outcomes, without those that were sent: the log and the audit view have these."""

    name = "outbox"
    version = 1
    is_decision = True

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.message = self.table(
            "outbox",
            Column("message_id", Id, primary_key=True),
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
        row = self.message.c
        # A literal: SQLite uses an index of some rows where the question says the condition in its words.
        self._waiting = row.state != literal_column(f"'{MessageState.DEAD}'")
        Index(
            f"ix_{self.message.name}_waiting",
            row.position,
            row.place,
            sqlite_where=self._waiting,
            postgresql_where=self._waiting,
        )
        self.handlers = {
            AttemptSucceeded: self._succeeded,
            PluginInvoked: self._succeeded,
            MessageSent: self._sent,
            MessageFailed: self._failed,
        }
        self._insert = insert(self.message)
        self._update = update(self.message).where(row.message_id == bindparam("which"))
        self._delete = delete(self.message).where(row.message_id == bindparam("which"))

    def page(
        self, connection: Connection, *, state: MessageState | None, after: tuple[int, int], limit: int
    ) -> list[MessageRow]:
        """Return at most ``limit`` messages after a position and place, in the order of sending."""
        row = self.message.c
        position, place = after
        query = select(self.message).where(
            or_(row.position > position, and_(row.position == position, row.place > place))
        )
        if state is not None:
            query = query.where(row.state == state.value)
        return _rows(connection, self._ordered(query).limit(limit))

    def due(
        self, connection: Connection, channels: Collection[str], now: datetime, limit: int
    ) -> list[MessageRow]:
        """Return messages to these channels that may be sent at ``now``, in the order of sending."""
        row = self.message.c
        query = select(self.message).where(
            self._waiting, row.channel.in_(channels), or_(row.retry_at.is_(None), row.retry_at <= now)
        )
        return _rows(connection, self._ordered(query).limit(limit))

    def waiting(self, connection: Connection) -> int:
        """Return how many messages a try is still to come for."""
        return connection.scalar(select(func.count()).where(self._waiting)) or 0

    def _ordered(self, query: Select[Any]) -> Select[Any]:
        return query.order_by(self.message.c.position, self.message.c.place)

    def _succeeded(self, fact: Fact[AttemptSucceeded | PluginInvoked], batch: Batch) -> None:
        event = fact.event
        for place, message in enumerate(event.effects.messages):
            batch.write(
                self._insert,
                message_id=message_id(fact.position, place),
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

    def _sent(self, fact: Fact[MessageSent], batch: Batch) -> None:
        batch.write(self._delete, which=fact.event.message_id)

    def _failed(self, fact: Fact[MessageFailed], batch: Batch) -> None:
        event = fact.event
        state = MessageState.DEAD if event.retry_at is None else MessageState.RETRYING
        batch.write(
            self._update,
            which=event.message_id,
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
    return MessageRow(**{**row, "state": MessageState(row["state"])})
