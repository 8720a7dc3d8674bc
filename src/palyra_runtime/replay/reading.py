"""Reading a stretch of the log in order: what it implies is derived, and its runs are handed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from palyra_events.decision_taken import DecisionTaken
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_runtime.replay.decisions import decision_findings
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import RECORDING, RecordedRun, Selection, recorded_runs
from palyra_runtime.replay.report import ReplayReport
from palyra_runtime.replay.scheduling import ScheduleCheck
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
    """Reads a stretch once. The log is read from its beginning: that is where bindings come from."""

    def __init__(self, log: EventLog, past: Past, stretch: Stretch) -> None:
        self._log = log
        self._past = past
        self._stretch = stretch
        self._schedule = ScheduleCheck(past, stretch.selection, stretch.first)
        self._decoder = Decoder(REGISTRY)

    def runs(self, report: ReplayReport | None = None) -> Iterator[RecordedRun]:
        """Yield the runs in order; if there is a report, scheduling and decisions are replayed on the way.

        Raises:
            LogDamaged: the log cannot be read.
        """
        for row in self._rows():
            self._past.look_at(row)
            if row.position < self._stretch.first:
                continue
            if report is not None:
                report.find(self._schedule.look_at(row))
            kind = self._decoder.kinds.get(row.topic)
            if kind is not None and kind in RECORDING:
                event = self._decoder.decode(row.topic, row.state)
                if report is not None and kind is DecisionTaken:
                    self._decide(row.position, event, report)
                for run in recorded_runs(row.position, kind, event, self._past):
                    if self._stretch.selection.has(run.hook_id, run.plugin_id):
                        yield run

    def finish(self, report: ReplayReport) -> None:
        """Look up the deliveries that come after the stretch."""
        report.find(self._schedule.finish(self._log))
        report.deliveries, report.pending = self._schedule.checked, self._schedule.pending

    def _rows(self) -> Iterator[RecordedEvent]:
        position = 0
        while page := self._log.read(position, _PAGE_SIZE, self._stretch.last):
            yield from page
            position = page[-1].position

    def _decide(self, position: int, event: Any, report: ReplayReport) -> None:
        selection = self._stretch.selection
        is_meant = any(selection.has(each.hook_id, each.plugin_id) for each in event.candidates)
        if is_meant or selection == _EVERYTHING:
            report.decisions += 1
            report.find(decision_findings(position, event, self._past))
