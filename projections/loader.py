"""Bringing many rows to a table, as fast as each database takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table
from sqlalchemy.dialects import sqlite

from projections.column import Moment, Words

#: rows below which one statement with its parameters is as fast
_FEW = 20


def load(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, each with a value for every column.

    Values become what the columns' types make of them, exactly as with an ``INSERT`` of SQLAlchemy;
    only the way to the database is another: ``COPY`` on PostgreSQL, bare tuples on SQLite.
    """
    if not rows:
        return
    if len(rows) < _FEW:
        connection.execute(table.insert(), one_or_all(rows))
        return
    columns = zip(*map(itemgetter(*table.columns.keys()), rows), strict=True)
    bound = [
        _bound(column, values, connection.dialect)
        for column, values in zip(table.columns, columns, strict=True)
    ]
    _WAYS[connection.dialect.name](connection, table, list(zip(*bound, strict=True)))


def one_or_all(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | list[dict[str, Any]]:
    """Return the parameters of a statement: a server answers for one row in one round trip, else in more."""
    return rows[0] if len(rows) == 1 else list(rows)


def _bound(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """Return a column's values as the driver takes them."""
    if isinstance(column.type, Moment | Words):
        return column.type.bind_all(values, dialect)
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if process is None else [process(value) for value in values]


def _into_sqlite(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    connection.exec_driver_sql(_insertion(table), rows)


@cache
def _insertion(table: Table) -> str:
    """Return the statement that takes bare tuples: to write it takes as long as many rows."""
    return str(table.insert().compile(dialect=sqlite.dialect()))


def _into_postgresql(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    quote = connection.dialect.identifier_preparer
    names = ", ".join(map(quote.format_column, table.columns))
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {quote.format_table(table)} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


_WAYS: dict[str, Callable[[Connection, Table, list[tuple[Any, ...]]], None]] = {
    "sqlite": _into_sqlite,
    "postgresql": _into_postgresql,
}
