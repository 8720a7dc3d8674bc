"""The parts of a log in SQLite, as they are and as they are meant to be."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from palyra_events.store.layout import Layout
from palyra_events.store.sqlite_schema import STATEMENTS

_PARTS = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema"


def found_layout(connection: sqlite3.Connection, meant: Layout) -> Layout:
    """Return those parts that there are which are meant to be, and all triggers of their tables.

    An index of an operator's harms nobody, and other tables are not the log's.
    """
    return {
        part: text
        for part, text in _layout(connection).items()
        if part in meant or (part[0] == "trigger" and ("table", text.partition(": ")[0]) in meant)
    }


def meant_layout() -> Layout:
    """Return the parts that a log has that is made now."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
        return _layout(connection)


def _layout(connection: sqlite3.Connection) -> Layout:
    return {(kind, name): f"{table}: {sql}" for kind, name, table, sql in connection.execute(_PARTS)}
