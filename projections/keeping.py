"""Keeping rows: a new build begins with those of the live one as they were after an event.

A row of a temporal table says from which event to which it held, and a row that was added says by which
event, so what was so after an event can be told from the rows of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    Table,
    case,
    func,
    insert,
    literal,
    literal_column,
    select,
)

from projections.code import code_hash
from projections.engine import reading, writing
from projections.errors import RowsNotKept
from projections.fold import Folder
from projections.generation import DEAD_LETTER, Generation, advance, live_one
from projections.projection import Projection
from projections.temporal import ADDED_BY, Temporal

#: rows that are copied in one transaction on SQLite, where nobody else can write meanwhile
_ROWS_PER_COPY = 20_000


def can_keep(view: type[Projection]) -> bool:
    """Return whether the rows of a view tell what they were after each event."""
    made = view.of(0)
    temporals = {temporal.table for temporal in made.temporals if temporal.keeps_history}
    return all(table in temporals or table.info.get(ADDED_BY) for table in made.tables().values())


def check_kept(folder: Folder, views: Sequence[type[Projection]], position: int) -> None:
    """Check that the live rows of views tell what they were after an event.

    Raises:
        RowsNotKept: they do not, or other code has made them.
    """
    for view in views:
        _live(folder, view, position)


def keep_rows(folder: Folder, builds: Sequence[Generation], position: int) -> None:
    """Let empty builds begin with the rows of the live ones as they were after an event."""
    for build in builds:
        view = folder.projections[build.projection]
        live = _live(folder, view, position)
        for into, source in _pairs(view.of(build.number), view.of(live.number), position):
            _copy(folder, into, source)
        _complete(folder, view.of(build.number), build, live, position)


def _live(folder: Folder, view: type[Projection], position: int) -> Generation:
    with reading(folder.engine) as connection:
        live = live_one(connection, view.name)
    if not can_keep(view):
        raise _not_kept(view, "they do not tell what they were")
    if live is None or (live.version, live.code_hash) != (view.version, code_hash(view)):
        raise _not_kept(view, "other code has made them")
    if live.position < position:
        raise _not_kept(view, f"it has only come to position {live.position}")
    return live


def _not_kept(view: type[Projection], why: str) -> RowsNotKept:
    return RowsNotKept(f"The rows of the view {view.name} cannot be kept: {why}.", projection=view.name)


def _pairs(new: Projection, old: Projection, position: int) -> Iterator[tuple[Table, Select[Any]]]:
    """Yield each table with the question for its rows."""
    temporals = {temporal.table: temporal for temporal in old.temporals}
    for name, table in old.tables().items():
        temporal = temporals.get(table)
        query = _added(table, position) if temporal is None else _held(temporal, position)
        yield new.tables()[name], query


def _added(table: Table, position: int) -> Select[Any]:
    return select(table).where(table.c[table.info[ADDED_BY]] <= position)


def _held(temporal: Temporal, position: int) -> Select[Any]:
    """Return the rows that had begun, where those that ended later have not ended."""
    row = temporal.table.c
    values: Mapping[str, ColumnElement[Any]] = {
        "valid_to": case((row.valid_to <= position, row.valid_to)).label("valid_to"),
        **{
            name: literal(value, row[name].type).label(name)
            for name, value in temporal.while_it_holds.items()
        },
    }
    columns = [values.get(column.name, column) for column in temporal.table.columns]
    return select(*columns).where(row.valid_from <= position)


def _copy(folder: Folder, into: Table, source: Select[Any]) -> None:
    (table,) = source.get_final_froms()
    with reading(folder.engine) as connection:
        spans = list(_spans(connection, table))
    for span in spans:
        with writing(folder.engine) as connection:
            connection.execute(_insertion(into, source.where(*span)))


def _insertion(into: Table, source: Select[Any]) -> Insert:
    return insert(into).from_select(into.columns.keys(), source)


def _spans(connection: Connection, table: Any) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Yield the conditions for parts of a table, each small enough for one transaction."""
    if connection.dialect.name != "sqlite":
        yield ()
        return
    number: ColumnElement[int] = literal_column("rowid")
    last = connection.scalar(select(func.max(number)).select_from(table)) or 0
    for start in range(0, last, _ROWS_PER_COPY):
        yield (number > start, number <= start + _ROWS_PER_COPY)


def _complete(folder: Folder, view: Projection, build: Generation, live: Generation, position: int) -> None:
    """Make the indexes, derive what follows, keep the dead letters, and only then say how far it is."""
    for index in view.indexes():
        with writing(folder.engine) as connection:
            view.create_indexes(connection, [index])
    letter = DEAD_LETTER.c
    kept = select(letter.projection, literal(build.number), letter.position, letter.error).where(
        letter.projection == live.projection, letter.number == live.number, letter.position <= position
    )
    with writing(folder.engine) as connection:
        view.settle(connection, None)
        connection.execute(_insertion(DEAD_LETTER, kept))
        advance(connection, [build], position)
