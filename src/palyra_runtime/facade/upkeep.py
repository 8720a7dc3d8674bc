"""The upkeep of the views."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from palyra_events.errors import InvalidInput
from palyra_events.store import EventLog
from palyra_runtime.job_count import check_jobs
from projections import (
    Answer,
    DeadLetter,
    Generation,
    Point,
    Progress,
    ProjectionStatus,
    Projector,
    Status,
    UnknownProjection,
    Verdict,
    Views,
    ask,
    builds,
    can_keep,
    check_kept,
    compare_builds,
    dead_letters,
    discard_dead_letters,
    drop_builds,
    fill_here,
    filling_in_processes,
    projection_status,
    roll_back,
    verify,
)

#: seconds that upkeep waits for a rebuild of somebody else
_WAIT_S = 5.0
#: rows of an answer, unless more are asked for
ROWS_DEFAULT = 1000


class NothingChosen(InvalidInput):
    """It has to be said which dead letters are meant."""

    code = "NOTHING_CHOSEN"
    advice = "Name positions, or say --all."


@dataclass(frozen=True, slots=True)
class RebuildPlan:
    """What a rebuild would do: fold so many events into each of these views, those after ``start``."""

    views: Sequence[str]
    events: int
    start: int = 0


@dataclass(frozen=True, slots=True)
class BuildPulse:
    """How far a build of a view has come."""

    name: str
    generation: int
    state: Status
    position: int
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """How far the log has come, and the builds of its views."""

    head: int
    builds: tuple[BuildPulse, ...]


class Upkeep:
    """Tells where the views stand, compares them with the log, and builds them anew."""

    def __init__(self, projector: Projector, views: Views, url: str) -> None:
        self._projector = projector
        self._views = views
        self._url = url

    def status(self) -> Sequence[ProjectionStatus]:
        """Return where each view stands."""
        return self._views.status()

    def show(self, name: str) -> Sequence[ProjectionStatus]:
        """Return all builds of a view, also the one before.

        Raises:
            UnknownProjection: there is nothing of this name.
        """
        rows = [row for row in projection_status(self._projector.folder, *Status) if row.name == name]
        if not rows:
            raise UnknownProjection(f"There is no build of a view {name!r}.", projection=name)
        return rows

    def pulse(self) -> Pulse:
        """Return how far the views have come that are live or being built; it asks for little."""
        head, present = builds(self._projector.folder)
        return Pulse(
            head,
            tuple(
                BuildPulse(each.projection, each.number, each.status, each.position, each.is_paused)
                for each in present
            ),
        )

    def plan(
        self, names: Collection[str] | None = None, *, changed: bool = False, start: Point = 0
    ) -> RebuildPlan:
        """Return what `rebuild` would do.

        Raises:
            UnknownProjection: there is no view of this name.
            UnknownEvent: the log is not that long.
            RowsNotKept: the rows of a view do not tell what they were at ``start``.
        """
        position = self._views.position_at(start)
        views = self._wanted(names, changed=changed, start=position)
        return RebuildPlan(views, self._projector.log.head() - position, position)

    def rebuild(
        self,
        names: Collection[str] | None = None,
        progress: Progress | None = None,
        *,
        changed: bool = False,
        start: Point = 0,
        jobs: int = 1,
    ) -> Sequence[ProjectionStatus]:
        """Build views anew from the log, all of them where none is named, and return where they stand.

        ``changed`` means those that other code has made. Readers see the old rows until the new ones are
        complete. ``progress`` is told the position that is reached and the one to reach, page by page.

        With ``start``, a position or a moment, the rows stay that were so then, and only what came later is
        folded; where no view is named, that is done to all whose rows tell it. Without, ``jobs`` processes
        share the views; a program that asks for more than one and is run as a script must be one that can be
        imported.

        Raises:
            UnknownProjection: there is no view of this name; nothing was begun.
            UnknownEvent: the log is not as long as ``start``; nothing was begun.
            RowsNotKept: the rows of a view do not tell what they were at ``start``; nothing was begun.
            JobsOutOfRange: work cannot be split into so many ``jobs``; nothing was begun.
            FillingKilled: one of the processes was killed.
            ProjectionFailed: a view cannot take in an event, and stays as it was.
            RebuildRunning: somebody else rebuilds views.
        """
        check_jobs(jobs)
        position = self._views.position_at(start)
        views = self._wanted(names, changed=changed, start=position)
        open_log = partial(EventLog.open, self._url, create=False)
        filling = fill_here if jobs == 1 else filling_in_processes(open_log, self._url, jobs)
        self._projector.rebuild(views, progress, start=position, filling=filling)
        return self.status()

    def verify(
        self, names: Collection[str] | None = None, progress: Progress | None = None
    ) -> Sequence[Verdict]:
        """Fold the log again and compare each of these views, or all, with what it gives.

        The views are brought to the head of the log first. Nothing that is found is changed.

        Raises:
            UnknownProjection: there is no view of this name.
            RebuildRunning: somebody else rebuilds views.
        """
        views = self._projector.views_named(names)
        self._projector.catch_up(needs=())
        return verify(self._projector.folder, views, wait_s=_WAIT_S, progress=progress)

    def diff(self, name: str) -> Verdict:
        """Compare the live build of a view with the one before it.

        Raises:
            UnknownProjection: there is no view of this name.
            NothingToGoBackTo: there is no build before it.
        """
        (view,) = self._projector.views_named([name])
        return compare_builds(self._projector.folder, view)

    def rollback(self, name: str) -> Sequence[ProjectionStatus]:
        """Let readers read the build before the live one; it is brought as far first.

        Raises:
            UnknownProjection: there is no view of this name.
            NothingToGoBackTo: there is no build before it that this program can go on with.
        """
        (view,) = self._projector.views_named([name])
        roll_back(self._projector.folder, view, wait_s=_WAIT_S)
        return self.show(name)

    def drop(self, name: str, *, live: bool = False) -> Sequence[Generation]:
        """Drop the builds of a view that nobody reads, or with ``live`` all of them; return what is gone.

        Raises:
            UnknownProjection: there is nothing of this name.
        """
        return drop_builds(self._projector.folder, name, with_live=live, wait_s=_WAIT_S)

    def pause(self, names: Collection[str]) -> Sequence[ProjectionStatus]:
        """Let views stand still: questions to them fail until `resume`, and so does what acts on them.

        Raises:
            UnknownProjection: there is no view of this name.
        """
        self._projector.pause(names)
        return self.status()

    def resume(self, names: Collection[str]) -> Sequence[ProjectionStatus]:
        """Let views go on.

        Raises:
            UnknownProjection: there is no view of this name.
        """
        self._projector.pause(names, is_paused=False)
        return self.status()

    def wait(
        self, position: int | None = None, names: Collection[str] | None = None, *, timeout_s: float = 30.0
    ) -> bool:
        """Wait until somebody, such as a gateway, has folded all events up to a position, or the head.

        Returns False where that did not happen in time.

        Raises:
            UnknownProjection: there is no view of this name.
        """
        until = self._projector.log.head() if position is None else position
        views = [view.name for view in self._projector.views_named(names)]
        return self._projector.wait(until, views, timeout_s)

    def query(self, question: str, *, limit: int = ROWS_DEFAULT) -> Answer:
        """Return the answer to a SELECT over the live tables, which have the names of the views.

        Raises:
            QueryFailed: the database cannot answer it.
        """
        views = {view.name: view for view in self._projector.views_named()}
        self._projector.catch_up(needs=())
        return ask(self._projector.folder.engine, views, question, limit)

    def dead_letters(self, name: str | None = None) -> Sequence[DeadLetter]:
        """Return the events that report views went on without."""
        return dead_letters(self._projector.folder.engine, name)

    def retry(self, name: str, progress: Progress | None = None) -> Sequence[DeadLetter]:
        """Try the dead letters of a view again, and return those that remain.

        The view is built anew for that, so that each event has its effect in its place.

        Raises:
            UnknownProjection: there is no view of this name.
        """
        self._projector.rebuild([name], progress)
        return self.dead_letters(name)

    def discard(
        self, name: str, positions: Collection[int] | None = None, *, all_of_them: bool = False
    ) -> Sequence[DeadLetter]:
        """Forget dead letters of a view, and return them; the next rebuild tries the events again.

        Raises:
            NothingChosen: neither positions nor all of them are meant.
            UnknownProjection: there is no view of this name.
        """
        if not positions and not all_of_them:
            raise NothingChosen(projection=name)
        self._projector.views_named([name])
        return discard_dead_letters(self._projector.folder.engine, name, positions or None)

    def _wanted(self, names: Collection[str] | None, *, changed: bool, start: int) -> list[str]:
        meant = names if names or not changed else self._projector.changed()
        views = self._projector.views_named(meant)
        if start:
            self._projector.catch_up(start, needs=())
            views = [view for view in views if names or can_keep(view)]
            check_kept(self._projector.folder, views, start)
        return [view.name for view in views]
