"""Replaying a stretch of the log: what it implies is derived anew, and what ran runs again."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from time import monotonic
from typing import TypeAlias

from palyra_events.fault import FAULTS_MAX_DEFAULT
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.dispatch.guest import Run
from palyra_runtime.replay.comparison import Comparison
from palyra_runtime.replay.inputs import Inputs
from palyra_runtime.replay.material import Material, Materials, Missing
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.reading import Reading, Stretch
from palyra_runtime.replay.recorded import RecordedRun
from palyra_runtime.replay.report import ReplayReport
from palyra_runtime.replay.rerun import Replayed, Rerunner, unlike_the_right
from palyra_runtime.replay.triggers import Triggers

#: told the position that is reached, and the one to reach
Progress: TypeAlias = Callable[[int, int], None]

#: runs whose bytes are in memory at the same time
_BATCH_SIZE = 128


class Replayer:
    """Replays one log; ``run`` runs guests, for so many threads at once as there are ``jobs``.

    ``faults_max`` is the number of faults for which the policy of today has a release quarantined.
    """

    def __init__(
        self,
        log: EventLog,
        artifacts: Artifacts,
        run: Run,
        jobs: int = 1,
        *,
        faults_max: int = FAULTS_MAX_DEFAULT,
    ) -> None:
        self._log = log
        self._faults_max = faults_max
        self._past = Past()
        self._materials = Materials(log, artifacts, self._past)
        self._triggers = Triggers(log)
        self._inputs = Inputs(log, artifacts, self._past, self._triggers)
        self._rerunner = Rerunner(run, Comparison(self._materials.content))
        self._jobs = jobs

    def replay(
        self, stretch: Stretch, *, sample: int | None = None, progress: Progress | None = None
    ) -> ReplayReport:
        """Replay a stretch of the log, or so many runs of it, and return in what it differs.

        A sample is spread over the stretch, and is the same each time.

        Raises:
            LogDamaged: the log cannot be read; `audit verify` tells more.
            SandboxBusy, WorkerUnavailable, CompilerUnavailable: this host cannot run guests now.
        """
        started, report = monotonic(), ReplayReport(stretch.first, stretch.last)
        reading = Reading(
            self._log, self._past, stretch, triggers=self._triggers, faults_max=self._faults_max
        )
        runs: Iterable[RecordedRun] = reading.runs(report)
        for number, replayed in enumerate(
            self._replayed(runs if sample is None else _sample(runs, sample)), start=1
        ):
            report.take(replayed)
            if progress is not None and number % _BATCH_SIZE == 0:
                progress(replayed.run.position, stretch.last)
        reading.finish(report)
        report.finish(round((monotonic() - started) * 1_000_000))
        return report

    def _replayed(self, runs: Iterable[RecordedRun]) -> Iterator[Replayed]:
        """Yield what comes of running again, in order."""
        waiting = iter(runs)
        with ExitStack() as stack:
            threads = None
            if self._jobs > 1:
                threads = stack.enter_context(ThreadPoolExecutor(self._jobs, "palyra-replay"))
            while batch := list(islice(waiting, _BATCH_SIZE)):
                materials = list(self._materials.fetch(batch))
                run = self._rerunner.replay
                found = map(run, materials) if threads is None else threads.map(run, materials)
                for material, replayed in zip(materials, found, strict=True):
                    yield self._with_terms(material, replayed)

    def _with_terms(self, material: Material | Missing, replayed: Replayed) -> Replayed:
        """Add in what the terms and the input of a run are not those that the log implies."""
        run = replayed.run
        told = self._inputs.check(run, self._materials.input_of(material))
        more = (*unlike_the_right(run, self._past), *told.differences)
        return replace(replayed.with_more(more), input_cause=told.cause if replayed.cause is None else None)


def _sample(runs: Iterable[RecordedRun], size: int) -> list[RecordedRun]:
    """Return so many runs, or all where there are no more: those whose hashes are the smallest."""
    chosen = heapq.nsmallest(size, runs, key=_lot)
    return sorted(chosen, key=lambda run: run.position)


def _lot(run: RecordedRun) -> bytes:
    return hashlib.sha256(f"{run.position}/{run.subject}".encode()).digest()
