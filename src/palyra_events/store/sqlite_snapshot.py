"""One moment of a log in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from palyra_events.blob import Blob
from palyra_events.record import RecordedEvent
from palyra_events.store.schema import is_current
from palyra_events.store.selection import EVENTS
from palyra_events.store.sqlite_file import connect, schema_version


class SQLiteSnapshot:
    """A transaction that sees one moment of a file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def meta(self) -> dict[str, str]:
        """Return what is fixed about the log."""
        return dict(self.rows("SELECT key, value FROM meta"))

    def events(self) -> Iterator[RecordedEvent]:
        """Return all events in order."""
        for position, stream_id, *rest in self._connection.execute(EVENTS):
            yield RecordedEvent(position, UUID(bytes=stream_id), *rest)

    def blobs(self) -> Iterator[Blob]:
        """Return all bytes that are kept beside the log."""
        for digest, content in self._connection.execute("SELECT digest, bytes FROM blob"):
            yield Blob(digest, content)

    def tracking(self) -> list[tuple[str, int]]:
        """Return the consumers and their positions."""
        return self.rows("SELECT consumer, position FROM tracking ORDER BY consumer")

    def checkpoints(self) -> list[tuple[int, bytes, bytes]]:
        """Return the signed checkpoints."""
        return self.rows("SELECT size, note, peaks FROM checkpoint ORDER BY size")

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""
        return self._connection.execute(query, values).fetchall()


@contextmanager
def sqlite_snapshot(path: Path, lock_timeout_ms: int) -> Iterator[SQLiteSnapshot]:
    """Open a file for reading, as it stands now.

    Raises:
        DatabaseMissing, DatabaseDamaged, DatabaseTooNew, DatabaseTooOld: it holds no log to read.
    """
    with closing(connect(path, lock_timeout_ms)) as connection:
        connection.execute("BEGIN")
        is_current(schema_version(connection), create=False)
        yield SQLiteSnapshot(connection)
