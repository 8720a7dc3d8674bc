"""Hears of the commits of other processes to a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Lock
from time import monotonic

from palyra_events.store.bell import SLOW_POLL_S, Bell
from palyra_events.store.file_watch import FileWatch
from palyra_events.store.sqlite_file import database_uri

#: seconds between two looks, shortly after something happened and else; a look costs 4 µs
LIVELY_S = 0.001
IDLE_S = 0.010
#: seconds for which a change counts as recent
LIVELY_FOR_S = 1.0


class SQLiteBell(Bell):
    """Looks at ``PRAGMA data_version``, which changes with every commit of another connection.

    It reads shared memory and not the file (https://sqlite.org/pragma.html#pragma_data_version). A
    commit first writes to the write-ahead log: where the system tells of that, nobody looks before.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._watching: FileWatch | None = None
        self._lock = Lock()

    def _watch(self) -> None:
        try:
            connection = sqlite3.connect(database_uri(self._path), uri=True, isolation_level=None)
        except sqlite3.Error:
            # The file is gone. Whoever waits polls slowly, and is told so by its own query.
            return
        with closing(connection):
            # The first look opens the write-ahead log, which then stays until the connection is closed.
            _data_version(connection)
            self._open_watch()
            try:
                self._look(connection)
            finally:
                self._close_watch()

    def _look(self, connection: sqlite3.Connection) -> None:
        seen: int | None = None
        lively_until = 0.0
        while self.wait_for_waiters():
            version = _data_version(connection)
            if version != seen or version is None:
                seen = version
                lively_until = monotonic() + LIVELY_FOR_S
                self.ring()
            if version is not None and monotonic() < lively_until:
                self.closing.wait(LIVELY_S)
            elif self._sleep():
                lively_until = monotonic() + LIVELY_FOR_S

    def _sleep(self) -> bool:
        """Sleep until somebody begins to commit, if the system tells, and say whether it did."""
        if self._watching is None:
            self.closing.wait(IDLE_S)
            return False
        return self._watching.wait(SLOW_POLL_S)

    def _open_watch(self) -> None:
        database = self._path.resolve()
        with self._lock:
            self._watching = FileWatch.open(database.with_name(f"{database.name}-wal"))

    def _close_watch(self) -> None:
        with self._lock:
            watching, self._watching = self._watching, None
            if watching is not None:
                watching.close()

    def _interrupt(self) -> None:
        """Wake the watcher from its sleep on the file; it also sleeps on the bell itself."""
        with self._lock:
            if self._watching is not None:
                self._watching.interrupt()


def _data_version(connection: sqlite3.Connection) -> int | None:
    """Return the version, or None where it cannot be read: then whoever is woken finds out why."""
    try:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
    except sqlite3.Error:
        return None
    return int(version)
