"""Filling: an empty build gets its rows in one go, each written once, and its indexes last."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Connection

from projections.engine import writing
from projections.fact import Fact
from projections.fold import Folder, Progress, is_about_an_event, put_down
from projections.generation import Generation, advance
from projections.projection import Projection
from projections.rows import Rows

#: rows of one view in memory; more are written out, and looked up when they change. Each takes about 1 kB.
ROWS_IN_MEMORY_MAX = 100_000
#: events that are folded together
FILL_EVENTS = 1000

#: fills builds up to a position, and returns those that could take in every event
Filling: TypeAlias = Callable[[Folder, Sequence[Generation], int, Progress | None], Sequence[Generation]]


@dataclass(slots=True)
class _Build:
    """A generation that is being filled."""

    view: Projection
    generation: Generation
    rows: Rows = field(default_factory=lambda: Rows(is_whole=True))

    def take(self, connection: Connection) -> None:
        """Write what the last page has settled, and all there is where it would be too much for memory."""
        self.rows.fold(connection)
        self.rows.write_ended(connection)
        if len(self.rows) > ROWS_IN_MEMORY_MAX:
            self.view.create_indexes(connection, [temporal.now_index for temporal in self.view.temporals])
            self.rows.write_all(connection)


def fill_here(
    folder: Folder, generations: Sequence[Generation], target: int, progress: Progress | None = None
) -> Sequence[Generation]:
    """Fold the log into some builds at once, in this thread.

    Raises:
        LogDamaged: a position is missing in the log.
        DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DiskFull, StorageFailed: they are not filled.
    """
    builds = [_Build(folder.projections[each.projection].of(each.number), each) for each in generations]
    with _collecting_little():
        filled = _fill(folder, builds, target, progress)
    for build in filled:
        _finish(folder, build, target)
    return [build.generation for build in filled]


@contextmanager
def _collecting_little() -> Iterator[None]:
    """Let the collector of garbage look at nothing that is there already: that saves a sixth of the time.

    Rows come and go by the million, and it would look through all else again and again on their account.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _fill(
    folder: Folder, builds: Sequence[_Build], target: int, progress: Progress | None
) -> Sequence[_Build]:
    reader, position = folder.reader(), 0
    while position < target and builds:
        if progress is not None:
            progress(position, target)
        facts = reader.after(position, min(FILL_EVENTS, target - position))
        builds = [build for build in builds if _put_down(build, facts)]
        with writing(folder.engine) as connection:
            builds = [build for build in builds if _take(connection, build)]
        position = facts[-1].position
    return builds


def _put_down(build: _Build, facts: Sequence[Fact[Any]]) -> bool:
    try:
        put_down(build.view, facts, build.rows)
    except Exception as error:
        if not is_about_an_event(error):
            raise
        return False
    return True


def _take(connection: Connection, build: _Build) -> bool:
    try:
        with connection.begin_nested():
            build.take(connection)
    except Exception as error:
        if not is_about_an_event(error):
            raise
        return False
    return True


def _finish(folder: Folder, build: _Build, target: int) -> None:
    """Write what holds at the end, make the indexes, and derive what follows."""
    with writing(folder.engine) as connection:
        build.rows.write_all(connection)
    for index in build.view.indexes():
        with writing(folder.engine) as connection:
            build.view.create_indexes(connection, [index])
    with writing(folder.engine) as connection:
        build.view.settle(connection, None)
        advance(connection, [build.generation], target)
