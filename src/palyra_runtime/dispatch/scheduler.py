"""The scheduler: turns lifecycle events into deliveries, each exactly once.

It reads the log in order and appends the deliveries of an event together with its own position, so
that a crash repeats nothing and loses nothing, and a second scheduler is fenced off.
"""

from __future__ import annotations

from functools import cache

from palyra_events.application import SCHEDULER_CONSUMER, Application
from palyra_events.delivery import DeliveryScheduled
from palyra_events.lifecycle import KINDS, kind_of
from palyra_events.plugin import Plugin
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.schedule import schedule
from palyra_events.store import EventLog
from projections import Views

#: events read at once
_PAGE_SIZE = 1000
#: events after which the position is kept although nobody reacts: bounds what a start reads again
_KEEP_EVERY = 10_000


class Scheduler:
    """Follows the log and schedules. One at a time: hold the dispatcher role."""

    def __init__(
        self, log: EventLog, views: Views, application: Application, registry: Registry = REGISTRY
    ) -> None:
        self._log = log
        self._views = views
        self._application = application
        self._registry = registry
        self._triggers = {registry.topics[event].partition("@")[0] for event in KINDS}
        self._kept = self._seen = log.position(SCHEDULER_CONSUMER)

    def catch_up(self) -> int:
        """Schedule all that the log holds now, and return the number of new deliveries."""
        scheduled = 0
        while page := self._log.read(self._seen, _PAGE_SIZE):
            scheduled += sum(self._look_at(row) for row in page)
            if self._seen - self._kept >= _KEEP_EVERY:
                self._keep([], self._seen)
        return scheduled

    def _look_at(self, row: RecordedEvent) -> int:
        deliveries = self._deliveries(row) if row.topic.partition("@")[0] in self._triggers else []
        if deliveries:
            self._keep(deliveries, row.position)
        self._seen = row.position
        return len(deliveries)

    def _deliveries(self, row: RecordedEvent) -> list[DeliveryScheduled]:
        event = self._registry.decode(row.topic, row.state)
        kind = kind_of(event)
        if kind is None:
            return []
        hooks = self._views.hooks_for_event(kind, at=row.position)

        @cache
        def plugin(plugin_id: str) -> Plugin:
            return self._application.plugin(plugin_id, as_of=row.position)

        return schedule(row.position, event, [found.hook for found in hooks], plugin)

    def _keep(self, deliveries: list[DeliveryScheduled], position: int) -> None:
        self._application.schedule_deliveries(deliveries, position)
        self._kept = position
