"""A delivery: one lifecycle event that must reach one hook's plugin, and how that went.

    scheduled ──> succeeded
        │  └────> retrying ──> …            an attempt failed and will be made again at retry_at
        ├───────> dead ──> cancelled        the last attempt failed, or it can never succeed
        ├───────> skipped                   the plugin's skill had no right to run
        └───────> cancelled                 somebody does not want it any more

A delivery is *open* while it is scheduled or retrying: an attempt is still to come. One that is not
open can be requeued: it is scheduled again, in a new round. Attempt numbers go on through the rounds,
``attempts_max`` counts within one.

Outcomes are recorded exactly once: an outcome is appended at the version that its worker read, and
the log has room for one event at each version of a stream. A plugin may be invoked more than once
after a crash. What an operator does to a delivery takes a version as well, so the outcome of an
attempt that was running meanwhile is refused, and nothing of it happens.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from palyra_events.effect import Effects
from palyra_events.errors import IllegalTransition, ReasonRequired, UnknownDelivery
from palyra_events.event import Event, Stamp, Timestamp
from palyra_events.hook import ATTEMPTS_MAX_DEFAULT, AttemptsMax
from palyra_events.identifiers import HookId, Identifier
from palyra_events.invocation import Count, Invocation
from palyra_events.lifecycle import HookEventKind
from palyra_events.retry import retry_at

#: characters of the message that a failed attempt keeps
MESSAGE_LENGTH_MAX = 1000

#: outcomes that no later attempt can change: the same bytes would fail the same way
PERMANENT_OUTCOMES = frozenset({"compile", "link", "missing_export", "denied"})

DeliveryId = Annotated[str, StringConstraints(pattern=r"^[0-9]+:.{1,160}$")]
Message = Annotated[str, StringConstraints(max_length=MESSAGE_LENGTH_MAX)]
Position = Annotated[int, Field(ge=1, lt=2**63)]
#: the first round is the one that the scheduler opens
LaterRound = Annotated[int, Field(ge=2, le=2**31 - 1)]


class DeliveryScheduled(Event):
    """A lifecycle event has to reach a hook's plugin.

    The order of deliveries is kept within one ``ordering_key``.
    """

    delivery_id: DeliveryId
    event_position: Position
    event_kind: HookEventKind
    hook_id: HookId
    plugin_id: Identifier
    ordering_key: str
    attempts_max: AttemptsMax


class AttemptSucceeded(Event):
    """The plugin did its work; all effects of the attempt are in this event."""

    delivery_id: DeliveryId
    attempt: Position
    invocation: Invocation
    effects: Effects = Effects()


class AttemptFailed(Event):
    """An attempt did not succeed; it had no effect.

    ``invocation`` is absent where nothing is known about the run, because its worker died.
    """

    delivery_id: DeliveryId
    attempt: Position
    outcome: str
    message: Message = ""
    retry_at: Timestamp | None = None
    invocation: Invocation | None = None


class DeliveryDeadLettered(Event):
    """A delivery will not be tried again unless somebody asks for it."""

    delivery_id: DeliveryId
    attempts: Position
    outcome: str


class DeliverySkipped(Event):
    """The plugin was not invoked, because at ``as_of`` it had no right to run."""

    delivery_id: DeliveryId
    cause: str
    as_of: Count


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    SCHEDULED = "scheduled"
    RETRYING = "retrying"
    SUCCEEDED = "succeeded"
    DEAD = "dead"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """True where an attempt is still to come."""
        return self in {DeliveryState.SCHEDULED, DeliveryState.RETRYING}


OPEN_STATES = frozenset(state for state in DeliveryState if state.is_open)
CLOSED_STATES = frozenset(DeliveryState) - OPEN_STATES
RETRIABLE_STATES = frozenset({DeliveryState.DEAD, DeliveryState.RETRYING})


class DeliveryCancelled(Event):
    """Somebody does not want a delivery to be carried out, or a dead one to be kept in mind.

    ``was`` is where it stood: a dead letter that is cancelled was discarded.
    """

    delivery_id: DeliveryId
    was: DeliveryState


class DeliveryRequeued(Event):
    """A delivery that had come to an end is to be carried out once more, in a new round."""

    delivery_id: DeliveryId
    round: LaterRound


class DeliveryHastened(Event):
    """The next attempt of a delivery does not wait for its time; the round goes on."""

    delivery_id: DeliveryId


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as its events tell it.

    ``attempts`` counts the attempts whose outcome is recorded, in all rounds, and ``attempts_before``
    those of the rounds before; the next one is ``attempts + 1``. While it retries, a ``retry_at`` of
    None says that the next attempt is due.
    """

    delivery_id: str
    state: DeliveryState | None = None
    attempts: int = 0
    attempts_max: int = ATTEMPTS_MAX_DEFAULT
    retry_at: datetime | None = None
    round: int = 1
    attempts_before: int = 0

    @property
    def work_id(self) -> str:
        """What requests to the world are known by: the same in all attempts of a round, and in no other."""
        return f"{self.delivery_id}.{self.round}"


def evolve(delivery: Delivery, event: Event) -> Delivery:
    """Return the delivery after ``event``."""
    after = delivery
    match event:
        case DeliveryScheduled():
            after = replace(delivery, state=DeliveryState.SCHEDULED, attempts_max=event.attempts_max)
        case AttemptSucceeded():
            after = replace(delivery, state=DeliveryState.SUCCEEDED, attempts=event.attempt, retry_at=None)
        case AttemptFailed():
            after = replace(
                delivery, state=DeliveryState.RETRYING, attempts=event.attempt, retry_at=event.retry_at
            )
        case DeliveryDeadLettered():
            after = replace(delivery, state=DeliveryState.DEAD, retry_at=None)
        case DeliverySkipped():
            after = replace(delivery, state=DeliveryState.SKIPPED, retry_at=None)
        case DeliveryCancelled():
            after = replace(delivery, state=DeliveryState.CANCELLED, retry_at=None)
        case DeliveryRequeued():
            after = _in_next_round(delivery, event.round)
        case DeliveryHastened():
            after = replace(delivery, retry_at=None)
    return after


def _in_next_round(delivery: Delivery, number: int) -> Delivery:
    return replace(
        delivery,
        state=DeliveryState.SCHEDULED,
        round=number,
        attempts_before=delivery.attempts,
        retry_at=None,
    )


def next_attempt(delivery: Delivery) -> int:
    """Return the number of the attempt that is to come.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is closed.
    """
    _check_state(delivery, OPEN_STATES, "no attempt is due")
    return delivery.attempts + 1


def record_success(delivery: Delivery, invocation: Invocation, effects: Effects, stamp: Stamp) -> list[Event]:
    """Record that the next attempt succeeded, with all that it changed.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is closed.
    """
    succeeded = stamp.on(
        AttemptSucceeded,
        delivery_id=delivery.delivery_id,
        attempt=next_attempt(delivery),
        invocation=invocation,
        effects=effects,
    )
    return [succeeded]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed: an outcome code of the sandbox, or ``worker_lost``."""

    outcome: str
    message: str = ""
    invocation: Invocation | None = None
    permanent: bool = False


def record_failure(delivery: Delivery, failure: Failure, stamp: Stamp) -> list[Event]:
    """Record that the next attempt failed; the last one of its round makes the delivery a dead letter.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is closed.
    """
    attempt = next_attempt(delivery)
    of_round = attempt - delivery.attempts_before
    is_last = failure.permanent or failure.outcome in PERMANENT_OUTCOMES or of_round >= delivery.attempts_max
    failed = stamp.on(
        AttemptFailed,
        delivery_id=delivery.delivery_id,
        attempt=attempt,
        outcome=failure.outcome,
        message=failure.message.encode(errors="replace").decode()[:MESSAGE_LENGTH_MAX],
        retry_at=None if is_last else retry_at(stamp.timestamp, delivery.delivery_id, of_round),
        invocation=failure.invocation,
    )
    if not is_last:
        return [failed]
    dead = stamp.on(
        DeliveryDeadLettered,
        delivery_id=delivery.delivery_id,
        attempts=attempt,
        outcome=failure.outcome,
    )
    return [failed, dead]


def skip_delivery(delivery: Delivery, cause: str, as_of: int, stamp: Stamp) -> list[Event]:
    """Record that the plugin may not run, as of a position.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is closed.
    """
    next_attempt(delivery)
    return [stamp.on(DeliverySkipped, delivery_id=delivery.delivery_id, cause=cause, as_of=as_of)]


def cancel_delivery(delivery: Delivery, stamp: Stamp) -> list[Event]:
    """Cancel a delivery that an attempt is still to come for; a running attempt comes to nothing.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is closed.
    """
    state = _check_state(delivery, OPEN_STATES, "only an open one can be cancelled")
    return [stamp.on(DeliveryCancelled, delivery_id=delivery.delivery_id, was=state)]


def discard_delivery(delivery: Delivery, stamp: Stamp) -> list[Event]:
    """Put a dead letter away, and say why.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is not dead.
        ReasonRequired: nobody said why.
    """
    state = _check_state(delivery, {DeliveryState.DEAD}, "only a dead one can be discarded")
    if stamp.reason is None:
        raise ReasonRequired("To discard a delivery, say why.")
    return [stamp.on(DeliveryCancelled, delivery_id=delivery.delivery_id, was=state)]


def requeue_delivery(delivery: Delivery, stamp: Stamp) -> list[Event]:
    """Have a delivery carried out once more, however it ended.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is open already.
    """
    _check_state(delivery, CLOSED_STATES, "it will be carried out anyway")
    return [stamp.on(DeliveryRequeued, delivery_id=delivery.delivery_id, round=delivery.round + 1)]


def retry_delivery(delivery: Delivery, stamp: Stamp) -> list[Event]:
    """Requeue a dead letter, or let a delivery that waits for its next attempt wait no longer.

    The latter opens no new round: what the failed attempts may have done in the world is known by the
    round's idempotency keys, and the next attempt is to be known by them too.

    One that is due already stays as it is.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is neither dead nor waiting.
    """
    state = _check_state(delivery, RETRIABLE_STATES, "only a dead or a waiting one can be retried")
    if state is DeliveryState.DEAD:
        return requeue_delivery(delivery, stamp)
    if delivery.retry_at is None or delivery.retry_at <= stamp.timestamp:
        return []
    return [stamp.on(DeliveryHastened, delivery_id=delivery.delivery_id)]


def _check_state(delivery: Delivery, allowed: Collection[DeliveryState], rule: str) -> DeliveryState:
    if delivery.state is None:
        raise UnknownDelivery(
            f"Delivery {delivery.delivery_id} was never scheduled.", delivery_id=delivery.delivery_id
        )
    if delivery.state not in allowed:
        raise IllegalTransition(
            f"Delivery {delivery.delivery_id} is {delivery.state}; {rule}.",
            delivery_id=delivery.delivery_id,
            state=str(delivery.state),
        )
    return delivery.state
