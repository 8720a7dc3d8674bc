"""Reading a stretch of the log in order: what it implies is derived, and its runs are handed on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from palyra_events.delivery import AttemptFailed
from palyra_events.event import Event
from palyra_events.fault import FAULTS_MAX_DEFAULT
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_runtime.replay.implications import Implications
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import RECORDING, RecordedRun, Selection, recorded_runs
from palyra_runtime.replay.report import ReplayReport
from palyra_runtime.replay.triggers import Triggers
from projections.decoder import Decoder

#: events read at once
_PAGE_SIZE = 1_000

_EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Positions from ``first`` to ``last``, and whose runs and deliveries in them are meant."""

    first: int
    last: int
    selection: Selection = _EVERYTHING


class Reading:
    """Reads a stretch once. The log is read from its beginning: that is where bindings come from.

    ``faults_max`` is what the policy of today says on quarantines.
    """

    def __init__(
        self,
        log: EventLog,
        past: Past,
        stretch: Stretch,
        *,
        triggers: Triggers | None = None,
        faults_max: int = FAULTS_MAX_DEFAULT,
    ) -> None:
        self._log = log
        self._past = past
        self._stretch = stretch
        self._implied = Implications(
            log,
            past,
            triggers or Triggers(log),
            selection=stretch.selection,
            first=stretch.first,
            faults_max=faults_max,
        )
        self._decoder = Decoder(REGISTRY)
        self._kinds = REGISTRY.types

    def runs(self, report: ReplayReport | None = None) -> Iterator[RecordedRun]:
        """Yield the runs in order; with a report, what the log implies is derived on the way.

        Raises:
            LogDamaged, UnknownEventType: the log cannot be read.
        """
        for row in self._rows():
            self._past.look_at(row)
            is_meant = row.position >= self._stretch.first
            kind = self._kinds.get(row.topic) or type(REGISTRY.decode(row.topic, row.state))
            event = self._decoder.decode(row.topic, row.state) if kind in RECORDING else None
            if report is not None:
                self._derive(row, kind, event, report)
            if is_meant:
                yield from self._runs(row, kind, event)

    def finish(self, report: ReplayReport) -> None:
        """Look up what comes after the stretch and follows from what is in it."""
        self._implied.finish(report)

    def _derive(self, row: RecordedEvent, kind: type[Event], event: Any, report: ReplayReport) -> None:
        """Hold an event against what the log implies; of those before the stretch nothing is told."""
        found = self._implied.count(row, kind, event)
        if row.position < self._stretch.first:
            deque(found, maxlen=0)
            return
        report.find(found)
        report.find(self._implied.look_at(row, kind, event))

    def _runs(self, row: RecordedEvent, kind: type[Event], event: Any) -> Iterator[RecordedRun]:
        for run in recorded_runs(row.position, kind, event, self._past):
            if self._stretch.selection.has(run.hook_id, run.plugin_id):
                is_failure = kind is AttemptFailed
                yield replace(run, is_given_up=self._implied.is_given_up()) if is_failure else run

    def _rows(self) -> Iterator[RecordedEvent]:
        position = 0
        while page := self._log.read(position, _PAGE_SIZE, self._stretch.last):
            yield from page
            position = page[-1].position
