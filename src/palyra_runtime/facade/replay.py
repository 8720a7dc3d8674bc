"""Replay: what ran runs again, to the same bytes and the same fuel, and nothing of it reaches the world."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from palyra_events.application import Application
from palyra_events.errors import InvalidInput, NotFound, UnknownDelivery
from palyra_events.identifiers import normalize_hook_id, normalize_identifier
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.facade.delivery_absence import DeliveryAbsence
from palyra_runtime.job_count import check_jobs
from palyra_runtime.replay import (
    Explainer,
    Explanation,
    RecordedRun,
    Replayer,
    ReplayReport,
    Selection,
    Stretch,
    Trial,
    TrialReport,
)
from palyra_runtime.sandbox import InvalidModule, Sandbox, is_binary_module
from palyra_runtime.skills import UnknownModule
from palyra_runtime.wording import moment
from projections import AuditRow, Point, Progress, Views

#: runs that a trial looks at, unless more are asked for
TRIAL_LIMIT = 1_000


class UnreadableModule(NotFound):
    """The file of a module cannot be read."""

    code = "UNREADABLE_MODULE"
    advice = "Name the .wasm file that your project builds."


class InvalidStretch(InvalidInput):
    """A stretch of the log ends before it begins."""

    code = "INVALID_STRETCH"
    advice = "Give the smaller position, or the earlier time, to --from."


class CandidateNotChosen(InvalidInput):
    """A trial needs either a module's file or the version of an installed release."""

    code = "CANDIDATE_NOT_CHOSEN"
    advice = "Give one of --module FILE and --version VERSION."


class Replay:
    """Replays, explains, and tries modules on what has happened. Nothing of it is written anywhere.

    ``open_sandbox`` opens a sandbox for so many runs at once; a single one goes to the one that is there.
    """

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        log: EventLog,
        application: Application,
        views: Views,
        artifacts: Artifacts,
        guests: Sandbox,
        open_sandbox: Callable[[int], Sandbox],
        faults_max: int,
    ) -> None:
        self._log = log
        self._application = application
        self._views = views
        self._artifacts = artifacts
        self._guests = guests
        self._open_sandbox = open_sandbox
        self._faults_max = faults_max

    def run(  # noqa: PLR0913 - one argument for each thing that an auditor may choose
        self,
        *,
        first: Point | None = None,
        last: Point | None = None,
        hook: str | None = None,
        plugin: str | None = None,
        sample: int | None = None,
        jobs: int = 1,
        progress: Progress | None = None,
    ) -> ReplayReport:
        """Replay the log, or a stretch of it, and say in what the replay differs.

        Scheduling and decisions are derived anew; attempts, tool runs and answers of hooks run again, or
        a ``sample`` of so many of them. ``first`` and ``last`` are positions or moments, both included.

        Raises:
            InvalidIdentifier: this cannot be the name of a hook or a plugin.
            InvalidStretch, UnknownEvent: there is no such stretch.
            JobsOutOfRange: work cannot be split into so many ``jobs``.
            LogDamaged: the log cannot be read; `Ledger.verify` tells more.
            SandboxBusy, WorkerUnavailable, CompilerUnavailable: this host cannot run guests now.
        """
        check_jobs(jobs)
        stretch = self._stretch(first, last, hook, plugin)
        with ExitStack() as stack:
            guests = self._guests if jobs == 1 else stack.enter_context(self._open_sandbox(jobs))
            replayer = Replayer(self._log, self._artifacts, guests.invoke, jobs, faults_max=self._faults_max)
            return replayer.replay(stretch, sample=sample, progress=progress)

    def explain(self, what: str | int) -> Explanation:
        """Say why a delivery exists and what it did, or the same of the event at a position.

        Raises:
            UnknownDelivery, UnknownEvent: there is none.
            LogDamaged: its events cannot be read.
        """
        explainer = Explainer(self._log, self._artifacts, self._guests.invoke, self._told)
        text = str(what).strip()
        if text.isascii() and text.isdigit():
            return explainer.position(int(text))
        try:
            return explainer.delivery(text)
        except UnknownDelivery as error:
            raise DeliveryAbsence(self._log, self._views).explain(text) from error

    def try_module(  # noqa: PLR0913 - one argument for each thing that an operator may choose
        self,
        module: bytes | Path | None = None,
        *,
        version: str | None = None,
        plugin: str | None = None,
        hook: str | None = None,
        since: Point | None = None,
        limit: int = TRIAL_LIMIT,
        progress: Progress | None = None,
    ) -> TrialReport:
        """Run a module, or that of an installed ``version``, on what a plugin ran on, and compare.

        It gets the recorded inputs, grants and limits, and the recorded answers to its host calls. The
        newest ``limit`` runs ``since`` a position or moment are tried; of a delivery, the last attempt.

        Raises:
            CandidateNotChosen: not exactly one of module and version is given.
            UnreadableModule, InvalidModule: the module is none.
            UnknownSkill, UnknownRelease, UnknownModule, UnknownBlob: there is no such module in the release.
            NothingToTry, AmbiguousTrial: not exactly one plugin ran.
        """
        if (module is None) is (version is None):
            raise CandidateNotChosen
        trial = Trial(self._log, self._artifacts, self._guests.invoke)
        runs = trial.runs(self._stretch(since, None, hook, plugin), limit)
        candidate = self._installed(runs, version) if module is None else module_bytes(module)
        report = TrialReport(runs[-1].plugin_id or "", hashlib.sha256(candidate).hexdigest())
        for tried in trial.tried(candidate, runs, progress):
            report.take(tried)
        return report

    def _stretch(
        self, first: Point | None, last: Point | None, hook: str | None, plugin: str | None
    ) -> Stretch:
        """Return what is meant; a moment to begin with means the events after it."""
        begin = 1 if first is None else self._views.position_at(first) + (not isinstance(first, int))
        end = self._log.head() if last is None else self._views.position_at(last)
        if first is not None and last is not None and begin > end:
            raise InvalidStretch(f"Position {begin} comes after position {end}.")
        selection = Selection(
            None if hook is None else normalize_hook_id(hook),
            None if plugin is None else normalize_identifier(plugin, "plugin"),
        )
        return Stretch(max(begin, 1), end, selection)

    def _installed(self, runs: Sequence[RecordedRun], version: str | None) -> bytes:
        """Return the module of an installed release that has the path of the one that ran last."""
        last = next(run.invocation for run in reversed(runs) if run.invocation is not None)
        skill = self._application.skill(last.skill_id).state
        facts = skill.release(version or "").facts
        for module in facts.modules:
            if module.path == last.module_path:
                return self._artifacts.module(facts.artifact, module)
        raise UnknownModule(
            f"{last.skill_id} {version} has no module {last.module_path}.", module_path=last.module_path
        )

    def _told(self, position: int) -> str:
        """Return the row of the audit trail of an event as a sentence."""
        (row,) = self._views.audit(after=position - 1, limit=1)
        return _sentence(row)


def module_bytes(module: bytes | Path) -> bytes:
    """Return a module, from its file where that is what is given.

    Raises:
        UnreadableModule: the file cannot be read.
        InvalidModule: it is none.
    """
    try:
        content = module if isinstance(module, bytes) else module.read_bytes()
    except OSError as error:
        raise UnreadableModule(f"{module!s} cannot be read: {error.strerror}.") from error
    if not is_binary_module(content):
        raise InvalidModule("The file is no WebAssembly module in binary form.")
    return content


def _sentence(row: AuditRow) -> str:
    why = "; the reason was erased" if row.is_reason_erased else f": {row.reason}" if row.reason else ""
    what = f"{row.subject_kind} {row.subject_id} {row.summary}"
    return f"At position {row.position}, {moment(row.timestamp)}, by {row.actor}: {what}{why}."
