"""Folding: bringing generations of views forward, page by page, whoever else does the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from palyra_events.errors import LogDamaged, PalyraError
from palyra_events.event import Event
from projections.decoder import Decoder
from projections.engine import writing
from projections.errors import ProjectionFailed
from projections.fact import Fact, FactReader, LogReader
from projections.generation import Generation, advance, bury, hold
from projections.projection import Projection
from projections.rows import Rows

#: events of one transaction
PAGE_EVENTS_MAX = 1000
#: seconds of work in one transaction; on SQLite nobody else can write meanwhile
PAGE_SECONDS_MAX = 0.020
#: events before the first look at the clock; then twice as many, and so on
STEP_EVENTS = 200

#: told before each page, and at the end: the position that is reached, and the one to reach
Progress: TypeAlias = Callable[[int, int], None]
Failures: TypeAlias = dict[str, ProjectionFailed]


@dataclass(frozen=True, slots=True)
class Folder:
    """Folds the events of a log into views. Safe to share between threads.

    ``monotonic`` tells seconds that never go back; it bounds a page, and no row depends on it.
    """

    engine: Engine
    log: LogReader
    decoder: Decoder
    projections: Mapping[str, type[Projection]]
    monotonic: Callable[[], float]

    def reader(self) -> FactReader:
        """Return a reader of the log."""
        return FactReader(self.log, self.decoder)

    def run(
        self,
        present: Sequence[Generation],
        reread: Callable[[], Sequence[Generation]],
        until: int,
        progress: Progress | None = None,
    ) -> Failures:
        """Fold until all generations that are present have come to ``until``.

        They are of one status. Those that stand at one position go forward together. A view that fails
        stays where it is and is returned; the others go on. Where somebody else folds the same ones,
        ``reread`` tells how they stand.

        Raises:
            LogDamaged: a position is missing in the log.
            DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DiskFull, StorageFailed: the pages
                before are kept.
        """
        reader, failures = self.reader(), Failures()
        while behind := [g for g in present if g.position < until and g.projection not in failures]:
            position = min(g.position for g in behind)
            if progress is not None:
                progress(position, until)
            together = [g for g in behind if g.position == position]
            stop = min((g.position for g in behind if g.position > position), default=until)
            facts = reader.after(position, min(PAGE_EVENTS_MAX, stop - position))
            reached = self._fold(together, facts, failures)
            present = reread() if reached is None else _moved(present, together, reached)
        if progress is not None and not failures:
            progress(until, until)
        return failures

    def _fold(
        self, generations: Sequence[Generation], facts: Sequence[Fact[Event]], failures: Failures
    ) -> int | None:
        """Fold a page in one transaction and return the position.

        It is None, and nothing was folded, where somebody else has been here; it is None as well
        where an event failed and only some of the views may have come forward.
        """
        try:
            with writing(self.engine) as connection:
                if hold(connection, generations):
                    return self.apply(connection, generations, facts)
        except Exception as error:
            if not is_about_an_event(error):
                raise
            self._isolate(generations, facts, failures, error)
        return None

    def apply(self, connection: Connection, held: Sequence[Generation], facts: Sequence[Fact[Event]]) -> int:
        """Fold facts into generations that are held, for as long as a page may take; return the position."""
        views = [self.projections[g.projection].of(g.number) for g in held]
        deadline = self.monotonic() + PAGE_SECONDS_MAX
        done, step = 0, STEP_EVENTS
        while done < len(facts) and (done == 0 or self.monotonic() < deadline):
            some = facts[done : done + step]
            for view in views:
                _take(view, some, connection)
            done, step = done + len(some), 2 * step
        advance(connection, held, facts[done - 1].position)
        return facts[done - 1].position

    def _isolate(
        self,
        generations: Sequence[Generation],
        facts: Sequence[Fact[Event]],
        failures: Failures,
        error: Exception,
    ) -> None:
        """Close in on the one view and the one event that fail; what stands before is folded and kept."""
        if len(generations) > 1:
            for generation in generations:
                self._fold([generation], facts, failures)
        elif len(facts) > 1:
            self._fold(generations, facts[: len(facts) // 2], failures)
        elif self.projections[generations[0].projection].is_decision:
            failures[generations[0].projection] = _failure(generations[0], facts[0], error)
        else:
            self._pass_over(generations[0], facts[0], error)

    def _pass_over(self, generation: Generation, fact: Fact[Event], error: Exception) -> None:
        """Go on without this event, and say so: a report with a known hole is better than none."""
        with writing(self.engine) as connection:
            if hold(connection, [generation]):
                bury(connection, generation, fact.position, _words(error))
                advance(connection, [generation], fact.position)


def _moved(present: Sequence[Generation], moved: Sequence[Generation], position: int) -> Sequence[Generation]:
    return [replace(g, position=position) if g in moved else g for g in present]


def _take(view: Projection, facts: Sequence[Fact[Any]], connection: Connection) -> None:
    rows = Rows()
    put_down(view, facts, rows)
    touched = rows.fold(connection)
    rows.write_all(connection)
    view.settle(connection, touched)


def put_down(view: Projection, facts: Sequence[Fact[Any]], rows: Rows) -> None:
    """Let the handlers of a view say what some events change."""
    for fact in facts:
        rows.position = fact.position
        view.fold(fact, rows)


def is_about_an_event(error: Exception) -> bool:
    """Tell an event that a view cannot take in from a world in which no event could be."""
    if isinstance(error, PalyraError):
        return isinstance(error, LogDamaged)
    if isinstance(error, DBAPIError):
        return isinstance(error, IntegrityError | DataError)
    return not isinstance(error, OSError | MemoryError)


def _failure(generation: Generation, fact: Fact[Event], error: Exception) -> ProjectionFailed:
    failure = ProjectionFailed(
        f"The view {generation.projection} cannot take in event {fact.position}: {_words(error)}",
        projection=generation.projection,
        position=fact.position,
    )
    failure.__cause__ = error
    return failure


def _words(error: Exception) -> str:
    """Return an error in one line, without the statement and the values that SQLAlchemy would add."""
    if isinstance(error, PalyraError):
        return error.message
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(cause).__name__}: {cause}".partition("\n")[0]
