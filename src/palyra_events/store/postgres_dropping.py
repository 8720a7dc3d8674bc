"""Dropping bytes beside a log in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from palyra_events.store.dropping import Dropped, Dropper, named_in
from palyra_events.store.postgres_pool import connection_parameters
from palyra_events.store.snapshot import LOCK_TIMEOUT_MS

_DROP = "DELETE FROM blob WHERE digest = ANY(%s) RETURNING octet_length(bytes)"


class PostgresDropper:
    """A session of its own."""

    def __init__(self, connection: Connection[TupleRow]) -> None:
        self._connection = connection

    def drop(self, digests: Sequence[bytes], seen: int) -> Dropped:
        """Drop blobs in one transaction, except those that an event after the position ``seen`` names.

        The lock waits for appends that have found their blob kept already, and lets no other one look
        before the transaction ends.
        """
        with self._connection.transaction():
            self._connection.execute("LOCK TABLE blob IN SHARE ROW EXCLUSIVE MODE")
            later = self._connection.execute("SELECT state FROM event WHERE position > %s", (seen,))
            spared = named_in(state for (state,) in later)
            chosen = [digest for digest in digests if digest not in spared]
            sizes = [size for (size,) in self._connection.execute(_DROP, (chosen,))]
        return Dropped(len(sizes), sum(sizes))

    def compact(self) -> None:
        """Write the tables anew that what people wrote was dropped from."""
        for table in ("blob", "actor"):
            self._connection.execute(f"VACUUM (FULL, ANALYZE) {table}".encode())


@contextmanager
def postgres_dropper(url: str) -> Iterator[Dropper]:
    """Open a database to drop blobs from it.

    Raises:
        InvalidDatabaseUrl: libpq cannot read the URL.
    """
    with psycopg.connect(**connection_parameters(url), autocommit=True) as connection:
        connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS:d}")
        yield PostgresDropper(connection)
