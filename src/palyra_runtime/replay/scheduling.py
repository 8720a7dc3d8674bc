"""Scheduling replayed: the log must imply each delivery, and each one that it implies must be there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from palyra_events.application import SCHEDULER_CONSUMER
from palyra_events.commands.delivery import DELIVERY
from palyra_events.delivery import DeliveryScheduled, DeliverySkipped
from palyra_events.identifiers import stream_id
from palyra_events.lifecycle import KINDS, kind_of
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.right import Right
from palyra_events.schedule import schedule
from palyra_events.store import EventLog
from palyra_runtime.dispatch.guest import NotRunnable
from palyra_runtime.replay.finding import Aspect, Difference, Finding, not_implied
from palyra_runtime.replay.material import NotComparable
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import Selection, plugin_of_delivery
from palyra_runtime.replay.report import NotCompared
from palyra_runtime.replay.triggers import Triggers

#: causes of a skip that do not follow from the log alone: they say what bytes were kept then
_NOT_RUNNABLE = frozenset(cause.value for cause in NotRunnable)


class ScheduleCheck:
    """Follows a stretch of the log, which is shown to it in order, and schedules what it implies.

    ``past`` has come to each event that is looked at. ``checked`` counts the deliveries that were held
    against what the log implies; ``pending`` those that no scheduler has come to yet; ``not_compared`` are
    skips that do not follow from the log alone.
    """

    def __init__(
        self,
        past: Past,
        selection: Selection,
        first: int,
        triggers: Triggers,
        registry: Registry = REGISTRY,
    ) -> None:
        self._past = past
        self._triggers = triggers
        self._selection = selection
        self._first = first
        self._registry = registry
        self._kinds = {registry.topics[event] for event in KINDS}
        self._scheduled = registry.topics[DeliveryScheduled]
        self._skipped = registry.topics[DeliverySkipped]
        self._expected: dict[str, DeliveryScheduled] = {}
        self._scheduled_to = 0
        self.not_compared: list[NotCompared] = []
        self.checked = 0
        self.pending = 0

    def look_at(self, row: RecordedEvent, scheduled: DeliveryScheduled | None = None) -> Iterator[Finding]:
        """Schedule what follows from an event; yield what is wrong with one that schedules or skips.

        ``scheduled`` is the event where it is one that schedules.
        """
        if row.topic in self._kinds:
            self._expect(row)
        elif scheduled is not None:
            yield from self._check(row, scheduled)
        elif row.topic == self._skipped:
            yield from self._check_skip(row)

    def finish(self, log: EventLog) -> Iterator[Finding]:
        """Look up the deliveries that did not come in the stretch, and yield what is wrong with them."""
        waiting, self._expected = self._expected, {}
        streams = [stream_id(DELIVERY.kind, delivery_id) for delivery_id in waiting]
        rows = [row for row in log.read_streams(streams) if row.topic == self._scheduled]
        found = {each.delivery_id: (row.position, each) for row in rows for each in [self._decoded(row)]}
        scheduled_to = self.scheduled_to(log)
        for delivery_id, expected in waiting.items():
            if delivery_id in found:
                position, recorded = found[delivery_id]
                self.checked += 1
                yield from _compare(position, recorded, expected)
            elif expected.event_position <= scheduled_to:
                self.checked += 1
                yield _missing(expected)
            else:
                self.pending += 1

    def scheduled_to(self, log: EventLog) -> int:
        """Return up to where a scheduler has come: it says so itself, and what it scheduled tells it too."""
        return max(log.position(SCHEDULER_CONSUMER), self._scheduled_to)

    def _expect(self, row: RecordedEvent) -> None:
        event = self._registry.decode(row.topic, row.state)
        kind = kind_of(event)
        assert kind is not None, "the topic is that of a lifecycle event"
        hooks = self._past.hooks(kind, row.position - 1)
        plugin = partial(self._past.plugin, as_of=row.position)
        deliveries = schedule(row.position, event, hooks, plugin)
        if deliveries:
            self._triggers.keep(row.position, event)
        for delivery in deliveries:
            if self._selection.has(delivery.hook_id, delivery.plugin_id):
                self._expected[delivery.delivery_id] = delivery

    def _check(self, row: RecordedEvent, recorded: DeliveryScheduled) -> Iterator[Finding]:
        self._scheduled_to = max(self._scheduled_to, recorded.event_position)
        is_meant = self._selection.has(recorded.hook_id, recorded.plugin_id)
        if recorded.event_position < self._first or not is_meant:
            return
        self.checked += 1
        expected = self._expected.pop(recorded.delivery_id, None)
        if expected is None:
            message = f"The event at position {recorded.event_position} does not lead to this delivery."
            yield _finding(row.position, recorded.delivery_id, Difference(Aspect.SCHEDULE, message))
        else:
            yield from _compare(row.position, recorded, expected)

    def _decoded(self, row: RecordedEvent) -> DeliveryScheduled:
        recorded = self._registry.decode(row.topic, row.state)
        assert isinstance(recorded, DeliveryScheduled), "the topic says so"
        return recorded

    def _check_skip(self, row: RecordedEvent) -> Iterator[Finding]:
        skipped = self._registry.decode(row.topic, row.state)
        assert isinstance(skipped, DeliverySkipped), "the topic says so"
        plugin_id = plugin_of_delivery(skipped.delivery_id, self._past)
        hook_id = skipped.delivery_id.partition(":")[2]
        if plugin_id is None or not self._selection.has(hook_id, plugin_id):
            return
        right = self._past.right(plugin_id, skipped.as_of)
        implied = skipped.cause in _NOT_RUNNABLE if isinstance(right, Right) else skipped.cause == right
        if implied and isinstance(right, Right):
            subject = f"skipped delivery {skipped.delivery_id}"
            self.not_compared.append(NotCompared(row.position, subject, NotComparable.BYTES_OF_THEN))
        if not implied:
            why = "a right to run" if isinstance(right, Right) else f"none, but for {right}"
            message = f"It was skipped for {skipped.cause}; as of {skipped.as_of} the plugin had {why}."
            yield _finding(row.position, skipped.delivery_id, Difference(Aspect.SCHEDULE, message))


def _compare(position: int, recorded: DeliveryScheduled, expected: DeliveryScheduled) -> Iterator[Finding]:
    """Yield what is wrong with a delivery: each of its fields follows from the event and the hook."""
    if recorded == expected:
        return
    found = [
        not_implied(Aspect.SCHEDULE, name, getattr(recorded, name), getattr(expected, name))
        for name in type(recorded).model_fields
    ]
    yield _finding(position, recorded.delivery_id, *(each for each in found if each is not None))


def _missing(expected: DeliveryScheduled) -> Finding:
    message = f"The event at position {expected.event_position} leads to this delivery, and it is not there."
    return _finding(expected.event_position, expected.delivery_id, Difference(Aspect.SCHEDULE, message))


def _finding(position: int, delivery_id: str, *differences: Difference) -> Finding:
    return Finding(position, f"delivery {delivery_id}", differences)
