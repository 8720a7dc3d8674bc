"""The scheduler: turns lifecycle events into deliveries, each exactly once, and faults into quarantines.

It also notes which plugins have surfaces, as these carry out one delivery at a time.

It reads the log in order and appends what follows from an event together with its own position, so
that a crash repeats nothing and loses nothing, and a second scheduler is fenced off. What follows from
many events that are there already is one append.
"""

from __future__ import annotations

from functools import partial

from palyra_events.application import SCHEDULER_CONSUMER, Application
from palyra_events.delivery import DeliveryScheduled
from palyra_events.fault import FAULTS_MAX_DEFAULT
from palyra_events.lifecycle import KINDS, kind_of
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.schedule import schedule
from palyra_events.store import EventLog
from palyra_runtime.dispatch.bound import Bound
from palyra_runtime.dispatch.fault_watch import RUNS, FaultWatch
from palyra_runtime.dispatch.surface_watch import SurfaceWatch, may_show
from projections import Views

#: events read at once
_PAGE_SIZE = 1000
#: events after which the position is kept although nobody reacts: bounds what a start reads again
_KEEP_EVERY = 10_000
#: deliveries of one append, and those of the event that goes past it
_DELIVERIES_MAX = 500


class Scheduler:
    """Follows the log and schedules. One at a time: hold the dispatcher role.

    A release is quarantined after ``faults_max`` sandbox faults: see `palyra_events.fault`.
    """

    def __init__(
        self,
        log: EventLog,
        views: Views,
        application: Application,
        registry: Registry = REGISTRY,
        *,
        faults_max: int = FAULTS_MAX_DEFAULT,
    ) -> None:
        self._log = log
        self._views = views
        self._application = application
        self._registry = registry
        self._bound = Bound(views, application)
        self._faults = FaultWatch(views, application, faults_max)
        self._surfaces = SurfaceWatch(application)
        self._triggers = {registry.topics[event].partition("@")[0] for event in KINDS}
        self._kept = self._seen = log.position(SCHEDULER_CONSUMER)
        self._waiting: list[DeliveryScheduled] = []

    def catch_up(self) -> int:
        """Schedule all that the log holds now, and return the number of new deliveries."""
        scheduled = 0
        self._keep_waiting()
        while page := self._log.read(self._seen, _PAGE_SIZE):
            scheduled += sum(self._look_at(row) for row in page)
            self._keep_waiting()
            if self._seen - self._kept >= _KEEP_EVERY:
                self._keep([], self._seen)
        return scheduled

    @property
    def position(self) -> int:
        """The position up to which it is recorded that everything is scheduled."""
        return self._kept

    def is_behind(self, until: int) -> bool:
        """Say whether an event up to ``until`` sets off deliveries that nobody has scheduled yet.

        For those who do not schedule themselves, and wait for whoever does.
        """
        position, bound = self._log.position(SCHEDULER_CONSUMER), Bound(self._views, self._application)
        while page := self._log.read(position, _PAGE_SIZE, until):
            if any(self._deliveries(row, bound) for row in page):
                return True
            position = page[-1].position
        return False

    def _look_at(self, row: RecordedEvent) -> int:
        deliveries = self._deliveries(row, self._bound)
        self._waiting += deliveries
        if _name(row) in RUNS or may_show(row):
            self._keep_waiting()
            self._look_at_run(row)
        self._seen = row.position
        if len(self._waiting) >= _DELIVERIES_MAX:
            self._keep_waiting()
        return len(deliveries)

    def _look_at_run(self, row: RecordedEvent) -> None:
        """Quarantine the release that ran, where this was one fault too many, or note its first surface."""
        event = self._registry.decode(row.topic, row.state)
        if any(watch.look_at(row.position, event).events for watch in (self._faults, self._surfaces)):
            self._kept = row.position

    def _deliveries(self, row: RecordedEvent, bound: Bound) -> list[DeliveryScheduled]:
        """Return what follows from an event, which ``bound`` has come to."""
        deliveries = []
        event = self._registry.decode(row.topic, row.state) if _name(row) in self._triggers else None
        kind = None if event is None else kind_of(event)
        if event is not None and kind is not None:
            hooks = [found.hook for found in bound.hooks(kind, row.position)]
            plugin = partial(bound.plugin, position=row.position)
            deliveries = schedule(row.position, event, hooks, plugin)
        bound.pass_by(row)
        return deliveries

    def _keep_waiting(self) -> None:
        """Append the deliveries of the events up to the one that was looked at last."""
        if self._waiting:
            self._keep(self._waiting, self._waiting[-1].event_position)
            # Not before: where the database is locked, the next call tries again.
            self._waiting = []

    def _keep(self, deliveries: list[DeliveryScheduled], position: int) -> None:
        self._application.schedule_deliveries(deliveries, position)
        self._kept = position


def _name(row: RecordedEvent) -> str:
    return row.topic.partition("@")[0]
