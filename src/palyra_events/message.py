"""A message of a plugin on its way out.

    waiting ──> sent
       │ └────> retrying ──> …      a try failed and will be made again at retry_at
       └──────> dead                the last try failed

A message that is not sent can be discarded. One that failed can be requeued: then it is due at once,
and is tried as often as at first.

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
from palyra_events.errors import IllegalTransition, ReasonRequired
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


class MessageRequeued(Event):
    """A message whose tries failed is due at once, and is tried as often as at first."""

    message_id: MessageId


class MessageDiscarded(Event):
    """A message is not sent, because somebody said so."""

    message_id: MessageId


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    RETRYING = "retrying"
    SENT = "sent"
    DEAD = "dead"
    DISCARDED = "discarded"

    @property
    def is_final(self) -> bool:
        """True where nothing can come any more."""
        return self in {MessageState.SENT, MessageState.DISCARDED}


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its events tell it.

    ``attempts`` counts the tries that are recorded, and ``attempts_before`` those of them that were
    made before it was requeued.
    """

    message_id: str
    state: MessageState = MessageState.WAITING
    attempts: int = 0
    retry_at: datetime | None = None
    attempts_before: int = 0


def evolve(message: Message, event: Event) -> Message:
    """Return the message after ``event``."""
    match event:
        case MessageSent():
            return replace(message, state=MessageState.SENT, attempts=event.attempt, retry_at=None)
        case MessageFailed():
            state = MessageState.DEAD if event.retry_at is None else MessageState.RETRYING
            return replace(message, state=state, attempts=event.attempt, retry_at=event.retry_at)
        case MessageRequeued():
            return replace(
                message, state=MessageState.RETRYING, retry_at=None, attempts_before=message.attempts
            )
        case MessageDiscarded():
            return replace(message, state=MessageState.DISCARDED, retry_at=None)
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
    since = attempt - message.attempts_before
    again = None if since >= TRIES_MAX else retry_at(stamp.timestamp, message.message_id, since)
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


def requeue_message(message: Message, stamp: Stamp) -> list[Event]:
    """Have a message tried again that failed, whether it was given up or waits for its next try.

    Raises:
        IllegalTransition: no try of it failed, or nothing can come any more.
    """
    if message.state not in {MessageState.DEAD, MessageState.RETRYING}:
        raise _not_from(message, "only one that failed can be retried")
    return [stamp.on(MessageRequeued, message_id=message.message_id)]


def discard_message(message: Message, stamp: Stamp) -> list[Event]:
    """Put a message away that is not sent, and say why. A try that is under way may still bring it.

    Raises:
        IllegalTransition: it was sent, or discarded before.
        ReasonRequired: nobody said why.
    """
    if message.state.is_final:
        raise _not_from(message, "it cannot be discarded")
    if stamp.reason is None:
        raise ReasonRequired("To discard a message, say why.")
    return [stamp.on(MessageDiscarded, message_id=message.message_id)]


def _next_try(message: Message) -> int:
    if message.state is MessageState.DEAD or message.state.is_final:
        raise _not_from(message, "no try is due")
    return message.attempts + 1


def _not_from(message: Message, rule: str) -> IllegalTransition:
    return IllegalTransition(
        f"Message {message.message_id} is {message.state}; {rule}.",
        message_id=message.message_id,
        state=str(message.state),
    )
