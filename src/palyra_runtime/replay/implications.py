"""All that the log implies without running anything, derived anew event by event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import AttemptFailed, AttemptSucceeded, DeliveryScheduled
from palyra_events.event import Event
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.replay.course import CourseCheck
from palyra_runtime.replay.decisions import decision_findings
from palyra_runtime.replay.finding import Finding
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.quarantines import QuarantineCheck
from palyra_runtime.replay.recorded import Selection
from palyra_runtime.replay.report import ReplayReport
from palyra_runtime.replay.scheduling import ScheduleCheck
from palyra_runtime.replay.streams import OF_A_SKILL, StreamCheck
from palyra_runtime.replay.surface_notes import SurfaceNoteCheck
from palyra_runtime.replay.triggers import Triggers

_EVERYTHING = Selection()
_RUNS = frozenset({AttemptFailed, AttemptSucceeded, PluginInvoked})
_OUTCOMES = frozenset({AttemptSucceeded, PluginInvoked})
_OF_A_SKILL = frozenset(OF_A_SKILL)


class Implications:
    """Holds a log, which is shown to it in order, against what it implies, from a position on.

    ``past`` has come to each event. Quarantines and notes on surfaces follow from all plugins, and are
    derived where nothing is selected; ``faults_max`` is the policy's.
    """

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        log: EventLog,
        past: Past,
        triggers: Triggers,
        *,
        selection: Selection,
        first: int,
        faults_max: int,
        registry: Registry = REGISTRY,
    ) -> None:
        self._log = log
        self._registry = registry
        self._past = past
        self._selection = selection
        self._is_all = selection == _EVERYTHING
        self._schedule = ScheduleCheck(past, selection, first, triggers)
        self._course = CourseCheck(log, past, selection)
        self._quarantines = QuarantineCheck(past, faults_max)
        self._notes = SurfaceNoteCheck(past)
        self._streams = StreamCheck()
        self._first = first
        self._before = self._decisions = 0

    def count(self, row: RecordedEvent, kind: type[Event], event: Any) -> Iterator[Finding]:
        """Take in any event; yield what is wrong with its place, or with a step of the engine's own."""
        yield from self._streams.look_at(row, kind, event)
        if not self._is_all:
            return
        if row.position == self._first:
            self._before = self._of_its_own()
        if kind in _RUNS:
            self._quarantines.count(row.position, event)
        if kind in _OUTCOMES:
            self._notes.count(row.position, event)
        if kind in _OF_A_SKILL:
            yield from self._quarantines.look_at(row)
        yield from self._notes.look_at(row)

    def look_at(self, row: RecordedEvent, kind: type[Event], event: Any) -> Iterator[Finding]:
        """Yield what is wrong with an event from the position on."""
        scheduled = self._registry.decode(row.topic, row.state) if kind is DeliveryScheduled else None
        assert scheduled is None or isinstance(scheduled, DeliveryScheduled), "the topic says so"
        yield from self._schedule.look_at(row, scheduled)
        yield from self._course.look_at(row, kind, event if kind is AttemptSucceeded else scheduled)
        if kind is DecisionTaken and self._is_meant(event):
            self._decisions += 1
            yield from decision_findings(row.position, event, self._past)

    def is_given_up(self) -> bool | None:
        """Return what `CourseCheck.is_given_up` does."""
        return self._course.is_given_up()

    def finish(self, report: ReplayReport) -> None:
        """Look up what comes after the last event and follows from those that were shown."""
        report.find(self._schedule.finish(self._log))
        report.find(self._course.finish())
        scheduled_to = self._schedule.scheduled_to(self._log)
        missing = self._notes.finish(self._log, scheduled_to, report.last)
        report.find(finding for finding in missing if finding.position >= self._first)
        self._quarantines.finish(self._log, scheduled_to, report.last)
        for each in (*self._schedule.not_compared, *self._quarantines.not_compared):
            if each.position >= self._first:
                report.leave(each)
        report.deliveries, report.pending = self._schedule.checked, self._schedule.pending
        report.decisions = self._decisions
        report.follow_ups = self._course.checked + self._of_its_own() - self._before

    def _of_its_own(self) -> int:
        """Return how many steps that the engine took of its own accord were held against the log."""
        return self._quarantines.checked + self._notes.checked

    def _is_meant(self, event: Any) -> bool:
        meant = (self._selection.has(each.hook_id, each.plugin_id) for each in event.candidates)
        return self._is_all or any(meant)
