"""A message of a plugin on its way out.

    waiting ──> sent
       │ └────> retrying ──> …      a try failed and will be made again at retry_at
       └──────> dead                the last try failed

That there is a message is told by the outcome of the run that sent it (`palyra_events.effect`); its
own stream begins with the first try. Each try has exactly one record. One whose record was lost to a
crash is made again, so a receiver can see a message twice, under the same id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from palyra_events.delivery import MESSAGE_LENGTH_MAX, Position
from palyra_events.errors import IllegalTransition
from palyra_events.event import Event, Stamp, Timestamp
from palyra_events.retry import retry_at

#: tries of one message; with the growing delays between them they last for about an hour
TRIES_MAX = 12

MessageId = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,18}\.[0-9]{1,4}$")]
ErrorText = Annotated[str, StringConstraints(max_length=MESSAGE_LENGTH_MAX)]


class MessageSent(Event):
    """The receiver took a message."""

    message_id: MessageId
    channel: str
    attempt: Position


class MessageFailed(Event):
    """A try to send a message failed; without ``retry_at`` it was the last one.

    ``outcome`` is the sender's code for what went wrong, such as ``connect``.
    """

    message_id: MessageId
    channel: str
    attempt: Position
    outcome: str
    error: ErrorText = ""
    retry_at: Timestamp | None = None


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    RETRYING = "retrying"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its events tell it; ``attempts`` counts the tries that are recorded."""

    message_id: str
    state: MessageState = MessageState.WAITING
    attempts: int = 0
    retry_at: datetime | None = None


def evolve(message: Message, event: Event) -> Message:
    """Return the message after ``event``."""
    match event:
        case MessageSent():
            return replace(message, state=MessageState.SENT, attempts=event.attempt, retry_at=None)
        case MessageFailed():
            state = MessageState.DEAD if event.retry_at is None else MessageState.RETRYING
            return replace(message, state=state, attempts=event.attempt, retry_at=event.retry_at)
        case _:
            return message


def record_sent(message: Message, channel: str, stamp: Stamp) -> list[Event]:
    """Record that the next try succeeded.

    Raises:
        IllegalTransition: it was sent already, or given up.
    """
    attempt = _next_try(message)
    return [stamp.on(MessageSent, message_id=message.message_id, channel=channel, attempt=attempt)]


def record_failure(message: Message, channel: str, outcome: str, error: str, stamp: Stamp) -> list[Event]:
    """Record that the next try failed, and when it is made again; after `TRIES_MAX` never.

    Raises:
        IllegalTransition: it was sent already, or given up.
    """
    attempt = _next_try(message)
    again = None if attempt >= TRIES_MAX else retry_at(stamp.timestamp, message.message_id, attempt)
    failed = stamp.on(
        MessageFailed,
        message_id=message.message_id,
        channel=channel,
        attempt=attempt,
        outcome=outcome,
        error=error.encode(errors="replace").decode()[:MESSAGE_LENGTH_MAX],
        retry_at=again,
    )
    return [failed]


def _next_try(message: Message) -> int:
    if message.state in {MessageState.SENT, MessageState.DEAD}:
        raise IllegalTransition(
            f"Message {message.message_id} is {message.state}; no try is due.",
            message_id=message.message_id,
            state=str(message.state),
        )
    return message.attempts + 1
