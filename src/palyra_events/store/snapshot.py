"""One moment of a log, read as a whole while others write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from palyra_events.blob import Blob
from palyra_events.errors import DriverMissing
from palyra_events.record import RecordedEvent
from palyra_events.store.environment import check_environment
from palyra_events.store.faults import translating
from palyra_events.store.location import Location

#: milliseconds to wait for another writer
LOCK_TIMEOUT_MS = 5000


class Snapshot(Protocol):
    """A transaction that sees one moment of a database. For one thread."""

    def meta(self) -> dict[str, str]:
        """Return what is fixed about the log."""
        ...

    def events(self) -> Iterator[RecordedEvent]:
        """Return all events in order, a few of them in memory at a time."""
        ...

    def blobs(self) -> Iterator[Blob]:
        """Return all bytes that are kept beside the log, a few of them in memory at a time."""
        ...

    def tracking(self) -> list[tuple[str, int]]:
        """Return the consumers and their positions."""
        ...

    def checkpoints(self) -> list[tuple[int, bytes, bytes]]:
        """Return the signed checkpoints: the size of each tree, its note and its peaks."""
        ...

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query; ``?`` stands for a value."""
        ...


@contextmanager
def open_snapshot(location: Location) -> Iterator[Snapshot]:
    """Open the log of a database for reading, as it stands now.

    Writers do not wait for it. On SQLite, the write-ahead log cannot begin anew before it is closed.

    Raises:
        DatabaseMissing, DatabaseTooNew, DatabaseTooOld: there is no log that this program can read.
        DriverMissing: ``palyra[postgres]`` is not installed.
        DatabaseUnavailable, DatabaseLocked, DatabaseDamaged, StorageFailed: it cannot be read.
    """
    check_environment()
    with translating():
        if location.path is not None:
            from palyra_events.store.sqlite_snapshot import sqlite_snapshot  # noqa: PLC0415 - as its sibling

            with sqlite_snapshot(location.path, LOCK_TIMEOUT_MS) as snapshot:
                yield snapshot
            return
        try:
            from palyra_events.store.postgres_snapshot import postgres_snapshot  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise DriverMissing(driver=error.name) from error
        with postgres_snapshot(location.url) as server_snapshot:
            yield server_snapshot


def head_of(snapshot: Snapshot) -> int:
    """Return the position of the newest event, 0 where there is none."""
    return int(snapshot.rows("SELECT coalesce(max(position), 0) FROM event")[0][0])
