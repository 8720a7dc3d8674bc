"""The projector: keeps the views of a log up to date. Any process may fold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from time import monotonic as monotonic_s

from sqlalchemy import Engine

from palyra_events.errors import DatabaseTooNew
from palyra_events.registry import REGISTRY, Registry
from projections.catalogue import PROJECTIONS
from projections.engine import reading
from projections.errors import UnknownProjection
from projections.fact import LogReader
from projections.fold import Failures, Folder, Progress
from projections.generation import Generation, Status, check_not_ahead, generations, prepare
from projections.projection import Projection
from projections.rebuild import rebuild


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
        self._folder = Folder(engine, log, registry, self._projections, monotonic)
        prepare(engine)

    def catch_up(self, until: int | None = None, *, needs: Collection[str] | None = None) -> int:
        """Fold all views up to ``until``, or to the head of the log, and return that position.

        Views that are missing, or were made by an older version of their code, are built first. A
        decision view that cannot take in an event stands still before it, and the other views go on;
        ``needs`` names the views whose failure matters to the caller, by default all.

        Raises:
            ProjectionFailed: a view that is needed stands still.
            LogDamaged: a position is missing in the log, or the log is shorter than what was folded.
            DatabaseTooNew: the views were made by a newer Palyra.
            DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DiskFull, StorageFailed: try again.
        """
        failures = Failures()
        standing = self._settle(failures, until)
        head = self.log.head()
        check_not_ahead(standing, head)
        target = head if until is None else min(until, head)
        if any(generation.position < target for generation in standing):
            failures.update(self._folder.run(standing, self._current, target))
        for name, failure in failures.items():
            if needs is None or name in needs:
                raise failure
        return target

    def rebuild(self, names: Collection[str] | None = None, progress: Progress | None = None) -> None:
        """Build views anew, from the first event on, while the live ones stay in use.

        ``progress`` is told before each page, and at the end: the position that is reached, and the one
        to reach.

        Raises:
            UnknownProjection: there is no such view; nothing was begun.
            LogDamaged: a position is missing in the log, or the log is shorter than what was folded.
            ProjectionFailed: a view cannot take in an event, and stays as it was; the others are new.
        """
        wanted = self._projections.keys() if names is None else names
        for name in wanted:
            if name not in self._projections:
                raise UnknownProjection(f"There is no view {name!r}.", projection=name)
        views = [self._projections[name] for name in dict.fromkeys(wanted)]
        failures = rebuild(self._folder, views, from_scratch=True, progress=progress)
        for failure in failures.values():
            raise failure

    def _settle(self, failures: Failures, until: int | None) -> Sequence[Generation]:
        """Return what `_current` does, after building the views that are missing in it."""
        while True:
            standing = self._current()
            missing = self._projections.keys() - {g.projection for g in standing} - failures.keys()
            if not missing:
                return standing
            views = [self._projections[name] for name in missing]
            failures.update(rebuild(self._folder, views, from_scratch=False, until=until))

    def _current(self) -> Sequence[Generation]:
        """Return the live generations that this version of the code has made."""
        with reading(self.engine) as connection:
            live = generations(connection, Status.LIVE)
        return [generation for generation in live if self._is_current(generation)]

    def _is_current(self, generation: Generation) -> bool:
        projection = self._projections.get(generation.projection)
        if projection is not None and generation.version > projection.version:
            raise DatabaseTooNew(f"The view {projection.name} was made by a newer version of Palyra.")
        return projection is not None and generation.version == projection.version
