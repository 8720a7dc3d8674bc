"""One moment of a log in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from palyra_events.blob import Blob
from palyra_events.record import RecordedEvent
from palyra_events.store.postgres_pool import connection_parameters
from palyra_events.store.postgres_schema import current_schema, schema_version
from palyra_events.store.schema import is_current
from palyra_events.store.selection import EVENTS

#: events that the server sends at once, and blobs, of which one can have megabytes
_EVENTS_AT_ONCE = 1000
_BLOBS_AT_ONCE = 16


class PostgresSnapshot:
    """A transaction that sees one moment of a database."""

    def __init__(self, connection: Connection[TupleRow]) -> None:
        self._connection = connection
        self._numbers = count(1)

    def meta(self) -> dict[str, str]:
        """Return what is fixed about the log."""
        return dict(self.rows("SELECT key, value FROM meta"))

    def events(self) -> Iterator[RecordedEvent]:
        """Return all events in order."""
        return (RecordedEvent(*row) for row in self._stream(EVENTS, _EVENTS_AT_ONCE))

    def blobs(self) -> Iterator[Blob]:
        """Return all bytes that are kept beside the log."""
        return (Blob(*row) for row in self._stream("SELECT digest, bytes FROM blob", _BLOBS_AT_ONCE))

    def tracking(self) -> list[tuple[str, int]]:
        """Return the consumers and their positions."""
        return self.rows("SELECT consumer, position FROM tracking ORDER BY consumer")

    def checkpoints(self) -> list[tuple[int, bytes, bytes]]:
        """Return the signed checkpoints."""
        return self.rows("SELECT size, note, peaks FROM checkpoint ORDER BY size")

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""
        # Inside the transaction of the snapshot: a question that fails does not end it.
        with self._connection.transaction(), self._connection.cursor(binary=True) as cursor:
            return cursor.execute(query.replace("?", "%s"), values or None).fetchall()

    def _stream(self, query: str, rows_at_once: int) -> Iterator[TupleRow]:
        with self._connection.cursor(name=f"palyra_{next(self._numbers)}") as cursor:
            cursor.itersize = rows_at_once
            yield from cursor.execute(query, binary=True)


@contextmanager
def postgres_snapshot(url: str) -> Iterator[PostgresSnapshot]:
    """Open a database for reading, as it stands now.

    Raises:
        DatabaseMissing, DatabaseTooNew, DatabaseTooOld: it holds no log to read.
    """
    with psycopg.connect(**connection_parameters(url)) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        is_current(schema_version(connection, current_schema(connection)), create=False)
        yield PostgresSnapshot(connection)
