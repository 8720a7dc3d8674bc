"""How the views stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, table

from projections.code import code_hash
from projections.engine import reading
from projections.fact import Page
from projections.fold import Folder
from projections.generation import DEAD_LETTER, Generation, Status, generations


@dataclass(frozen=True, slots=True)
class ProjectionStatus:
    """One generation of a view: ``lag`` is how many events of the log it has not folded.

    ``lag_s`` are the seconds between the newest event that it has folded and the newest one. ``tables``
    are the numbers of rows by the names of tables. One that ``is_changed`` was made by other code than
    this program has; the next rebuild mends that. ``is_known`` tells that this program has such a view.
    """

    name: str
    generation: int
    state: Status
    position: int
    head: int
    lag: int
    lag_s: float
    rows: int
    dead_letters: int
    version: int
    tables: Mapping[str, int]
    is_known: bool
    is_decision: bool
    is_changed: bool
    is_paused: bool


def projection_status(folder: Folder, *statuses: Status) -> list[ProjectionStatus]:
    """Return the generations of these statuses, by name, seen from the head of the log."""
    head = folder.log.head()
    with reading(folder.engine) as connection:
        present = generations(connection, *statuses)
        return [_status(folder, connection, generation, head) for generation in present]


def builds(folder: Folder) -> tuple[int, list[Generation]]:
    """Return the head of the log and the generations that are live or being built, without counting rows."""
    head = folder.log.head()
    with reading(folder.engine) as connection:
        return head, generations(connection, Status.LIVE, Status.BUILDING)


def _status(folder: Folder, connection: Connection, generation: Generation, head: int) -> ProjectionStatus:
    buried = select(func.count()).where(
        DEAD_LETTER.c.projection == generation.projection, DEAD_LETTER.c.number == generation.number
    )
    view = folder.projections.get(generation.projection)
    tables = {name: _count(connection, name) for name in generation.tables}
    return ProjectionStatus(
        name=generation.projection,
        generation=generation.number,
        state=generation.status,
        position=generation.position,
        head=head,
        lag=max(0, head - generation.position),
        lag_s=_lag_s(folder, generation.position, head),
        rows=sum(tables.values()),
        dead_letters=connection.scalar(buried) or 0,
        version=generation.version,
        tables=tables,
        is_known=view is not None,
        is_decision=view is not None and view.is_decision,
        is_changed=view is not None and code_hash(view) != generation.code_hash,
        is_paused=generation.is_paused,
    )


def _lag_s(folder: Folder, position: int, head: int) -> float:
    if not 0 < position < head:
        return 0.0
    return max(0.0, (_moment(folder, head) - _moment(folder, position)).total_seconds())


def _moment(folder: Folder, position: int) -> datetime:
    (fact,) = Page(folder.log, folder.decoder, folder.log.scan(position - 1, 1)).facts
    moment: datetime = fact.event.timestamp
    return moment


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(table(name))) or 0
