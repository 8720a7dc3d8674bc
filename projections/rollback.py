"""Going back to the build of a view before the live one, and dropping builds."""

from __future__ import annotations

from sqlalchemy import Connection

from projections.engine import reading, writing
from projections.errors import NothingToGoBackTo, UnknownProjection
from projections.exclusive import exclusively
from projections.fold import PAGE_EVENTS_MAX, Folder
from projections.generation import (
    Generation,
    Status,
    drop,
    generations,
    go_back,
    hold_views,
    lock_schema,
)
from projections.projection import Projection
from projections.rebuild import fold_rest


def roll_back(folder: Folder, view: type[Projection], *, wait_s: float) -> None:
    """Let readers read the build before the live one again; doing it twice undoes it.

    It is brought as far as the live one first, so that nobody sees a step back in time.

    Raises:
        NothingToGoBackTo: there is none, or the code of today cannot go on with it.
        ProjectionFailed: it cannot take in an event that the live one has taken in.
        RebuildRunning: somebody else rebuilds views.
    """
    with exclusively(folder.engine, wait_s=wait_s):
        while True:
            with reading(folder.engine) as connection:
                live, retired = _both(generations(connection, Status.LIVE, Status.RETIRED), view)
            failures = folder.run([retired], lambda: _retired(folder, view), live.position)
            for failure in failures.values():
                raise failure
            with writing(folder.engine) as connection:
                lock_schema(connection)
                if _swap(folder, connection, view):
                    return


def drop_builds(folder: Folder, name: str, *, with_live: bool, wait_s: float) -> list[Generation]:
    """Drop the builds of a view that nobody reads, or all of them, and return them.

    A view without a build is built anew when somebody asks for it, unless no code knows it any more.

    Raises:
        UnknownProjection: there is nothing of this name.
        RebuildRunning: somebody else rebuilds views.
    """
    with exclusively(folder.engine, wait_s=wait_s), writing(folder.engine) as connection:
        lock_schema(connection)
        builds = hold_views(connection, [name])
        if not builds and name not in folder.projections:
            raise UnknownProjection(f"There is no view {name!r}.", projection=name)
        dropped = [build for build in builds if with_live or build.status is not Status.LIVE]
        for build in dropped:
            drop(connection, build)
    return dropped


def _both(present: list[Generation], view: type[Projection]) -> tuple[Generation, Generation]:
    of_view = {generation.status: generation for generation in present if generation.projection == view.name}
    live, retired = of_view.get(Status.LIVE), of_view.get(Status.RETIRED)
    if live is None or retired is None or retired.version != view.version:
        raise NothingToGoBackTo(
            f"There is no earlier build of the view {view.name} to go back to.", projection=view.name
        )
    return live, retired


def _retired(folder: Folder, view: type[Projection]) -> list[Generation]:
    with reading(folder.engine) as connection:
        return [g for g in generations(connection, Status.RETIRED) if g.projection == view.name]


def _swap(folder: Folder, connection: Connection, view: type[Projection]) -> bool:
    """Swap the two; False where too much was folded meanwhile."""
    live, retired = _both(hold_views(connection, [view.name]), view)
    if live.position - retired.position > PAGE_EVENTS_MAX:
        return False
    fold_rest(folder, connection, retired, live.position)
    go_back(connection, live, retired)
    return True
