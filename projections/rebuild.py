"""Rebuilding: a new generation of a view is filled beside the live one, then takes its place.

The log stays writable and the live generation readable all the time. What was folded is kept page
by page, so a process that is killed leaves a generation that somebody can carry on with, or drop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from projections.engine import reading, writing
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
from projections.projection import Projection


def rebuild(
    folder: Folder,
    projections: Sequence[type[Projection]],
    *,
    from_scratch: bool,
    until: int | None = None,
    progress: Progress | None = None,
) -> Failures:
    """Fill a new generation of each view and let it go live; return the views that failed.

    It is filled up to ``until``, or to the head of the log, and in any case as far as the live one.
    With ``from_scratch`` a generation that somebody left half-built is dropped. Otherwise it is
    carried on with, also together with whoever is building it right now.

    Raises:
        LogDamaged: a position is missing in the log, or the log is shorter than what was folded.
    """
    numbers = _begin(folder, projections, from_scratch=from_scratch)

    def building() -> list[Generation]:
        with reading(folder.engine) as connection:
            return [
                g for g in generations(connection, Status.BUILDING) if numbers.get(g.projection) == g.number
            ]

    while True:
        head = folder.log.head()
        target = head if until is None else min(until, head)
        failures = folder.run(building(), building, target, progress)
        complete = {name: number for name, number in numbers.items() if name not in failures}
        if _take_over(folder, complete):
            return failures
        # The live one is further than `until`, and there is no way back.
        until = None


def _begin(folder: Folder, projections: Sequence[type[Projection]], *, from_scratch: bool) -> dict[str, int]:
    """Make new generations, or find those to carry on with; return their numbers."""
    numbers = {}
    with writing(folder.engine) as connection:
        lock_schema(connection)
        live = generations(connection, Status.LIVE)
        left = {generation.projection: generation for generation in generations(connection, Status.BUILDING)}
        head = folder.log.head()
        check_not_ahead(live, head)
        for projection in sorted(projections, key=lambda projection: projection.name):
            build = left.get(projection.name)
            if build is not None and (from_scratch or build.version != projection.version):
                drop(connection, build)
                build = None
            numbers[projection.name] = (build or begin(connection, projection, head)).number
    return numbers


def _take_over(folder: Folder, numbers: Mapping[str, int]) -> bool:
    """Let all these generations go live at once; False where one of them has too much to fold yet."""
    try:
        with writing(folder.engine) as connection:
            lock_schema(connection)
            held = hold_views(connection, numbers.keys())
            live = {g.projection: g.position for g in held if g.status is Status.LIVE}
            # What is not building any more was brought to its end by somebody else.
            builds = [g for g in held if g.status is Status.BUILDING and numbers[g.projection] == g.number]
            if any(live.get(g.projection, 0) - g.position > PAGE_EVENTS_MAX for g in builds):
                return False
            for build in builds:
                _finish(folder, connection, build, live.get(build.projection, 0))
                go_live(connection, build)
    except Exception as error:
        # Folding page by page will meet the same event again, and tell which one it is.
        if not is_about_an_event(error):
            raise
        return False
    return True


def _finish(folder: Folder, connection: Connection, build: Generation, until: int) -> None:
    """Fold what the live generation has folded meanwhile, while it is held: nobody sees a step back."""
    reader, position = folder.reader(), build.position
    while position < until:
        position = folder.apply(connection, [build], reader.after(position, until - position))
