"""Trying a module on what has happened: what would have come of it, had it run in place of the other."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from palyra_events.errors import InvalidInput, LogDamaged
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.dispatch.attempt import grant_set
from palyra_runtime.dispatch.guest import Run
from palyra_runtime.replay.comparison import SUCCESS, Comparison
from palyra_runtime.replay.finding import Aspect, Difference
from palyra_runtime.replay.material import Material, Materials, Missing
from palyra_runtime.replay.memory import RecallingBroker
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.reading import Reading, Stretch
from palyra_runtime.replay.recorded import RecordedRun
from palyra_runtime.replay.replayer import Progress
from palyra_runtime.replay.rerun import Rerunner, said_by

#: runs whose bytes are in memory at the same time
_BATCH_SIZE = 128
#: runs of each verdict that a report shows
SAMPLES_MAX = 20


class NothingToTry(InvalidInput):
    """No plugin ran in this stretch of the log that the module could stand for."""

    code = "NOTHING_TO_TRY"
    advice = "Name another --plugin or --hook, or begin earlier with --since."


class AmbiguousTrial(InvalidInput):
    """Several plugins ran, and it has to be said in whose place the module is to run."""

    code = "AMBIGUOUS_TRIAL"
    advice = "Name the plugin with --plugin, or one of its hooks with --hook."


class TrialVerdict(StrEnum):
    """How a run went with the module."""

    #: as it is recorded
    SAME = "same"
    #: it ends as well as it did, or better, and something else comes of it
    DIFFERS = "differs"
    #: it was a success, and is none
    FAILS = "fails"
    #: what it ran on is not kept any more, or never was
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Tried:
    """One recorded run with the module: what came of it then, and what would have.

    ``recorded`` and ``said`` are the two in words; ``unanswered`` counts the calls of the module that nobody
    knows an answer to, because nobody asked then.
    """

    position: int
    subject: str
    recorded: str
    verdict: TrialVerdict
    said: str
    differences: tuple[Difference, ...] = ()
    unanswered: int = 0
    fuel_units_recorded: int = 0
    fuel_units: int = 0


@dataclass(slots=True)
class TrialReport:
    """What a module would have changed in the runs of a plugin; fuel is that of the runs that were tried.

    ``samples`` are some of the runs that are not the same, those that fail first.
    """

    plugin_id: str
    module_sha256: str
    verdicts: Counter[TrialVerdict] = field(default_factory=Counter)
    fuel_units_recorded: int = 0
    fuel_units_tried: int = 0
    unanswered: int = 0
    samples: list[Tried] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        """Whether all that was tried would have gone as it did."""
        return not (self.verdicts[TrialVerdict.DIFFERS] or self.verdicts[TrialVerdict.FAILS])

    def take(self, tried: Tried) -> None:
        """Take in a run."""
        self.verdicts[tried.verdict] += 1
        self.unanswered += tried.unanswered
        if tried.verdict is not TrialVerdict.UNTRIED:
            self.fuel_units_recorded += tried.fuel_units_recorded
            self.fuel_units_tried += tried.fuel_units
        is_shown = sum(each.verdict is tried.verdict for each in self.samples) < SAMPLES_MAX
        if tried.verdict is not TrialVerdict.SAME and is_shown:
            self.samples.append(tried)


class Trial:
    """Runs a module on what the log holds; nothing of it reaches the world, or the log."""

    def __init__(self, log: EventLog, artifacts: Artifacts, run: Run) -> None:
        self._log = log
        self._past = Past()
        self._materials = Materials(log, artifacts, self._past)
        self._comparison = Comparison(self._materials.content)
        self._rerunner = Rerunner(run, self._comparison)

    def runs(self, stretch: Stretch, limit: int) -> Sequence[RecordedRun]:
        """Return the newest runs of a stretch, at most ``limit``; of a delivery, its last attempt.

        Raises:
            NothingToTry: there is none.
            AmbiguousTrial: they are those of several plugins.
        """
        newest: OrderedDict[str, RecordedRun] = OrderedDict()
        for run in Reading(self._log, self._past, stretch).runs():
            key = run.delivery_id or run.subject
            newest[key] = run
            newest.move_to_end(key)
            if len(newest) > limit:
                newest.popitem(last=False)
        plugins = {run.plugin_id for run in newest.values() if run.plugin_id and run.invocation}
        if not plugins:
            raise NothingToTry
        if len(plugins) > 1:
            raise AmbiguousTrial(f"These plugins ran: {', '.join(sorted(plugins))}.", plugins=sorted(plugins))
        return [run for run in newest.values() if run.plugin_id in plugins]

    def tried(
        self, module: bytes, runs: Sequence[RecordedRun], progress: Progress | None = None
    ) -> Iterator[Tried]:
        """Yield what comes of each run with the module.

        Raises:
            SandboxBusy, WorkerUnavailable, CompilerUnavailable: this host cannot run guests now.
        """
        done, waiting = 0, iter(runs)
        while batch := list(islice(waiting, _BATCH_SIZE)):
            for material in self._materials.fetch_for(module, batch):
                yield self._try(material)
                done += 1
                if progress is not None:
                    progress(done, len(runs))

    def _try(self, material: Material | Missing) -> Tried:
        if isinstance(material, Missing):
            cause = material.cause
            why = cause.message if isinstance(cause, LogDamaged) else str(cause)
            return _tried(material.run, TrialVerdict.UNTRIED, why)
        run, broker = material.run, RecallingBroker(material.transcript, material.input)
        try:
            execution = self._rerunner.execute(material, broker)
        except LogDamaged as damage:
            return _tried(run, TrialVerdict.UNTRIED, damage.message)
        grants = grant_set(material.invocation.grants)
        said = said_by(material, execution)
        found = self._comparison.in_effect(material, execution, said, grants)
        return _tried(
            run,
            _verdict(run, said, found),
            said,
            differences=tuple(found),
            unanswered=broker.unanswered,
            fuel_units=execution.fuel_units,
        )


def _tried(run: RecordedRun, verdict: TrialVerdict, said: str, **facts: Any) -> Tried:
    fuel_units = run.invocation.fuel_units if run.invocation is not None else 0
    return Tried(run.position, run.subject, run.said, verdict, said, fuel_units_recorded=fuel_units, **facts)


def _verdict(run: RecordedRun, said: str, differences: Iterable[Difference]) -> TrialVerdict:
    aspects = {each.aspect for each in differences}
    if not aspects:
        return TrialVerdict.SAME
    is_worse = Aspect.OUTCOME in aspects and _is_good(run.said) and not _is_good(said)
    return TrialVerdict.FAILS if is_worse else TrialVerdict.DIFFERS


def _is_good(said: str) -> bool:
    """Return whether this is a success, or an answer of a hook."""
    return said == SUCCESS or said.endswith(f"({SUCCESS})")
