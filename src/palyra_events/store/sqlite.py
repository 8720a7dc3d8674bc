"""The recorders of the event-sourcing library for SQLite, made durable and contiguous.

What differs from the stock ones: every connection waits, and syncs, as configured (``FULL``);
writes begin with ``BEGIN IMMEDIATE``; positions are given explicitly, last + 1; an append is one
``executemany``; each row has its leaf hash; blobs go along; subscriptions work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    ConnectionPoolClosedError,
    InfrastructureFactory,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
    Tracking,
)
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
    SQLiteProcessRecorder,
    SQLiteTrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType

from palyra_events.blob import Blob
from palyra_events.errors import Conflict, StalePosition, StaleVersion
from palyra_events.ledger.leaf import leaf_hash
from palyra_events.record import NewEvent, RecordedEvent
from palyra_events.store import selection
from palyra_events.store.append import Append, recorded_before
from palyra_events.store.library import (
    as_append,
    as_notification,
    as_stored,
    as_uuid,
    driver_errors,
    library_errors,
)
from palyra_events.store.sqlite_bell import SQLiteBell
from palyra_events.store.sqlite_file import configure, database_uri, prepare
from palyra_events.store.sqlite_schema import VERSION_TAKEN
from palyra_events.store.subscription import BelledRecorder, LogSubscription

_INSERT_EVENT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)"
_INSERT_BLOB = "INSERT INTO blob VALUES (?, ?)"
_DROP_BLOB = "DELETE FROM blob WHERE digest = ?"
_FENCE = (
    "INSERT INTO tracking VALUES (?, ?) ON CONFLICT (consumer) DO UPDATE SET position = excluded.position "
    "WHERE tracking.position < excluded.position"
)


class DurableConnection(SQLiteConnection):
    """A connection whose write transactions take the lock first, so they never fail half way."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Run the block in one transaction, undone where the block raises."""
        with driver_errors(sqlite3), self.cursor() as raw:
            raw.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
            try:
                yield SQLiteCursor(raw)
                if commit:
                    self.commit()
            finally:
                # Does nothing after a commit.
                self.rollback()

    def rows(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Return the rows of one query as plain tuples."""
        with driver_errors(sqlite3), self.cursor() as raw:
            raw.row_factory = None
            return raw.execute(sql, values).fetchall()


#: rows as views fold them: no leaf hashes, and stream ids as 32 hexadecimal digits
_SCAN = (
    "SELECT position, lower(hex(stream_id)), version, topic, state"
    " FROM event WHERE position > ? ORDER BY position LIMIT ?"
)
#: values of one question; builds of SQLite differ in how many values they take
_VALUES_MAX = 500


class DurablePool(SQLiteConnectionPool):
    """Connections that wait for ``lock_timeout_ms`` and sync on every commit.

    Idle ones lie in the library's queue, whose ends are safe to take from and to put to without a
    lock. The library's own lending is not used: its `close` also closes connections that other
    threads are running a statement on, which crashes the process, and an interrupt (Ctrl-C) in it
    loses a place in the pool for ever.
    """

    lock_timeout_ms: int = 5000

    def get_connection(
        self,
        timeout: float | None = None,  # noqa: ARG002 - the library's signature
        *,
        is_writer: bool | None = None,  # noqa: ARG002 - the library's signature
    ) -> SQLiteConnection:
        """Lend an idle connection, or a new one: there are as many as there are threads at work."""
        if self.closed:
            raise ConnectionPoolClosedError
        try:
            return self._pool.popleft()
        except IndexError:
            return self._create_connection()

    def put_connection(self, conn: SQLiteConnection) -> None:
        """Take a connection back. Whoever had it when the pool was closed closes it, here."""
        self._pool.append(conn)
        if self.closed or len(self._pool) > self.pool_size:
            self._close_idle()

    def close(self) -> None:
        """Close the idle connections; the others are closed when they come back."""
        self._closed = True
        self._close_idle()

    def _close_idle(self) -> None:
        with suppress(IndexError):
            while self.closed or len(self._pool) > self.pool_size:
                self._pool.popleft().close()

    def _create_connection(self) -> DurableConnection:
        with driver_errors(sqlite3):
            raw = sqlite3.connect(self.db_name, uri=True, isolation_level=None, check_same_thread=False)
            raw.row_factory = sqlite3.Row
            connection = DurableConnection(raw, self.max_age)
            try:
                configure(raw, self.lock_timeout_ms)
            except sqlite3.Error:
                connection.close()
                raise
        return connection


class DurableDatastore(SQLiteDatastore):
    """The connections to one file, and the bell that rings when it changes."""

    def __init__(self, path: Path, *, lock_timeout_ms: int) -> None:
        super().__init__(database_uri(path))
        self.path = path
        self.lock_timeout_ms = lock_timeout_ms
        self.pool = DurablePool(db_name=database_uri(path))
        self.pool.lock_timeout_ms = lock_timeout_ms
        self.bell = SQLiteBell(path)
        self._writing = Lock()

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[DurableConnection]:
        """Lend a connection; one writer of this process at a time.

        SQLite's own waiting is by sleeping, and unfair.
        """
        with self._writing if commit else nullcontext():
            connection = self.pool.get_connection()
            assert isinstance(connection, DurableConnection)
            try:
                yield connection
            finally:
                self.pool.put_connection(connection)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query as plain tuples."""
        with self.get_connection(commit=False) as connection:
            return connection.rows(query, values)

    def close(self) -> None:
        """Close the connections, and end the thread that watches for other processes."""
        if "bell" in self.__dict__:
            self.bell.close()
        super().close()


class SQLiteConsumers(SQLiteTrackingRecorder):
    """Positions of consumers. Each only ever advances, in the transaction that it belongs to."""

    datastore: DurableDatastore

    def __init__(self, datastore: SQLiteDatastore, **kwargs: Any) -> None:
        assert isinstance(datastore, DurableDatastore)
        super().__init__(datastore, **kwargs)
        self.select_max_tracking_id_statement = selection.TRACKED

    def create_table(self) -> None:
        """Make the tables of the log where they are missing."""
        prepare(self.datastore.path, create=True, lock_timeout_ms=self.datastore.lock_timeout_ms)

    def _insert_tracking(self, c: SQLiteCursor, tracking: Tracking) -> None:
        with library_errors(sqlite3):
            _fence(c, tracking.application_name, tracking.notification_id)


class SQLiteRecorder(SQLiteConsumers, SQLiteProcessRecorder, BelledRecorder):
    """Records events, a consumer's position and blobs, all in one transaction."""

    def __init__(self, datastore: SQLiteDatastore, **_: Any) -> None:
        super().__init__(datastore, events_table_name="event")
        self.select_max_notification_id_statement = "SELECT max(position) FROM event"
        self.bell = self.datastore.bell

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        tracking: Tracking | None = None,
        blobs: Sequence[Blob] = (),
        **_: Any,
    ) -> Sequence[int]:
        """Record all of it or nothing, durably, and return the positions."""
        with library_errors(sqlite3):
            return list(self.record(as_append(stored_events, tracking, blobs)))

    def record(self, append: Append) -> Sequence[int]:
        """Do what ``insert_events`` does, with our words and our errors.

        Raises:
            StaleVersion: a stream has an event at this version already.
            StalePosition: the consumer is at this position already, or past it.
        """
        try:
            positions = self._record(append)
        except Conflict:
            before = recorded_before(append, self)
            if before is None:
                raise
            positions = before
        if positions:
            self.bell.ring(positions[-1])
        return positions

    def _record(self, append: Append) -> Sequence[int]:
        try:
            with self.datastore.transaction(commit=True) as cursor:
                if append.tracking is not None:
                    _fence(cursor, *append.tracking)
                if append.blobs:
                    cursor.executemany(_INSERT_BLOB, [(blob.digest, blob.content) for blob in append.blobs])
                if append.drops:
                    cursor.executemany(_DROP_BLOB, [(digest,) for digest in append.drops])
                return self._insert(cursor, append.events)
        except IntegrityError as error:
            if str(error) == VERSION_TAKEN:
                raise StaleVersion from error
            raise

    def _insert(self, cursor: SQLiteCursor, events: Sequence[NewEvent]) -> range:
        """Number the events from last + 1 on. The write lock is held, so nobody else does now."""
        cursor.execute(selection.HEAD)
        last = cursor.fetchone()
        first = last[0] + 1 if last else 1
        cursor.executemany(
            _INSERT_EVENT,
            [
                (place, stream.bytes, version, topic, state, leaf_hash(place, stream, version, topic, state))
                for place, (stream, version, topic, state) in enumerate(events, first)
            ],
        )
        return range(first, first + len(events))

    def page(self, after: int, limit: int, until: int) -> list[RecordedEvent]:
        """Return at most ``limit`` events of the positions after ``after`` up to ``until``."""
        return [_recorded(row) for row in self.datastore.rows(selection.PAGE, after, until, limit)]

    def stream(self, stream_id: UUID, after_version: int) -> list[RecordedEvent]:
        """Return the events of one stream in order."""
        return [
            _recorded(row) for row in self.datastore.rows(selection.STREAM, stream_id.bytes, after_version)
        ]

    def streams(self, stream_ids: Sequence[UUID]) -> list[RecordedEvent]:
        """Return the events of some streams by position."""
        return self._among(selection.STREAMS, [stream_id.bytes for stream_id in stream_ids])

    def among(self, positions: Sequence[int]) -> list[RecordedEvent]:
        """Return the events at some positions."""
        return self._among(selection.POSITIONS, positions)

    def at(self, event: NewEvent) -> RecordedEvent | None:
        """Return the event recorded at this version of this stream."""
        rows = self.datastore.rows(selection.PLACE, event.stream_id.bytes, event.version)
        return next(map(_recorded, rows), None)

    def head(self) -> int:
        """Return the newest position, 0 where there is none."""
        return next((position for (position,) in self.datastore.rows(selection.HEAD)), 0)

    def blob(self, digest: bytes) -> bytes | None:
        """Return the bytes kept under this digest."""
        return next((content for (content,) in self.datastore.rows(selection.BLOB, digest)), None)

    def scan(self, after: int, limit: int) -> list[tuple[Any, ...]]:
        """Return at most ``limit`` events after a position, as bare tuples."""
        return self.datastore.rows(_SCAN, after, limit)

    def blobs(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those of some bytes that are kept."""
        found: dict[bytes, bytes] = {}
        for start in range(0, len(digests), _VALUES_MAX):
            some = digests[start : start + _VALUES_MAX]
            query = f"{selection.BLOBS} ({', '.join('?' * len(some))})"
            found.update(self.datastore.rows(query, *some))
        return found

    def _among(self, query: str, values: Sequence[object]) -> list[RecordedEvent]:
        found: list[RecordedEvent] = []
        for start in range(0, len(values), _VALUES_MAX):
            some = values[start : start + _VALUES_MAX]
            found += map(_recorded, self.datastore.rows(f"{query} IN ({', '.join('?' * len(some))})", *some))
        return sorted(found)

    def meta(self) -> dict[str, str]:
        """Return what is fixed about this log."""
        return dict(self.datastore.rows("SELECT key, value FROM meta"))

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""
        return self.datastore.rows(query, *values)

    def execute(self, statement: str, *values: object) -> None:
        """Run one statement as a transaction of its own, durably."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(statement, values)

    def close(self) -> None:
        """Close all connections."""
        self.datastore.close()

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return events of one stream in the library's form."""
        query, values = selection.stream_query(
            as_uuid(originator_id).bytes, gt=gt, lte=lte, desc=desc, limit=limit
        )
        return [as_stored(_recorded(row)) for row in self.datastore.rows(query, *values)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events of the log in the library's form."""
        query, values = selection.log_query(start, stop, topics, limit, inclusive=inclusive_of_start)
        return [as_notification(_recorded(row)) for row in self.datastore.rows(query, *values)]

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Iterate over the log from ``gt`` on, waiting at its end for more."""
        return LogSubscription(self, gt, topics)


class SQLiteLogFactory(SQLiteFactory):
    """Makes the recorders of one log. Its settings are what it is given, never ``os.environ``."""

    process_recorder_class = SQLiteRecorder
    # Ours cannot be given another name for its table.
    application_recorder_class = SQLiteRecorder  # type: ignore[assignment]
    tracking_recorder_class = SQLiteConsumers

    LOCK_TIMEOUT_MS = "LOCK_TIMEOUT_MS"

    datastore: DurableDatastore

    def __init__(self, env: Environment | EnvType | None) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = DurableDatastore(
            Path(self.env[self.SQLITE_DBNAME]),
            lock_timeout_ms=int(self.env.get(self.LOCK_TIMEOUT_MS, "5000")),
        )

    def log_recorder(self) -> SQLiteRecorder:
        """Return the recorder of a log whose tables are there."""
        return SQLiteRecorder(self.datastore)


def _recorded(row: tuple[Any, ...]) -> RecordedEvent:
    position, stream_id, version, topic, state, leaf = row
    return RecordedEvent(position, UUID(bytes=stream_id), version, topic, state, leaf)


def _fence(cursor: SQLiteCursor, consumer: str, position: int) -> None:
    """Move a consumer on; who is not ahead of what is recorded was overtaken by another."""
    cursor.execute(_FENCE, (consumer, position))
    if cursor.sqlite_cursor.rowcount == 0:
        raise StalePosition(consumer=consumer, position=position)


def open_sqlite(path: Path, *, create: bool, lock_timeout_ms: int) -> SQLiteRecorder:
    """Open the log in a file, or make it.

    Raises:
        DatabaseUnavailable: it is missing, or holds no log, and is not to be made.
        DatabaseTooNew: a newer Palyra made it; nothing was changed.
    """
    prepare(path, create=create, lock_timeout_ms=lock_timeout_ms)
    env = {SQLiteLogFactory.SQLITE_DBNAME: str(path), SQLiteLogFactory.LOCK_TIMEOUT_MS: str(lock_timeout_ms)}
    return SQLiteLogFactory(env).log_recorder()
