"""The event log: append, read, follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Any, Protocol, Self
from uuid import UUID

from palyra_events.blob import Blob
from palyra_events.errors import (
    DatabaseUnavailable,
    DriverMissing,
    LogDamaged,
    PalyraError,
    StaleVersion,
    UnknownBlob,
)
from palyra_events.record import Entry, NewEvent, RecordedEvent
from palyra_events.store.append import Append, Lookup
from palyra_events.store.bell import SLOW_POLL_S, Bell
from palyra_events.store.environment import check_environment
from palyra_events.store.evidence import Evidence
from palyra_events.store.faults import translating
from palyra_events.store.group import GroupCommit
from palyra_events.store.location import Dialect, Location, locate
from palyra_events.store.names import ActorNames
from palyra_events.store.tail import Tail

#: the largest position that both databases can hold
POSITION_MAX = 2**63 - 1


class Backend(Lookup, Protocol):
    """What the recorder of each database does for the log."""

    @property
    def bell(self) -> Bell:
        """Rings when the log has grown."""
        ...

    def record(self, append: Append) -> Sequence[int]:
        """Record all of it or nothing, durably, and return the positions."""
        ...

    def page(self, after: int, limit: int, until: int) -> list[RecordedEvent]:
        """Return events by position."""
        ...

    def stream(self, stream_id: UUID, after_version: int) -> list[RecordedEvent]:
        """Return the events of one stream in order."""
        ...

    def streams(self, stream_ids: Sequence[UUID]) -> list[RecordedEvent]:
        """Return the events of some streams by position."""
        ...

    def among(self, positions: Sequence[int]) -> list[RecordedEvent]:
        """Return the events at some positions."""
        ...

    def head(self) -> int:
        """Return the newest position, 0 where there is none."""
        ...

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return a consumer's position."""
        ...

    def blob(self, digest: bytes) -> bytes | None:
        """Return kept bytes."""
        ...

    def scan(self, after: int, limit: int) -> Sequence[tuple[int, str, int, str, bytes]]:
        """Return at most ``limit`` events after a position, as bare tuples."""
        ...

    def blobs(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those of some bytes that are kept."""
        ...

    def meta(self) -> dict[str, str]:
        """Return what is fixed about this log."""
        ...

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""
        ...

    def execute(self, statement: str, *values: object) -> None:
        """Run one statement as a transaction of its own, durably."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


class EventLog:
    """An append-only log in one database, with positions 1, 2, 3, … in commit order.

    A context manager, safe to share between threads; one per process and database. It does not
    survive a fork: open it in the child. All errors are `PalyraError`.
    """

    def __init__(self, location: Location, backend: Backend) -> None:
        self._location = location
        self._backend = backend
        self._group = GroupCommit(backend.record)
        with translating():
            self._log_id = UUID(backend.meta()["log_id"])

    @classmethod
    def open(cls, url: str, *, create: bool = True, lock_timeout_ms: int = 5000) -> Self:
        """Open the log at ``url``, and make it where it is missing and ``create`` is set.

        ``lock_timeout_ms`` is how long to wait for another writer. A new SQLite file is readable
        by its owner alone (0600), and so is a folder that is made for it (0700).

        Raises:
            InvalidDatabaseUrl: the URL is neither SQLite's nor PostgreSQL's.
            UnsafeEnvironment: the environment would load foreign code.
            DriverMissing: ``palyra[postgres]`` is not installed.
            DatabaseUnavailable, DatabaseReadOnly, DatabaseLocked, DatabaseDamaged, DatabaseTooNew:
                nothing was changed.
        """
        location = locate(url)
        check_environment()
        with translating():
            backend = _backend(location, create=create, lock_timeout_ms=lock_timeout_ms)
            try:
                return cls(location, backend)
            except BaseException:
                backend.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The URL that the log was opened with. It may hold a password: not for logs."""
        return self._location.url

    @property
    def dialect(self) -> Dialect:
        """Which database it is: ``sqlite`` or ``postgresql``."""
        return self._location.dialect

    @property
    def path(self) -> Path | None:
        """The database file, absolute; None on PostgreSQL."""
        return self._location.path

    @property
    def log_id(self) -> UUID:
        """Random, and fixed when the log was made: tells copies and restores from another log."""
        return self._log_id

    @property
    def evidence(self) -> Evidence:
        """The tables as they are, for whoever checks them."""
        return Evidence(self._backend, self._location.dialect, self._open)

    @property
    def names(self) -> ActorNames:
        """The names of actors, which are no part of the log."""
        return ActorNames(self._backend, self._open)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._backend.bell.closing.is_set()

    def append(
        self,
        events: Sequence[NewEvent],
        *,
        blobs: Sequence[Blob] = (),
        drops: Sequence[bytes] = (),
        tracking: tuple[str, int] | None = None,
    ) -> Sequence[int]:
        """Append all of it or nothing, and return the positions. It is durable when this returns.

        Callers that come at the same time share one sync of the disk. ``tracking`` is a consumer and
        the position it has dealt with; it must be further on than the one recorded. Blobs that are
        kept already stay as they are; ``drops`` are the digests of those that are kept no longer.

        Raises:
            StaleVersion: a stream has an event at this version already.
            StalePosition: the consumer is at this position already, or past it.
            LogDamaged: the log does not end where its head says.
            DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DiskFull, StorageFailed: it could not
                be written.
        """
        with self._open():
            return self._group.submit(Append(events, blobs, tracking, drops))

    def append_each(self, entries: Sequence[Entry]) -> Sequence[Sequence[int] | StaleVersion]:
        """Append each entry by itself, and return its positions, or why it was refused.

        It is what threads get that append at the same time, for one thread: together they cost about as
        much as one `append`.

        Raises:
            LogDamaged: the log does not end where its head says.
            DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DiskFull, StorageFailed: some of them
                may not be written.
        """
        with self._open():
            answers = self._group.submit_each([Append(*entry) for entry in entries])
            return [_answer(answer) for answer in answers]

    def read(self, after: int, limit: int, until: int | None = None) -> list[RecordedEvent]:
        """Return at most ``limit`` events after the position ``after``, up to ``until``, in order.

        Raises:
            LogDamaged: a position is missing; it is named.
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        with self._open():
            page = self._backend.page(after, limit, POSITION_MAX if until is None else until)
        check_contiguous(page, after)
        return page

    def scan(self, after: int, limit: int) -> Sequence[tuple[int, str, int, str, bytes]]:
        """Return at most ``limit`` events after the position ``after``, in order, faster than `read`.

        Each is its position, its stream id in hexadecimal, its version, topic and state. Whoever scans
        looks for gaps himself.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        with self._open():
            return self._backend.scan(after, limit)

    def read_stream(
        self, stream_id: UUID, after_version: int = 0, until_version: int | None = None
    ) -> list[RecordedEvent]:
        """Return the events of one stream in order.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        with self._open():
            events = self._backend.stream(stream_id, after_version)
        return [event for event in events if until_version is None or event.version <= until_version]

    def read_streams(self, stream_ids: Sequence[UUID]) -> list[RecordedEvent]:
        """Return the events of some streams, by position.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        with self._open():
            return self._backend.streams(stream_ids)

    def read_at(self, positions: Sequence[int]) -> list[RecordedEvent]:
        """Return the events at some positions, by position.

        Raises:
            LogDamaged: one of them is missing.
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        wanted = set(positions)
        with self._open():
            found = self._backend.among(sorted(wanted))
        if missing := wanted.difference(event.position for event in found):
            raise LogDamaged(f"Position {min(missing)} is missing in the log.", position=min(missing))
        return found

    def head(self) -> int:
        """Return the position of the newest event, 0 where there is none.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        with self._open():
            return self._backend.head()

    def position(self, consumer: str) -> int:
        """Return the position that a consumer has recorded, 0 where it has none.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        with self._open():
            return self._backend.max_tracking_id(consumer) or 0

    def blob(self, digest: bytes) -> bytes:
        """Return the bytes kept under ``digest``, unchecked: the reference that names them checks them.

        Raises:
            UnknownBlob: they are not kept, or not any more.
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: they cannot be read.
        """
        with self._open():
            content = self._backend.blob(digest)
        if content is None:
            raise UnknownBlob(digest=digest.hex())
        return content

    def blobs(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the bytes kept under some digests; those that are not kept, or not any more, are left out.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: they cannot be read.
        """
        if not digests:
            return {}
        with self._open():
            return self._backend.blobs(digests)

    def wait(self, after: int, timeout_s: float, stopped: Event | None = None) -> bool:
        """Wait until there is an event after the position ``after``; False after ``timeout_s``, or if closed.

        Wakes at once for appends of this process, within milliseconds for those of others. To end a
        wait early, set ``stopped`` and call `wake`.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        deadline = monotonic() + timeout_s
        while not self.closed and not (stopped is not None and stopped.is_set()):
            rings = self._backend.bell.rings
            if self._has_grown(after):
                return True
            remaining = deadline - monotonic()
            if remaining <= 0:
                return False
            self._backend.bell.wait(rings, min(remaining, SLOW_POLL_S))
        return False

    def _has_grown(self, after: int) -> bool:
        try:
            return self._backend.bell.head > after or self.head() > after
        except DatabaseUnavailable:
            if self.closed:
                return False
            raise

    def wake(self) -> None:
        """Let everybody who waits look again, at the log and at whether to stop."""
        self._backend.bell.ring()

    def subscribe(self, after: int) -> Tail:
        """Iterate over the events after a position for ever, waiting at the end for more.

        Close what this returns, or use it as a context manager; closing the log ends it as well.
        """
        return Tail(self, after)

    def close(self) -> None:
        """Close all connections and wake whoever waits. Safe to repeat."""
        self._backend.close()

    @contextmanager
    def _open(self) -> Iterator[None]:
        """Raise what goes wrong inside as our errors; a log that is closed meanwhile breaks in many ways."""
        self._check_open()
        try:
            with translating():
                yield
        except PalyraError:
            raise
        except Exception:
            self._check_open()
            raise

    def _check_open(self) -> None:
        if self.closed:
            raise DatabaseUnavailable("The log was closed.")


def _backend(location: Location, *, create: bool, lock_timeout_ms: int) -> Backend:
    """Open the recorder of a location. The imports wait for `check_environment`, and for the driver."""
    if location.path is not None:
        from palyra_events.store.sqlite import open_sqlite  # noqa: PLC0415

        return open_sqlite(location.path, create=create, lock_timeout_ms=lock_timeout_ms)
    try:
        from palyra_events.store.postgres import open_postgres  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise DriverMissing(driver=error.name) from error
    return open_postgres(location.url, create=create, lock_timeout_ms=lock_timeout_ms)


def _answer(answer: Sequence[int] | Exception) -> Sequence[int] | StaleVersion:
    """Return what concerns one entry alone; raise what goes wrong with the database."""
    if isinstance(answer, Exception) and not isinstance(answer, StaleVersion):
        raise answer
    return answer


def check_contiguous(page: Sequence[RecordedEvent], after: int) -> None:
    """Check that a page has every position. It is ordered by a unique one, so its end tells.

    Raises:
        LogDamaged: a position is missing; the first is named.
    """
    if not page or page[-1].position - after == len(page):
        return
    missing = next(place for place, event in enumerate(page, after + 1) if event.position != place)
    raise LogDamaged(f"Position {missing} is missing in the log.", position=missing)
