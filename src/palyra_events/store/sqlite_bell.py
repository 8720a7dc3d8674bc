"""Hears of the commits of other processes to a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from time import monotonic

from palyra_events.store.bell import Bell

#: seconds between two looks, shortly after something happened and else; a look costs 4 µs
LIVELY_S = 0.001
IDLE_S = 0.020
#: seconds for which a change counts as recent
LIVELY_FOR_S = 1.0


class SQLiteBell(Bell):
    """Polls ``PRAGMA data_version``, which changes with every commit of another connection.

    It reads shared memory and not the file (https://sqlite.org/pragma.html#pragma_data_version).
    """

    def __init__(self, uri: str) -> None:
        super().__init__()
        self._uri = uri

    def _watch(self) -> None:
        try:
            connection = sqlite3.connect(self._uri, uri=True, isolation_level=None)
        except sqlite3.Error:
            # The file is gone. Whoever waits polls slowly, and is told so by its own query.
            return
        with closing(connection):
            self._poll(connection)

    def _poll(self, connection: sqlite3.Connection) -> None:
        seen: int | None = None
        lively_until = 0.0
        while self.wait_for_waiters():
            version = _data_version(connection)
            if version != seen or version is None:
                seen = version
                lively_until = monotonic() + LIVELY_FOR_S
                self.ring()
            lively = version is not None and monotonic() < lively_until
            self.closing.wait(LIVELY_S if lively else IDLE_S)

    def _interrupt(self) -> None:
        """Nothing to do: the watcher sleeps on the bell itself."""


def _data_version(connection: sqlite3.Connection) -> int | None:
    """Return the version, or None where it cannot be read: then whoever is woken finds out why."""
    try:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
    except sqlite3.Error:
        return None
    return int(version)
