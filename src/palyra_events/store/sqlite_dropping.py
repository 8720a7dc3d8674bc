"""Dropping bytes beside a log in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from palyra_events.store.dropping import Dropped, Dropper, TracesLeft, named_in
from palyra_events.store.snapshot import LOCK_TIMEOUT_MS
from palyra_events.store.sqlite_file import connect


class SQLiteDropper:
    """A connection of its own to a file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def drop(self, digests: Sequence[bytes], seen: int) -> Dropped:
        """Drop blobs in one transaction, except those that an event after the position ``seen`` names."""
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            later = connection.execute("SELECT state FROM event WHERE position > ?", (seen,))
            spared = named_in(state for (state,) in later)
            sizes = [
                size
                for digest in digests
                if digest not in spared
                for (size,) in connection.execute(
                    "DELETE FROM blob WHERE digest = ? RETURNING length(bytes)", (digest,)
                ).fetchall()
            ]
        return Dropped(len(sizes), sum(sizes))

    def compact(self) -> None:
        """Write the file anew, without free pages, and empty the write-ahead log.

        Raises:
            TracesLeft: somebody reads pages of the write-ahead log.
        """
        self._connection.execute("VACUUM")
        busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise TracesLeft


@contextmanager
def sqlite_dropper(path: Path) -> Iterator[Dropper]:
    """Open a file to drop blobs from it; deleted content is overwritten at once.

    Raises:
        DatabaseMissing, DatabaseDamaged: there is no such file, or it is another kind of file.
    """
    with closing(connect(path, LOCK_TIMEOUT_MS)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        yield SQLiteDropper(connection)
