"""What was so at a position: a database of its own, that has folded a log only up to there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from palyra_events.store import EventLog
from projections import Projector, StatsKey, Views
from projections.engine import reading
from projections.fact import LogReader, ScannedRow
from projections.generation import Status, generations
from projections.projection import Projection
from projections.temporal import ADDED_BY, POSITION_MAX
from tests.ready_databases import ReadySQLite

#: plugins of whose storage is told
PLUGINS = ("p", "q", "echo")


class CutLog:
    """A log that ends at a position, as it did then."""

    def __init__(self, log: LogReader) -> None:
        self._log = log
        self.end = 0

    def scan(self, after: int, limit: int) -> Sequence[ScannedRow]:
        """Return events up to the end."""
        return self._log.scan(after, min(limit, self.end - after)) if after < self.end else []

    def head(self) -> int:
        """Return the end."""
        return self.end

    def blobs(self, digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Return the kept bytes of some digests."""
        return self._log.blobs(digests)


class PastViews:
    """Views that know a log up to a position; it can only be a later one each time."""

    def __init__(self, folder: Path) -> None:
        self._database = ReadySQLite(folder)

    def begin(self, log: EventLog, views: Sequence[type[Projection]]) -> None:
        """Know nothing of a log."""
        self._database.renew().close()
        self._log = CutLog(log)
        self._projector = Projector(self._database.engine, self._log, projections=views)
        self.views = Views(self._database.engine, self._projector).as_is

    @property
    def position(self) -> int:
        """The position of the last event that is known."""
        return self._log.end

    def advance(self, position: int) -> None:
        """Know the log up to a position, and nothing of what came after it."""
        self._log.end = position
        self._projector.catch_up()

    def rows(self, names: Collection[str]) -> dict[str, list[str]]:
        """Return rows, as `rows_at` does."""
        return rows_at(self._projector, None, names)


def rows_at(projector: Projector, position: int | None, names: Collection[str]) -> dict[str, list[str]]:
    """Return the rows of some views as they hold now, or held after an event, by table.

    What is told only of rows that hold now, and how long they held, is left out.
    """
    with reading(projector.engine) as connection:
        return {
            name: rows
            for generation in generations(connection, Status.LIVE)
            if generation.projection in names
            for name, rows in _rows(
                connection,
                projector.folder.projections[generation.projection].of(generation.number),
                position,
            )
        }


def _rows(connection: Connection, view: Projection, position: int | None) -> list[tuple[str, list[str]]]:
    temporals = {temporal.table: temporal for temporal in view.temporals}
    found = []
    for name, table in view.tables().items():
        temporal = temporals.get(table)
        if temporal is None:
            until = POSITION_MAX if position is None else position
            query = select(table).where(table.c[table.info[ADDED_BY]] <= until)
        elif temporal.keeps_history:
            hidden = {"valid_to", *temporal.while_it_holds}
            query = select(*(c for c in table.c if c.name not in hidden)).where(temporal.after(position))
        else:
            continue
        found.append((name, sorted(map(repr, connection.execute(query)))))
    return found


def listings(views: Views, at: int | None, names: Iterable[str]) -> dict[str, list[Any]]:
    """Return what people see of some views."""
    return {name: [tell(views, at) for tell in LISTINGS.get(name, ())] for name in names}


def _attempts(views: Views, at: int | None) -> list[Any]:
    return [views.attempts(row.delivery_id, at) for row in views.deliveries(at=at, limit=3)]


def _hooks(views: Views, at: int | None) -> list[Any]:
    """Return hooks; how long a row held is known only afterwards."""
    return [replace(row, valid_to=None) for row in views.hooks(at)]


def _stored(views: Views, at: int | None) -> list[Any]:
    return [value for plugin in PLUGINS for value in views.stored_values(plugin, at=at)]


#: what people can be told from each view, of a position or of now
LISTINGS: Mapping[str, Sequence[Callable[[Views, int | None], list[Any]]]] = {
    "audit": [lambda views, at: views.audit(at=at, limit=1000)],
    "decision": [lambda views, at: views.decisions(at=at)],
    "delivery": [
        lambda views, at: views.deliveries(at=at, limit=1000),
        lambda views, at: views.delivery_stats(StatsKey.OUTCOME, at=at),
        _attempts,
    ],
    "hook": [_hooks],
    "outbox": [lambda views, at: views.messages(at=at, limit=1000)],
    "plugin": [lambda views, at: views.plugins(at=at)],
    "plugin_storage": [_stored, lambda views, at: [views.storage_use(plugin, at) for plugin in PLUGINS]],
    "skill": [lambda views, at: views.skills(at=at)],
    "surface": [
        lambda views, at: [views.surface(row.surface, at) for row in views.surfaces(at=at)],
        lambda views, at: views.surface_problems(at=at),
    ],
}
