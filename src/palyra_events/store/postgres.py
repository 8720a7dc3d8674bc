"""The recorders of the event-sourcing library for PostgreSQL, contiguous and in one round trip.

What differs from the stock ones: the pool is built from the URL as libpq reads it; an append is one
call of one function, which moves the consumer, takes the next positions under a row lock (so their
order is the order of the commits), hashes and inserts all rows, and notifies; a lost connection is
made anew without recording anything twice; subscriptions outlive their connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    Notification,
    StoredEvent,
    Subscription,
    Tracking,
)
from eventsourcing.postgres import (
    PostgresDatastore,
    PostgresFactory,
    PostgresProcessRecorder,
    PostgresTrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType
from psycopg import Connection, Cursor
from psycopg.rows import DictRow, tuple_row
from psycopg.sql import SQL

from palyra_events.blob import Blob
from palyra_events.errors import LogDamaged, PalyraError, StalePosition, StaleVersion
from palyra_events.record import NewEvent, RecordedEvent
from palyra_events.store import selection
from palyra_events.store.append import Append, recorded_before
from palyra_events.store.library import as_append, as_notification, as_stored, as_uuid, library_errors
from palyra_events.store.postgres_pool import UrlDatastore, prepare
from palyra_events.store.postgres_schema import HEAD_CONSTRAINTS, TRACKING_CONSTRAINT, VERSION_CONSTRAINT
from palyra_events.store.subscription import BelledRecorder, LogSubscription

_APPEND = (
    "SELECT event_append(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[], "
    "%b::bytea[], %b::bytea[], %b::bytea[], %b, %b)"
)
_FENCE = (
    "INSERT INTO tracking AS t VALUES (%s, %s) "
    "ON CONFLICT (consumer) DO UPDATE SET position = excluded.position WHERE t.position < excluded.position"
)


class PostgresConsumers(PostgresTrackingRecorder):
    """Positions of consumers. Each only ever advances, in the transaction that it belongs to.

    Tables have the names that the log gives them; names from the library's factory are not used.
    """

    datastore: UrlDatastore

    def __init__(self, datastore: PostgresDatastore, **_: Any) -> None:
        assert isinstance(datastore, UrlDatastore)
        super().__init__(datastore, tracking_table_name="tracking")
        self.max_tracking_id_statement = SQL(
            "SELECT max(position) FROM tracking WHERE consumer = %s"
        ).format()

    def create_table(self) -> None:
        """Make the tables of the log where they are missing."""
        prepare(self.datastore.url, create=True)

    def _insert_tracking(self, curs: Cursor[DictRow], tracking: Tracking) -> None:
        curs.execute(_FENCE, (tracking.application_name, tracking.notification_id))
        if curs.rowcount == 0:
            with library_errors(psycopg):
                raise StalePosition(consumer=tracking.application_name, position=tracking.notification_id)


#: rows as views fold them: no leaf hashes, and stream ids as 32 hexadecimal digits
_SCAN = (
    "SELECT position, encode(uuid_send(stream_id), 'hex'), version, topic, state"
    " FROM event WHERE position > ? ORDER BY position LIMIT ?"
)


class PostgresRecorder(PostgresConsumers, PostgresProcessRecorder, BelledRecorder):
    """Records events, a consumer's position and blobs, all in one round trip."""

    def __init__(self, datastore: PostgresDatastore, **_: Any) -> None:
        super().__init__(datastore)
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
        with library_errors(psycopg):
            return list(self.record(as_append(stored_events, tracking, blobs)))

    def record(self, append: Append) -> Sequence[int]:
        """Do what ``insert_events`` does, with our words and our errors.

        When the connection breaks, nobody knows whether the append was committed. It is sent again,
        and the conflict with itself is recognised.

        Raises:
            StaleVersion: a stream has an event at this version already.
            StalePosition: the consumer is at this position already, or past it.
            LogDamaged: the head was moved by hand; nothing is written beside it.
        """
        positions = self.datastore.run(
            lambda connection, again: self._send(connection, replace(append, unsure=append.unsure or again))
        )
        if positions:
            self.bell.ring(positions[-1])
        return positions

    def _send(self, connection: Connection[DictRow], append: Append) -> Sequence[int]:
        try:
            with connection.cursor(row_factory=tuple_row) as cursor:
                row = cursor.execute(_APPEND, _arguments(append), prepare=True).fetchone()
        except psycopg.IntegrityError as error:
            refusal = _refusal(error.diag.constraint_name, append)
            if refusal is None:
                raise
            before = recorded_before(append, self)
            if before is None:
                raise refusal from error
            return before
        assert row is not None
        first: int = row[0] + 1
        return range(first, first + len(append.events))

    def page(self, after: int, limit: int, until: int) -> list[RecordedEvent]:
        """Return at most ``limit`` events of the positions after ``after`` up to ``until``."""
        return [RecordedEvent(*row) for row in self._rows(selection.PAGE, after, until, limit)]

    def stream(self, stream_id: UUID, after_version: int) -> list[RecordedEvent]:
        """Return the events of one stream in order."""
        return [RecordedEvent(*row) for row in self._rows(selection.STREAM, stream_id, after_version)]

    def streams(self, stream_ids: Sequence[UUID]) -> list[RecordedEvent]:
        """Return the events of some streams by position."""
        return self._any(selection.STREAMS, list(stream_ids))

    def among(self, positions: Sequence[int]) -> list[RecordedEvent]:
        """Return the events at some positions."""
        return self._any(selection.POSITIONS, list(positions))

    def at(self, event: NewEvent) -> RecordedEvent | None:
        """Return the event recorded at this version of this stream."""
        rows = self._rows(selection.PLACE, event.stream_id, event.version)
        return next((RecordedEvent(*row) for row in rows), None)

    def head(self) -> int:
        """Return the newest position, 0 where there is none."""
        return next((position for (position,) in self._rows(selection.HEAD)), 0)

    def blob(self, digest: bytes) -> bytes | None:
        """Return the bytes kept under this digest."""
        return next((content for (content,) in self._rows(selection.BLOB, digest)), None)

    def scan(self, after: int, limit: int) -> list[tuple[Any, ...]]:
        """Return at most ``limit`` events after a position, as bare tuples."""
        return self._rows(_SCAN, after, limit)

    def blobs(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those of some bytes that are kept."""
        return dict(self._rows("SELECT digest, bytes FROM blob WHERE digest = ANY(?)", list(digests)))

    def meta(self) -> dict[str, str]:
        """Return what is fixed about this log."""
        return dict(self._rows("SELECT key, value FROM meta"))

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""
        return self._rows(query, *values)

    def execute(self, statement: str, *values: object) -> None:
        """Run one statement as a transaction of its own, durably."""
        text = statement.replace("?", "%s")
        self.datastore.run(lambda connection, _again: connection.execute(text, values))

    def max_notification_id(self) -> int | None:
        """Return the newest position in the library's form."""
        return self.head() or None

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
        query, values = selection.stream_query(as_uuid(originator_id), gt=gt, lte=lte, desc=desc, limit=limit)
        with library_errors(psycopg):
            return [as_stored(RecordedEvent(*row)) for row in self._rows(query, *values)]

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
        with library_errors(psycopg):
            return [as_notification(RecordedEvent(*row)) for row in self._rows(query, *values)]

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Iterate over the log from ``gt`` on, waiting at its end for more."""
        return LogSubscription(self, gt, topics)

    def _any(self, query: str, values: list[Any]) -> list[RecordedEvent]:
        return [RecordedEvent(*row) for row in self._rows(f"{query} = ANY(?) ORDER BY position", values)]

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query as plain tuples, from a new connection where the old one broke."""
        text = query.replace("?", "%s")

        def fetch(connection: Connection[DictRow], _again: bool) -> list[tuple[Any, ...]]:  # noqa: FBT001
            with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
                return cursor.execute(text, values, prepare=True).fetchall()

        return self.datastore.run(fetch)


class PostgresLogFactory(PostgresFactory):
    """Makes the recorders of one log. Its settings are what it is given, never ``os.environ``."""

    process_recorder_class = PostgresRecorder
    application_recorder_class = PostgresRecorder
    tracking_recorder_class = PostgresConsumers

    POSTGRES_URL = "POSTGRES_URL"
    LOCK_TIMEOUT_MS = "LOCK_TIMEOUT_MS"

    datastore: UrlDatastore

    def __init__(self, env: Environment | EnvType | None) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = UrlDatastore(
            self.env[self.POSTGRES_URL],
            schema=self.env[self.POSTGRES_SCHEMA],
            lock_timeout_ms=int(self.env.get(self.LOCK_TIMEOUT_MS, "5000")),
        )

    def log_recorder(self) -> PostgresRecorder:
        """Return the recorder of a log whose tables are there."""
        return PostgresRecorder(self.datastore)


def open_postgres(url: str, *, create: bool, lock_timeout_ms: int) -> PostgresRecorder:
    """Open the log in a database, or make it.

    Raises:
        InvalidDatabaseUrl: libpq cannot read the URL.
        DatabaseUnavailable: there is no log, and none is to be made.
        DatabaseTooNew: a newer Palyra made it; nothing was changed.
    """
    schema = prepare(url, create=create)
    env = {
        PostgresLogFactory.POSTGRES_URL: url,
        PostgresLogFactory.POSTGRES_SCHEMA: schema,
        PostgresLogFactory.LOCK_TIMEOUT_MS: str(lock_timeout_ms),
    }
    return PostgresLogFactory(env).log_recorder()


def _refusal(constraint: str | None, append: Append) -> PalyraError | None:
    """Return what it means that a constraint of the log is violated."""
    if constraint == VERSION_CONSTRAINT:
        return StaleVersion()
    if constraint == TRACKING_CONSTRAINT and append.tracking is not None:
        consumer, position = append.tracking
        return StalePosition(consumer=consumer, position=position)
    if constraint in HEAD_CONSTRAINTS:
        return LogDamaged("The log does not end where its head says. Somebody has changed it by hand.")
    return None


def _arguments(append: Append) -> tuple[object, ...]:
    """Return an append as columns. An empty array has no type of its own, so it is NULL."""
    consumer, position = append.tracking or (None, None)
    columns: list[list[object] | None] = [list(column) for column in zip(*append.events, strict=True)]
    digests = [blob.digest for blob in append.blobs] or None
    contents = [blob.content for blob in append.blobs] or None
    drops = list(append.drops) or None
    return (*(columns or [None] * 4), digests, contents, drops, consumer, position)
