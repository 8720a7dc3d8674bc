"""A delivery: one lifecycle event that must reach one hook's plugin, and how that went.

    scheduled ──> succeeded
        │  └────> retrying ──> …            an attempt failed and will be made again at retry_at
        ├───────> dead                      the last attempt failed, or it can never succeed
        └───────> skipped                   the plugin's skill had no right to run

Outcomes are recorded exactly once: an outcome is appended at the version that its worker read, and
the log has room for one event at each version of a stream. A plugin may be invoked more than once
after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from palyra_events.effect import Effects
from palyra_events.errors import IllegalTransition, UnknownDelivery
from palyra_events.event import Event, Stamp, Timestamp
from palyra_events.hook import ATTEMPTS_MAX_DEFAULT, AttemptsMax
from palyra_events.identifiers import Identifier
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


class DeliveryScheduled(Event):
    """A lifecycle event has to reach a hook's plugin.

    The order of deliveries is kept within one ``ordering_key``.
    """

    delivery_id: DeliveryId
    event_position: Position
    event_kind: HookEventKind
    hook_id: Identifier
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

    @property
    def is_open(self) -> bool:
        """True where an attempt is still to come."""
        return self in {DeliveryState.SCHEDULED, DeliveryState.RETRYING}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as its events tell it.

    ``attempts`` counts the attempts whose outcome is recorded; the next one is ``attempts + 1``.
    """

    delivery_id: str
    state: DeliveryState | None = None
    attempts: int = 0
    attempts_max: int = ATTEMPTS_MAX_DEFAULT
    retry_at: datetime | None = None


def evolve(delivery: Delivery, event: Event) -> Delivery:
    """Return the delivery after ``event``."""
    match event:
        case DeliveryScheduled():
            return replace(delivery, state=DeliveryState.SCHEDULED, attempts_max=event.attempts_max)
        case AttemptSucceeded():
            return replace(delivery, state=DeliveryState.SUCCEEDED, attempts=event.attempt, retry_at=None)
        case AttemptFailed():
            return replace(
                delivery, state=DeliveryState.RETRYING, attempts=event.attempt, retry_at=event.retry_at
            )
        case DeliveryDeadLettered():
            return replace(delivery, state=DeliveryState.DEAD, retry_at=None)
        case DeliverySkipped():
            return replace(delivery, state=DeliveryState.SKIPPED, retry_at=None)
        case _:
            return delivery


def record_success(delivery: Delivery, invocation: Invocation, effects: Effects, stamp: Stamp) -> list[Event]:
    """Record that the next attempt succeeded, with all that it changed.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is closed.
    """
    succeeded = stamp.on(
        AttemptSucceeded,
        delivery_id=delivery.delivery_id,
        attempt=_next_attempt(delivery),
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
    """Record that the next attempt failed; the last one makes the delivery a dead letter.

    Raises:
        UnknownDelivery: it was never scheduled.
        IllegalTransition: it is closed.
    """
    attempt = _next_attempt(delivery)
    is_last = failure.permanent or failure.outcome in PERMANENT_OUTCOMES or attempt >= delivery.attempts_max
    failed = stamp.on(
        AttemptFailed,
        delivery_id=delivery.delivery_id,
        attempt=attempt,
        outcome=failure.outcome,
        message=failure.message.encode(errors="replace").decode()[:MESSAGE_LENGTH_MAX],
        retry_at=None if is_last else retry_at(stamp.timestamp, delivery.delivery_id, attempt),
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
    _next_attempt(delivery)
    return [stamp.on(DeliverySkipped, delivery_id=delivery.delivery_id, cause=cause, as_of=as_of)]


def _next_attempt(delivery: Delivery) -> int:
    if delivery.state is None:
        raise UnknownDelivery(
            f"Delivery {delivery.delivery_id} was never scheduled.", delivery_id=delivery.delivery_id
        )
    if not delivery.state.is_open:
        raise IllegalTransition(
            f"Delivery {delivery.delivery_id} is {delivery.state}; no attempt is due.",
            delivery_id=delivery.delivery_id,
            state=str(delivery.state),
        )
    return delivery.attempts + 1
