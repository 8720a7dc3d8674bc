"""The course of deliveries replayed: each step is the one that the rules make of the steps before it.

When a failed attempt is made again, when a delivery is given up, and which attempt is the next one are
decided by `palyra_events.delivery` alone, from what the log says; here the same rules decide it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from palyra_events import delivery as deliveries
from palyra_events.commands.delivery import DELIVERY
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    Delivery,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryHastened,
    DeliveryRequeued,
    DeliveryScheduled,
    DeliverySkipped,
    Failure,
)
from palyra_events.errors import PalyraError
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import stream_id
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_runtime.dispatch.lost import LOST, WORKER
from palyra_runtime.replay.finding import Aspect, Difference, Finding, not_implied
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import Selection, attempt_subject, begun_at, plugin_of_delivery
from palyra_runtime.sandbox.outcome import OK

#: how far the clocks of two machines may be apart, and a machine may stand still, without being a finding
SKEW = timedelta(seconds=60)

#: returns what the rules append where a delivery stands so, and this is what is said to have happened
Rule: TypeAlias = Callable[[Delivery, Any, Stamp], Sequence[Event]]

_BY_A_WORKER = frozenset({AttemptSucceeded, AttemptFailed, DeliverySkipped})


@dataclass(slots=True)
class _Standing:
    """Where a delivery stands after its newest event, which is at ``position`` and ``version``.

    It was scheduled at ``scheduled_at``.
    """

    stream_id: UUID
    delivery: Delivery
    version: int = 0
    position: int = 0
    scheduled_at: int = 0
    correlation_id: str = ""


class _Owed(NamedTuple):
    """What comes in the same append as the event at ``position``, right behind it."""

    position: int
    event: Event


class CourseCheck:
    """Follows the deliveries of a log, which is shown to it in order, from any position on.

    In memory are those that are open; what closed ones came to is read anew should there be more of them.
    ``checked`` counts the events that were held against the rules.
    """

    def __init__(
        self, log: EventLog, past: Past, selection: Selection, registry: Registry = REGISTRY
    ) -> None:
        self._log = log
        self._past = past
        self._selection = selection
        self._registry = registry
        self._types = registry.types
        self._open: dict[str, _Standing] = {}
        self._owed: _Owed | None = None
        self._given_up: bool | None = None
        self.checked = 0

    def look_at(self, row: RecordedEvent, kind: type[Event], decoded: Any = None) -> Iterator[Finding]:
        """Yield what is wrong with an event, if it is one of a delivery.

        ``decoded`` is the event where somebody has decoded it already; of an `AttemptSucceeded` it may be
        what a view's decoder makes.
        """
        owed, self._owed, self._given_up = self._owed, None, None
        if owed is not None and (kind is not DeliveryDeadLettered or row.position != owed.position + 1):
            yield _unpaid(owed)
        if kind not in KINDS:
            return
        event: Any = self._registry.decode(row.topic, row.state) if decoded is None else decoded
        plugin_id = plugin_of_delivery(event.delivery_id, self._past)
        if not self._selection.has(event.delivery_id.partition(":")[2], plugin_id):
            return
        standing = self._standing(row, event)
        self.checked += kind is not DeliveryScheduled
        if found := self._follow(standing, row, event, owed):
            subject = f"delivery {event.delivery_id}"
            if kind in {AttemptSucceeded, AttemptFailed}:
                subject = attempt_subject(event.delivery_id, event.attempt)
            yield Finding(row.position, subject, tuple(found))

    def is_given_up(self) -> bool | None:
        """Return whether the failed attempt that was looked at last had its delivery given up by its guest.

        None where the guest had no say: no attempt was left, or none could have succeeded.
        """
        return self._given_up

    def finish(self) -> Iterator[Finding]:
        """Look up what comes with the last event that was shown, and yield what is wrong with it."""
        owed = self._owed
        for row in self._log.read(owed.position, 1) if owed is not None else ():
            yield from self.look_at(row, self._types[row.topic])
        if self._owed is not None:
            yield _unpaid(self._owed)

    def _standing(self, row: RecordedEvent, event: Any) -> _Standing:
        """Return where a delivery stood before an event of it."""
        known = self._open.get(event.delivery_id)
        if known is not None:
            return known
        stream = stream_id(DELIVERY.kind, event.delivery_id)
        standing = _Standing(stream, Delivery(event.delivery_id))
        if row.version > 1:
            for before in self._log.read_stream(stream):
                if before.position < row.position and self._types[before.topic] in KINDS:
                    self._follow(standing, before, self._registry.decode(before.topic, before.state), None)
            self._owed = self._given_up = None
        return standing

    def _follow(
        self, standing: _Standing, row: RecordedEvent, event: Any, owed: _Owed | None
    ) -> list[Difference]:
        """Take a delivery one event further, and return what is wrong with that event."""
        kind = self._types[row.topic]
        found = [*_placed(standing, row), *self._implied(standing, row, event, owed)]
        if kind in _BY_A_WORKER:
            found += [*_signed(standing, event), *_timely(standing, row, event)]
        self._advance(standing, row, event)
        return found

    def _implied(
        self, standing: _Standing, row: RecordedEvent, event: Any, owed: _Owed | None
    ) -> Iterator[Difference]:
        kind = self._types[row.topic]
        try:
            if kind is AttemptSucceeded:
                yield from _succeeded(standing.delivery, event)
            elif kind is AttemptFailed:
                yield from self._failed(standing.delivery, row, event)
            elif kind is DeliveryDeadLettered:
                yield from _unlike(event, None if owed is None else owed.event)
            else:
                yield from _unlike(
                    event, next(iter(_RULES[kind](standing.delivery, event, _stamp(event))), None)
                )
        except PalyraError as error:
            yield Difference(Aspect.COURSE, error.message)

    def _failed(self, delivery: Delivery, row: RecordedEvent, event: AttemptFailed) -> Iterator[Difference]:
        """Compare a failed attempt with what the rules make of it; its guest may have given up."""
        yield from _unlike_its_run(event)
        failure = Failure(event.outcome, event.message, event.invocation)
        implied = deliveries.record_failure(delivery, failure, _stamp(event))
        if len(implied) == 1 and event.invocation is not None:
            self._given_up = event.retry_at is None
            failure = replace(failure, permanent=self._given_up)
            implied = deliveries.record_failure(delivery, failure, _stamp(event))
        yield from _unlike(event, implied[0])
        for dead in implied[1:]:
            self._owed = _Owed(row.position, dead)

    def _advance(self, standing: _Standing, row: RecordedEvent, event: Any) -> None:
        kind = self._types[row.topic]
        standing.version, standing.position = row.version, row.position
        if kind is DeliveryScheduled:
            standing.scheduled_at, standing.correlation_id = row.position, event.correlation_id
        standing.delivery = deliveries.evolve(standing.delivery, event)
        state = standing.delivery.state
        if kind is AttemptSucceeded or state is None or not state.is_open:
            self._open.pop(event.delivery_id, None)
        else:
            self._open[event.delivery_id] = standing


def _placed(standing: _Standing, row: RecordedEvent) -> Iterator[Difference]:
    """Compare where an event stands with the stream that it belongs into."""
    if row.stream_id != standing.stream_id:
        yield Difference(Aspect.COURSE, "The event stands in the stream of something else.")
    elif difference := not_implied(Aspect.COURSE, "version", row.version, standing.version + 1):
        yield difference


def _signed(standing: _Standing, event: Any) -> Iterator[Difference]:
    """Compare who is said to have done it, and because of what: it was a worker, for the delivery."""
    caused = f"position:{standing.scheduled_at}"
    found = [
        not_implied(Aspect.COURSE, "actor", event.actor, WORKER),
        not_implied(Aspect.COURSE, "cause", event.causation_id, caused),
        not_implied(Aspect.COURSE, "correlation", event.correlation_id, standing.correlation_id),
    ]
    yield from (each for each in found if each is not None)


def _timely(standing: _Standing, row: RecordedEvent, event: Any) -> Iterator[Difference]:
    """Compare when a delivery was taken up with when it was due, and with what was known by then."""
    due = standing.delivery.retry_at
    if due is not None and begun_at(event, 0) < due - SKEW:
        yield Difference(
            Aspect.COURSE, f"It was taken up at {event.timestamp:%F %T}, and due at {due:%F %T}."
        )
    run = event if isinstance(event, DeliverySkipped) else event.invocation
    if run is not None and not standing.position <= run.as_of < row.position:
        message = f"The right to run was read as of position {run.as_of}, and not in {standing.position} to "
        yield Difference(Aspect.TERMS, f"{message}{row.position - 1}.")


def _succeeded(delivery: Delivery, event: Any) -> Iterator[Difference]:
    attempt = deliveries.next_attempt(delivery)
    if difference := not_implied(Aspect.COURSE, "attempt", event.attempt, attempt):
        yield difference
    if event.invocation.outcome != OK:
        message = f"The attempt is said to have succeeded; its run ended as {event.invocation.outcome}."
        yield Difference(Aspect.OUTCOME, message)


def _unlike_its_run(event: AttemptFailed) -> Iterator[Difference]:
    """Compare a failure with the run that it records; only of a lost worker's run nothing is known."""
    run = event.invocation
    if run is None:
        lost = (LOST.outcome, LOST.message)
        if (event.outcome, event.message) != lost:
            yield Difference(Aspect.OUTCOME, f"Nothing is recorded of a run that ended as {event.outcome}.")
    elif run.outcome != event.outcome or run.outcome == OK:
        message = f"The attempt is said to have failed as {event.outcome}; its run ended as {run.outcome}."
        yield Difference(Aspect.OUTCOME, message)


def _unlike(event: Event, implied: Event | None) -> Iterator[Difference]:
    """Compare an event with the one that the rules make of what it says."""
    if implied is None:
        yield Difference(Aspect.COURSE, "Nothing before it leads to this.")
    elif event != implied:
        for name in type(event).model_fields:
            if difference := not_implied(
                Aspect.COURSE, name, getattr(event, name), getattr(implied, name, None)
            ):
                yield difference


def _unpaid(owed: _Owed) -> Finding:
    message = (
        "No attempt was left, and none could have succeeded: the delivery is to be a dead letter, and is not."
    )
    subject = f"delivery {getattr(owed.event, 'delivery_id', '')}"
    return Finding(owed.position, subject, (Difference(Aspect.COURSE, message),))


def _stamp(event: Event) -> Stamp:
    return Stamp(event.timestamp, event.actor, event.correlation_id, event.causation_id, event.reason)


def _scheduled(delivery: Delivery, event: DeliveryScheduled, _stamp: Stamp) -> Sequence[Event]:
    return [event] if delivery.state is None else []


def _skipped(delivery: Delivery, event: DeliverySkipped, stamp: Stamp) -> Sequence[Event]:
    return deliveries.skip_delivery(delivery, event.cause, event.as_of, stamp)


def _cancelled(delivery: Delivery, event: DeliveryCancelled, stamp: Stamp) -> Sequence[Event]:
    is_open = event.was.is_open
    return (deliveries.cancel_delivery if is_open else deliveries.discard_delivery)(delivery, stamp)


def _requeued(delivery: Delivery, _event: DeliveryRequeued, stamp: Stamp) -> Sequence[Event]:
    return deliveries.requeue_delivery(delivery, stamp)


def _hastened(delivery: Delivery, _event: DeliveryHastened, stamp: Stamp) -> Sequence[Event]:
    return deliveries.retry_delivery(delivery, stamp)


_RULES: Mapping[type[Event], Rule] = MappingProxyType(
    {
        DeliveryScheduled: _scheduled,
        DeliverySkipped: _skipped,
        DeliveryCancelled: _cancelled,
        DeliveryRequeued: _requeued,
        DeliveryHastened: _hastened,
    }
)

#: the events that are steps of a delivery
KINDS = frozenset({*_RULES, AttemptSucceeded, AttemptFailed, DeliveryDeadLettered})
