"""The projector: keeps the views of a log up to date. Any process may fold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from threading import Condition, Lock
from time import monotonic as monotonic_s

from sqlalchemy import Engine

from palyra_events.errors import DatabaseTooNew
from palyra_events.registry import REGISTRY, Registry
from projections.catalogue import PROJECTIONS
from projections.code import code_hash
from projections.decoder import Decoder
from projections.engine import reading, writing
from projections.errors import UnknownProjection, ViewPaused
from projections.fact import LogReader
from projections.filling import Filling, fill_here
from projections.fold import Failures, Folder, Progress
from projections.generation import (
    Generation,
    Status,
    check_not_ahead,
    generations,
    prepare,
    set_paused,
)
from projections.projection import Projection
from projections.rebuild import rebuild, sweep

#: seconds that a rebuild waits for another one
REBUILD_WAIT_S = 5.0
#: seconds between two looks at what other processes have folded
LOOK_AGAIN_S = 0.02
#: seconds that whoever needs a view waits for another process to build it
FIRST_WAIT_S = 600.0


class Projector:
    """Folds a log into views. Safe to share between threads, and to have in many processes at once."""

    def __init__(
        self,
        engine: Engine,
        log: LogReader,
        registry: Registry = REGISTRY,
        projections: Sequence[type[Projection]] = PROJECTIONS,
        *,
        monotonic: Callable[[], float] = monotonic_s,
    ) -> None:
        """Make the bookkeeping tables where they are missing.

        Raises:
            DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DiskFull, StorageFailed: nothing was
                written.
        """
        self.engine = engine
        self.log = log
        self._projections = {projection.name: projection for projection in projections}
        self._folding = Lock()
        self._folded = Condition()
        self._monotonic = monotonic
        #: what is folded, from where, into what: for those who look after the views
        self.folder = Folder(engine, log, Decoder(registry), self._projections, monotonic)
        prepare(engine)
        sweep(self.folder)

    def catch_up(self, until: int | None = None, *, needs: Collection[str] | None = None) -> int:
        """Fold all views up to ``until``, or to the head of the log, and return that position.

        Views that are missing, or were made by an older version of their code, are built first. A
        decision view that cannot take in an event stands still before it, and the other views go on;
        ``needs`` names the views whose failure matters to the caller, by default all. Views that are
        paused stay where they are, which is an error for who names them.

        Raises:
            ProjectionFailed: a view that is needed stands still.
            ViewPaused: a view that is named is paused, and does not stand where it would be needed.
            LogDamaged: a position is missing in the log, or the log is shorter than what was folded.
            DatabaseTooNew: the views were made by a newer Palyra.
            DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DiskFull, StorageFailed: try again.
        """
        failures = Failures()
        standing = self._settle(failures, until)
        head = self.log.head()
        check_not_ahead(standing, head)
        target = head if until is None else min(until, head)
        if _is_behind([each for each in standing if not each.is_paused], target):
            # Threads that come together fold once: on SQLite they would wait for each other by sleeping.
            with self._in_turn() as has_waited:
                going = self._going() if has_waited else [g for g in standing if not g.is_paused]
                if _is_behind(going, target):
                    failures.update(self.folder.run(going, self._going, target))
            with self._folded:
                self._folded.notify_all()
        _check_going(standing, target, needs or ())
        for name, failure in failures.items():
            if needs is None or name in needs:
                raise failure
        return target

    def wait(self, position: int, names: Collection[str], timeout_s: float) -> bool:
        """Wait until somebody has folded all events up to ``position`` into these views.

        Threads of this process wake each other; what other processes do is seen within milliseconds.
        Returns False where that did not happen within ``timeout_s`` seconds.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be seen.
        """
        deadline = self._monotonic() + timeout_s
        with self._folded:
            while not set(names) <= {g.projection for g in self._current() if g.position >= position}:
                left = deadline - self._monotonic()
                if left <= 0:
                    return False
                self._folded.wait(min(left, LOOK_AGAIN_S))
        return True

    def rebuild(
        self,
        names: Collection[str] | None = None,
        progress: Progress | None = None,
        *,
        start: int = 0,
        filling: Filling = fill_here,
        wait_s: float = REBUILD_WAIT_S,
    ) -> None:
        """Build views anew while the live ones stay in use, from the first event on, or from a later one.

        With ``start`` the rows stay that were so after the event there. ``progress`` is told before each
        page, and at the end: the position that is reached, and the one to reach.

        Raises:
            UnknownProjection: there is no such view; nothing was begun.
            RowsNotKept: the rows of one do not tell what they were at ``start``; nothing was changed.
            RebuildRunning: another rebuild took longer than ``wait_s`` seconds; nothing was begun.
            LogDamaged: a position is missing in the log, or the log is shorter than what was folded.
            ProjectionFailed: a view cannot take in an event, and stays as it was; the others are new.
        """
        views = self.views_named(names)
        failures = rebuild(
            self.folder,
            lambda: views,
            from_scratch=True,
            wait_s=wait_s,
            start=start,
            filling=filling,
            progress=progress,
        )
        for failure in failures.values():
            raise failure

    def views_named(self, names: Collection[str] | None = None) -> Sequence[type[Projection]]:
        """Return the views of these names, each once, or all.

        Raises:
            UnknownProjection: there is no such view.
        """
        wanted = self._projections.keys() if names is None else names
        for name in wanted:
            if name not in self._projections:
                raise UnknownProjection(f"There is no view {name!r}.", projection=name)
        return [self._projections[name] for name in dict.fromkeys(wanted)]

    def pause(self, names: Collection[str], *, is_paused: bool = True) -> None:
        """Let live views stand still, or go on.

        Raises:
            UnknownProjection: there is no such view; nothing was done.
        """
        views = [view.name for view in self.views_named(names)]
        with writing(self.engine) as connection:
            set_paused(connection, views, is_paused=is_paused)

    def changed(self) -> Sequence[str]:
        """Return the views that are live and were made by other code than this program has."""
        return [
            generation.projection
            for generation in self._current()
            if generation.code_hash != code_hash(self._projections[generation.projection])
        ]

    def _settle(self, failures: Failures, until: int | None) -> Sequence[Generation]:
        """Return what `_current` does, after building the views that are missing in it."""
        while True:
            standing = self._current()
            if not self._missing(standing, failures):
                return standing
            failures.update(
                rebuild(
                    self.folder,
                    lambda: self._missing(self._current(), failures),
                    from_scratch=False,
                    wait_s=FIRST_WAIT_S,
                    until=until,
                )
            )

    def _missing(self, standing: Sequence[Generation], failures: Failures) -> list[type[Projection]]:
        there = {generation.projection for generation in standing} | failures.keys()
        return [projection for name, projection in self._projections.items() if name not in there]

    def _current(self) -> Sequence[Generation]:
        """Return the live generations that this version of the code has made."""
        with reading(self.engine, as_one=False) as connection:
            live = generations(connection, Status.LIVE)
        return [generation for generation in live if self._is_current(generation)]

    @contextmanager
    def _in_turn(self) -> Iterator[bool]:
        """Fold as the only thread while the block runs, and tell it whether another one has folded before."""
        has_waited = not self._folding.acquire(blocking=False)
        if has_waited:
            self._folding.acquire()
        try:
            yield has_waited
        finally:
            self._folding.release()

    def _going(self) -> Sequence[Generation]:
        """Return those of them that are not paused."""
        return [generation for generation in self._current() if not generation.is_paused]

    def _is_current(self, generation: Generation) -> bool:
        projection = self._projections.get(generation.projection)
        if projection is not None and generation.version > projection.version:
            raise DatabaseTooNew(f"The view {projection.name} was made by a newer version of Palyra.")
        return projection is not None and generation.version == projection.version


def _check_going(standing: Sequence[Generation], target: int, needs: Collection[str]) -> None:
    for view in standing:
        if view.is_paused and view.position < target and view.projection in needs:
            raise ViewPaused(
                f"The view {view.projection} is paused at position {view.position}.",
                projection=view.projection,
            )


def _is_behind(standing: Sequence[Generation], target: int) -> bool:
    return any(generation.position < target for generation in standing)
