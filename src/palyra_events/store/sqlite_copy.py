"""A log in SQLite that takes in another one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from palyra_events.blob import Blob
from palyra_events.record import RecordedEvent
from palyra_events.store.copy import DatabaseNotEmpty
from palyra_events.store.sqlite_file import connect, make_tables

_IS_USED = (
    "SELECT EXISTS (SELECT 1 FROM event) OR EXISTS (SELECT 1 FROM blob) OR EXISTS (SELECT 1 FROM tracking)"
)


class SQLiteTarget:
    """An empty log, in a transaction of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def name(self, meta: dict[str, str]) -> None:
        """Make it the log that this describes."""
        self._connection.execute("DELETE FROM meta")
        self._connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())

    def add_events(self, events: Sequence[RecordedEvent]) -> None:
        """Take in events that follow on those before."""
        rows = ((position, stream_id.bytes, *rest) for position, stream_id, *rest in events)
        self._connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)

    def add_blobs(self, blobs: Sequence[Blob]) -> None:
        """Take in bytes that are kept beside the log."""
        rows = ((blob.digest, blob.content) for blob in blobs)
        self._connection.executemany("INSERT INTO blob VALUES (?, ?)", rows)

    def add_tracking(self, tracking: Sequence[tuple[str, int]]) -> None:
        """Take in the positions of consumers."""
        self._connection.executemany("INSERT INTO tracking VALUES (?, ?)", tracking)

    def add_checkpoints(self, checkpoints: Sequence[tuple[int, bytes, bytes]]) -> None:
        """Take in signed checkpoints."""
        self._connection.executemany("INSERT INTO checkpoint VALUES (?, ?, ?)", checkpoints)


@contextmanager
def sqlite_target(path: Path, lock_timeout_ms: int) -> Iterator[SQLiteTarget]:
    """Open the empty log of a file.

    Raises:
        DatabaseNotEmpty: it holds something already.
    """
    with closing(connect(path, lock_timeout_ms)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute(_IS_USED).fetchone()[0]:
            raise DatabaseNotEmpty(f"The database at {path} holds a log already.", path=str(path))
        yield SQLiteTarget(connection)


@contextmanager
def new_file_target(path: Path) -> Iterator[SQLiteTarget]:
    """Open an empty file that nobody else knows of; where the block raises, it is of no use any more.

    Nothing in it needs to be undone, so there is no journal; whoever gives it away syncs it.
    """
    with closing(connect(path, 0)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        make_tables(connection)
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            yield SQLiteTarget(connection)
        # From now on, as any other file; a writer that opens it brings it to a write-ahead log.
        connection.execute("PRAGMA journal_mode = DELETE")
