"""Comparing two builds of a view, row by row and column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, String, Table, select

from projections.projection import Projection
from projections.temporal import ORDER

_ROWS_PER_FETCH = 1000

_Keyed: TypeAlias = tuple[tuple[Any, ...], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What two builds of a view do not agree on.

    ``key`` names the row; ``column`` is None where one of them has no such row, which `live` or
    `derived` says. ``derived`` is what the log gives, or what the other build has.
    """

    view: str
    table: str
    key: Mapping[str, Any]
    column: str | None
    live: Any
    derived: Any


def differences(connection: Connection, live: Projection, derived: Projection) -> Iterator[Difference]:
    """Yield what is different in all tables, in the order of their keys; few rows are in memory."""
    others = derived.tables()
    for name, table in sorted(live.tables().items()):
        yield from _of_table(connection, live.name, name, table, others[name])


def rows_in_order(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    """Yield the rows of a table in the order of its key, which is that of bytes on both databases."""
    query = select(table).order_by(*(_by_bytes(connection, table.c[name]) for name in order_of(table)))
    # The option stays with whatever it is given to, so it is given to the statement.
    yield from connection.execute(query.execution_options(yield_per=_ROWS_PER_FETCH))


def order_of(table: Table) -> list[str]:
    """Return the columns that tell the rows of a table apart."""
    return table.info.get(ORDER) or list(table.primary_key.columns.keys())


def _by_bytes(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    is_text = isinstance(column.type, String) and connection.dialect.name == "postgresql"
    return column.collate("C") if is_text else column


def _of_table(
    connection: Connection, view: str, name: str, table: Table, other: Table
) -> Iterator[Difference]:
    order = order_of(table)

    def keyed(source: Table) -> Iterator[_Keyed]:
        for row in rows_in_order(connection, source):
            values = row._asdict()
            yield tuple(values[column] for column in order), values

    for key, left, right in _merged(keyed(table), keyed(other)):
        of_key = dict(zip(order, key, strict=True))
        if left is None or right is None:
            yield Difference(view, name, of_key, None, left, right)
            continue
        for column, value in left.items():
            if value != right[column]:
                yield Difference(view, name, of_key, column, value, right[column])


def _merged(
    ours: Iterator[_Keyed], theirs: Iterator[_Keyed]
) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Yield each key with the row of either side, where both come by key."""
    left, right = next(ours, None), next(theirs, None)
    while left is not None or right is not None:
        key = min(side[0] for side in (left, right) if side is not None)
        one = left[1] if left is not None and left[0] == key else None
        other = right[1] if right is not None and right[0] == key else None
        yield key, one, other
        if one is not None:
            left = next(ours, None)
        if other is not None:
            right = next(theirs, None)
