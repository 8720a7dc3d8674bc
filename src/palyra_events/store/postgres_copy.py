"""A log in PostgreSQL that takes in another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from palyra_events.blob import Blob
from palyra_events.record import RecordedEvent
from palyra_events.store.copy import DatabaseNotEmpty
from palyra_events.store.postgres_pool import connection_parameters

#: Nobody writes meanwhile, as the log that there is afterwards is another one; readers see the empty one.
_LOCK = "LOCK TABLE event, blob, tracking, head, meta IN SHARE ROW EXCLUSIVE MODE"
_IS_USED = "SELECT EXISTS (SELECT FROM event) OR EXISTS (SELECT FROM blob) OR EXISTS (SELECT FROM tracking)"
_COPY_EVENTS = "COPY event FROM STDIN (FORMAT BINARY)"
_COPY_BLOBS = "COPY blob FROM STDIN (FORMAT BINARY)"


class PostgresTarget:
    """An empty log, in a transaction of its own."""

    def __init__(self, connection: Connection[TupleRow]) -> None:
        self._connection = connection

    def name(self, meta: dict[str, str]) -> None:
        """Make it the log that this describes."""
        with self._connection.cursor() as cursor:
            cursor.execute("DELETE FROM meta")
            cursor.executemany("INSERT INTO meta VALUES (%s, %s)", list(meta.items()))

    def add_events(self, events: Sequence[RecordedEvent]) -> None:
        """Take in events that follow on those before."""
        # The guard of the table compares with it.
        self._connection.execute("UPDATE head SET position = %s", [events[-1].position])
        with self._connection.cursor() as cursor, cursor.copy(_COPY_EVENTS) as copy:
            copy.set_types(["int8", "uuid", "int8", "text", "bytea", "bytea"])
            for event in events:
                copy.write_row(event)

    def add_blobs(self, blobs: Sequence[Blob]) -> None:
        """Take in bytes that are kept beside the log."""
        with self._connection.cursor() as cursor, cursor.copy(_COPY_BLOBS) as copy:
            copy.set_types(["bytea", "bytea"])
            for blob in blobs:
                copy.write_row((blob.digest, blob.content))

    def add_tracking(self, tracking: Sequence[tuple[str, int]]) -> None:
        """Take in the positions of consumers."""
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO tracking VALUES (%s, %s)", tracking)

    def add_checkpoints(self, checkpoints: Sequence[tuple[int, bytes, bytes]]) -> None:
        """Take in signed checkpoints."""
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO checkpoint VALUES (%s, %s, %s)", checkpoints)


@contextmanager
def postgres_target(url: str, lock_timeout_ms: int) -> Iterator[PostgresTarget]:
    """Open the empty log of a database.

    Raises:
        DatabaseNotEmpty: it holds something already.
    """
    with psycopg.connect(**connection_parameters(url)) as connection:
        connection.execute(f"SET LOCAL lock_timeout = {lock_timeout_ms:d}")
        connection.execute(_LOCK)
        row = connection.execute(_IS_USED).fetchone()
        if row is None or row[0]:
            raise DatabaseNotEmpty
        yield PostgresTarget(connection)
