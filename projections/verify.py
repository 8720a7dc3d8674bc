"""Comparing views: the same log must give the same rows, live or rebuilt, on either database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine

from projections.catalogue import PROJECTIONS
from projections.compare import Difference, differences, rows_in_order
from projections.engine import reading, writing
from projections.errors import NothingToGoBackTo, UnknownProjection, ViewBehind
from projections.fold import Folder, Progress
from projections.generation import Generation, Status, generations, hold_views, lock_schema
from projections.projection import Projection
from projections.rebuild import fold_builds, fold_rest, scratch

_BY_NAME = {projection.name: projection for projection in PROJECTIONS}

#: differences of one view that are named; all are counted
DIFFERENCES_MAX = 1000
#: how often a view is compared while others fold it, before they have to wait
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of comparing two builds of a view, as both stand at a position.

    ``failure`` says why there was nothing to compare with. Of the differences the first
    thousand are named.
    """

    name: str
    position: int
    differences: tuple[Difference, ...]
    differences_count: int
    failure: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether the view holds what it should."""
        return self.failure is None and not self.differences_count


def verify(
    folder: Folder,
    views: Sequence[type[Projection]],
    *,
    wait_s: float,
    progress: Progress | None = None,
) -> list[Verdict]:
    """Fold the log again, into tables of which nobody else knows, and compare these with the live ones.

    The memory that it takes is bounded as a rebuild's is. Others read and fold meanwhile; a view is
    compared as far as its live tables are.

    Raises:
        ViewBehind: one of the views has not been built yet.
        LogDamaged, RebuildRunning: as `rebuild` raises them.
    """
    with reading(folder.engine) as connection:
        standing = _standing(generations(connection, Status.LIVE), views)
    start = min((generation.position for generation in standing.values()), default=0)
    with scratch(folder, views, start, wait_s=wait_s, progress=progress) as failures:
        return [_verdict(folder, view, failures.get(view.name)) for view in views]


def compare_builds(folder: Folder, view: type[Projection]) -> Verdict:
    """Compare the live build of a view with the one before it, each as it stands.

    Raises:
        NothingToGoBackTo: there is no build before it that this code can read.
        ViewBehind: the view has not been built yet.
    """
    with reading(folder.engine) as connection:
        live = _standing(generations(connection, Status.LIVE), [view])[view.name]
        before = [g for g in generations(connection, Status.RETIRED) if g.projection == view.name]
        if not before or before[0].version != view.version:
            raise NothingToGoBackTo(
                f"There is no earlier build of the view {view.name}.", projection=view.name
            )
        return _compared(connection, view, live, before[0])


def _standing(live: Iterable[Generation], views: Sequence[type[Projection]]) -> dict[str, Generation]:
    versions = {view.name: view.version for view in views}
    standing = {g.projection: g for g in live if versions.get(g.projection) == g.version}
    for name in versions.keys() - standing.keys():
        raise ViewBehind(f"The view {name} has not been built yet.", projection=name)
    return standing


def _verdict(folder: Folder, view: type[Projection], failure: Exception | None) -> Verdict:
    for _ in range(_TRIES):
        with reading(folder.engine) as connection:
            live, build = _pair(generations(connection, *Status), view)
            if live.position == build.position:
                return _compared(connection, view, live, build)
        if failure is not None:
            return Verdict(view.name, build.position, (), 0, str(failure))
        failure = fold_builds(folder, {view.name}, live.position).get(view.name)
    # Whoever folds all the time has to wait for once.
    with writing(folder.engine) as connection:
        lock_schema(connection)
        live, build = _pair(hold_views(connection, [view.name]), view)
        fold_rest(folder, connection, build, live.position)
        return _compared(connection, view, live, build)


def _pair(present: Iterable[Generation], view: type[Projection]) -> tuple[Generation, Generation]:
    """Return the live and the building generation of a view."""
    of_view = {generation.status: generation for generation in present if generation.projection == view.name}
    return of_view[Status.LIVE], of_view[Status.BUILDING]


def _compared(connection: Connection, view: type[Projection], live: Generation, other: Generation) -> Verdict:
    found = differences(connection, view.of(live.number), view.of(other.number))
    named = tuple(islice(found, DIFFERENCES_MAX))
    return Verdict(view.name, live.position, named, len(named) + sum(1 for _ in found))


def content_digest(engine: Engine, name: str, generation: int | None = None) -> str:
    """Return the SHA-256 of what a view holds; of the live generation unless another is given.

    Each row is one line of JSON, after a line with the table's name and columns, in the order of
    primary keys. Neither the database nor the number of the generation goes into it.

    Raises:
        UnknownProjection: there is no such view, or no such generation of it.
    """
    with reading(engine) as connection:
        view = _view(connection, name, generation)
        digest = hashlib.sha256()
        for table_name, table in sorted(view.tables().items()):
            digest.update(_line([table_name, *table.columns.keys()]))
            for row in rows_in_order(connection, table):
                digest.update(_line(list(row)))
    return digest.hexdigest()


def _view(connection: Connection, name: str, generation: int | None) -> Projection:
    found = (
        candidate.number
        for candidate in generations(connection, *Status)
        if candidate.projection == name
        and (candidate.status is Status.LIVE if generation is None else candidate.number == generation)
    )
    number = next(found, None)
    if name not in _BY_NAME or number is None:
        raise UnknownProjection(f"There is no such generation of the view {name!r}.", projection=name)
    return _BY_NAME[name].of(number)


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, default=_text, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no place in a view")
