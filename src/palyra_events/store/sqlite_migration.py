"""The steps from one version of the tables to the next in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from types import MappingProxyType

from palyra_events.store.faults import typed
from palyra_events.store.layout import differences
from palyra_events.store.migration import Migrated, MigrationFailed
from palyra_events.store.new_file import FileExists, new_file
from palyra_events.store.schema import SCHEMA_VERSION
from palyra_events.store.snapshot import LOCK_TIMEOUT_MS
from palyra_events.store.sqlite_file import connect, schema_version
from palyra_events.store.sqlite_layout import found_layout, meant_layout

#: The statements that lead to each version. SQLite keeps the text of a table, so it is that of the schema.
STEPS: Mapping[int, Sequence[str]] = MappingProxyType(
    {
        1: (
            """CREATE TABLE checkpoint (
        size INTEGER PRIMARY KEY,
        note BLOB NOT NULL,
        peaks BLOB NOT NULL
    ) STRICT""",
            """CREATE TABLE actor (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
        )
    }
)

_REACHED = f"UPDATE meta SET value = '{SCHEMA_VERSION}' WHERE key = 'schema_version'"  # noqa: S608 - a number of ours


class SQLiteMigrator:
    """A file whose tables can be migrated."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def version(self) -> int | None:
        """Return the version of the tables."""
        with closing(connect(self._path, LOCK_TIMEOUT_MS)) as connection:
            return schema_version(connection)

    def statements(self, found: int) -> Sequence[str]:
        """Return the statements that lead from a version to the present one."""
        steps = [text for version in range(found + 1, SCHEMA_VERSION + 1) for text in STEPS[version]]
        return [*steps, _REACHED] if steps else []

    def migrate(self) -> Migrated:
        """Copy the file, then bring its tables to the present version.

        The lock of the writers is held over both, so nothing is written in between.
        """
        with closing(connect(self._path, LOCK_TIMEOUT_MS)) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            found = schema_version(connection)
            if found is None or found >= SCHEMA_VERSION:
                # Another process was faster.
                return Migrated(SCHEMA_VERSION, SCHEMA_VERSION)
            backup = self._copy(found)
            self._change(connection, found)
        return Migrated(found, SCHEMA_VERSION, backup)

    def _change(self, connection: sqlite3.Connection, found: int) -> None:
        try:
            for statement in self.statements(found):
                connection.execute(statement)
        except sqlite3.Error as error:
            if typed(error) is not None:
                raise
            raise MigrationFailed(f"A step cannot be made: {error}.") from error
        meant = meant_layout()
        if faults := differences(found_layout(connection, meant), meant):
            raise MigrationFailed(f"The tables would not be as they must be. {faults[0]}", faults=faults)

    def _copy(self, found: int) -> Path:
        """Copy the whole file, views and all, beside itself."""
        numbers = ("" if number == 1 else f".{number}" for number in count(1))
        for number in numbers:
            copy = self._path.with_name(f"{self._path.name}.version-{found}{number}")
            try:
                with new_file(copy, replace=False) as partial:
                    self._copy_pages(partial)
            except FileExists:
                # Of an earlier try, most likely; whose it is, it stays.
                continue
            return copy
        raise AssertionError("numbers do not end")

    def _copy_pages(self, partial: Path) -> None:
        with (
            closing(connect(self._path, LOCK_TIMEOUT_MS)) as source,
            closing(sqlite3.connect(partial)) as target,
        ):
            source.backup(target)
