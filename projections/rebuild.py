"""Rebuilding: a new generation of a view is filled beside the live one, then takes its place.

The log stays writable and the live generation readable all the time. A build is filled in one go (see
`filling`), or begins with rows of the live one (see `keeping`). A process that is killed leaves nothing but
tables that the next one drops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress

from sqlalchemy import Connection

from palyra_events.errors import DatabaseLocked
from projections.engine import reading, writing
from projections.errors import RebuildRunning
from projections.exclusive import exclusively
from projections.filling import Filling, fill_here
from projections.fold import PAGE_EVENTS_MAX, Failures, Folder, Progress, is_about_an_event
from projections.generation import (
    Generation,
    Status,
    begin,
    check_not_ahead,
    drop,
    generations,
    go_live,
    hold_views,
    lock_schema,
)
from projections.keeping import check_kept, keep_rows
from projections.projection import Projection

#: milliseconds that who drops old tables waits for those who read them, and lets others wait
LEFT_LOCK_TIMEOUT_MS = 20
#: on SQLite nobody can write while an index is made, so above this many events they are made first
INDEXES_LAST_EVENTS_MAX = 2_000_000


def rebuild(  # noqa: PLR0913 - what a rebuild can be asked for
    folder: Folder,
    wanted: Callable[[], Iterable[type[Projection]]],
    *,
    from_scratch: bool,
    wait_s: float,
    until: int | None = None,
    start: int = 0,
    filling: Filling = fill_here,
    progress: Progress | None = None,
) -> Failures:
    """Fill a new generation of each view and let it go live; return the views that failed.

    One process at a time does this; ``wanted`` is asked once it is this one. A view is filled up to
    ``until``, or to the head of the log, and in any case as far as the live one. Unless it is to be done
    ``from_scratch``, a build that was stopped by an event that it could not take in is carried on with.
    It begins with the rows that the live one has had after the event at ``start``, and else is filled by
    ``filling``.

    Raises:
        RowsNotKept: of one of the views these rows cannot be told; nothing was changed.
        LogDamaged: a position is missing in the log, or the log is shorter than what was folded.
        RebuildRunning: somebody else rebuilt views for longer than ``wait_s`` seconds.
    """
    with exclusively(folder.engine, wait_s=wait_s):
        target = _target(folder, until)
        views = sorted(wanted(), key=lambda view: view.name)
        carried = _clear(folder, () if from_scratch else views)
        new = [view for view in views if view.name not in carried]
        if start:
            failures = _continue(folder, new, start, target, progress)
        else:
            failures = _build(folder, new, target, progress, filling)
        failures.update(_go_live(folder, {view.name for view in views}, target, failures))
        _drop_left(folder)
        if progress is not None and not failures:
            progress(target, target)
    return failures


@contextmanager
def scratch(
    folder: Folder,
    views: Sequence[type[Projection]],
    until: int,
    *,
    wait_s: float,
    progress: Progress | None = None,
) -> Iterator[Failures]:
    """Fill builds of views that never go live, for as long as a block runs; see `rebuild`.

    What is left by a process that is killed meanwhile is what a killed rebuild leaves.

    Raises:
        LogDamaged, RebuildRunning: as there.
    """
    with exclusively(folder.engine, wait_s=wait_s):
        _clear(folder, ())
        try:
            yield _build(folder, views, until, progress)
        finally:
            _clear(folder, ())


def sweep(folder: Folder) -> None:
    """Drop what rebuilds that were killed have left, unless somebody is rebuilding right now."""
    with reading(folder.engine) as connection:
        left = [g for g in generations(connection, Status.BUILDING) if not g.position]
    if not left:
        return
    with suppress(RebuildRunning), exclusively(folder.engine, wait_s=0), writing(folder.engine) as connection:
        lock_schema(connection)
        for generation in generations(connection, Status.BUILDING):
            if generation in left:
                drop(connection, generation)


def _build(
    folder: Folder,
    views: Sequence[type[Projection]],
    target: int,
    progress: Progress | None,
    filling: Filling = fill_here,
) -> Failures:
    """Fill new generations up to a position, and return the views that failed before it."""
    failures, builds = Failures(), _begin(folder, views, target)
    filled = filling(folder, builds, target, progress)
    for build in builds:
        if build not in filled:
            failures.update(_fold_anew(folder, build, target))
    return failures


def _continue(
    folder: Folder, views: Sequence[type[Projection]], start: int, target: int, progress: Progress | None
) -> Failures:
    """Fold what came after ``start`` into new generations with the rows of then; return what failed."""
    check_kept(folder, views, start)
    keep_rows(folder, _begin(folder, views, target), start)
    return fold_builds(folder, {view.name for view in views}, target, progress)


def _clear(folder: Folder, carry_on: Sequence[type[Projection]]) -> set[str]:
    """Drop what others have left half-built, and return the views that can be carried on with.

    A build that is being filled in one go stands at position 0 to its end, so one that stands
    elsewhere was folded page by page, as far as it tells.
    """
    current = {(view.name, view.version) for view in carry_on}
    with writing(folder.engine) as connection:
        lock_schema(connection)
        left = generations(connection, Status.BUILDING)
        carried = {g.projection for g in left if g.position and (g.projection, g.version) in current}
        for generation in left:
            if generation.projection not in carried:
                drop(connection, generation)
    return carried


def _target(folder: Folder, until: int | None) -> int:
    head = folder.log.head()
    with reading(folder.engine) as connection:
        check_not_ahead(generations(connection, Status.LIVE), head)
    return head if until is None else min(until, head)


def _begin(folder: Folder, projections: Sequence[type[Projection]], target: int) -> list[Generation]:
    """Make the tables of new generations."""
    with writing(folder.engine) as connection:
        lock_schema(connection)
        builds = [begin(connection, projection, target) for projection in projections]
        if connection.dialect.name == "sqlite" and target > INDEXES_LAST_EVENTS_MAX:
            for projection, build in zip(projections, builds, strict=True):
                projection.of(build.number).create_indexes(connection)
    return builds


def _drop_left(folder: Folder) -> None:
    """Drop what is left of older rebuilds; what somebody still reads waits for the next one."""
    with reading(folder.engine) as connection:
        left = generations(connection, Status.LEFT)
    for generation in left:
        with suppress(DatabaseLocked), writing(folder.engine) as connection:
            lock_schema(connection)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LEFT_LOCK_TIMEOUT_MS:d}")
            drop(connection, generation)


def _fold_anew(folder: Folder, build: Generation, target: int) -> Failures:
    """Fold page by page what could not be folded at once: that finds the event, and knows what to do."""
    projection = folder.projections[build.projection]
    with writing(folder.engine) as connection:
        lock_schema(connection)
        drop(connection, build)
        generation = begin(connection, projection, target)
        projection.of(generation.number).create_indexes(connection)
    return fold_builds(folder, {build.projection}, target)


def fold_builds(
    folder: Folder, names: AbstractSet[str], target: int, progress: Progress | None = None
) -> Failures:
    """Fold what is being built of these views page by page up to a position; return what failed."""

    def building() -> list[Generation]:
        with reading(folder.engine) as connection:
            return [g for g in generations(connection, Status.BUILDING) if g.projection in names]

    return folder.run(building(), building, target, progress)


def _go_live(folder: Folder, names: AbstractSet[str], target: int, failed: Failures) -> Failures:
    """Let all builds go live at once, as soon as none is far behind the live one; return what failed."""
    failures = Failures(failed)
    while True:
        pending = names - failures.keys()
        failures.update(fold_builds(folder, pending, target))
        if _flip(folder, names - failures.keys()):
            return failures
        # The live one is further than `until`, and there is no way back.
        target = folder.log.head()


def _flip(folder: Folder, names: AbstractSet[str]) -> bool:
    """Fold the rest and go live in one step; False where one of the builds has too much to fold yet."""
    try:
        with writing(folder.engine) as connection:
            lock_schema(connection)
            held = hold_views(connection, names)
            live = {g.projection: g.position for g in held if g.status is Status.LIVE}
            builds = [g for g in held if g.status is Status.BUILDING]
            if any(live.get(g.projection, 0) - g.position > PAGE_EVENTS_MAX for g in builds):
                return False
            for build in builds:
                fold_rest(folder, connection, build, live.get(build.projection, 0))
                go_live(connection, build)
    except Exception as error:
        # Folding page by page will meet the same event again, and tell which one it is.
        if not is_about_an_event(error):
            raise
        return False
    return True


def fold_rest(folder: Folder, connection: Connection, build: Generation, until: int) -> None:
    """Fold what the live generation has folded meanwhile, while it is held: nobody sees a step back."""
    reader, position = folder.reader(), build.position
    while position < until:
        position = folder.apply(connection, [build], reader.after(position, until - position))
