"""Dropping bytes beside the log, and leaving no trace of what was dropped.

A dropped blob is gone for whoever asks for it. Its bytes lie in free pages until something else is
written there; `compact` leaves no such pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from palyra_events.blob import blob_digests
from palyra_events.errors import DatabaseLocked, DriverMissing
from palyra_events.store.environment import check_environment
from palyra_events.store.faults import translating
from palyra_events.store.location import Location, locate

#: told how many blobs are done, and how many there are
Progress: TypeAlias = Callable[[int, int], None]

#: blobs of one transaction, for which all writers wait
_BLOBS_AT_ONCE = 2_000


class TracesLeft(DatabaseLocked):
    """What was dropped may lie in the write-ahead log still."""

    code = "TRACES_LEFT"
    advice = "Somebody reads the database: stop what has it open, and do this again."


@dataclass(frozen=True, slots=True)
class Dropped:
    """What is kept no longer: how many blobs, and their bytes."""

    blobs: int = 0
    bytes: int = 0

    def __add__(self, other: Dropped) -> Dropped:
        return Dropped(self.blobs + other.blobs, self.bytes + other.bytes)


class Dropper(Protocol):
    """What dropping needs of a database."""

    def drop(self, digests: Sequence[bytes], seen: int) -> Dropped:
        """Drop blobs in one transaction, except those that an event after the position ``seen`` names."""
        ...

    def compact(self) -> None:
        """Write the tables anew without what was dropped from them."""
        ...


def drop_blobs(url: str, digests: Sequence[bytes], seen: int, progress: Progress | None = None) -> Dropped:
    """Drop blobs of the log at ``url``, in transactions that others need not wait for long.

    Who chose them knew the log up to the position ``seen``. Those that an event after it names are
    left: it was recorded meanwhile, and the same bytes have the same digest.

    Raises:
        DatabaseMissing, DriverMissing, DatabaseUnavailable, DatabaseReadOnly, DatabaseLocked,
            DatabaseDamaged, StorageFailed: not all of them are dropped; it can be done again.
    """
    dropped = Dropped()
    with translating(), _dropper(locate(url)) as dropper:
        for start in range(0, len(digests), _BLOBS_AT_ONCE):
            if progress is not None:
                progress(start, len(digests))
            dropped += dropper.drop(digests[start : start + _BLOBS_AT_ONCE], seen)
    if progress is not None and digests:
        progress(len(digests), len(digests))
    return dropped


def compact(url: str) -> None:
    """Leave no byte of what was dropped in the files of the database at ``url``.

    On SQLite the file is written anew and the write-ahead log emptied; it takes as much room as the
    file again. On PostgreSQL the table of blobs is written anew, under a lock; the server's own
    write-ahead log is the server's. Nobody can write meanwhile.

    Raises:
        TracesLeft: somebody reads the write-ahead log of a SQLite file.
        DatabaseMissing, DriverMissing, DatabaseUnavailable, DatabaseReadOnly, DatabaseLocked,
            DatabaseDamaged, DiskFull, StorageFailed: it can be done again.
    """
    with translating(), _dropper(locate(url)) as dropper:
        dropper.compact()


def named_in(states: Iterable[bytes]) -> set[bytes]:
    """Return the digests that some events name."""
    return {digest for state in states for digest in blob_digests(state)}


def _dropper(location: Location) -> AbstractContextManager[Dropper]:
    check_environment()
    if location.path is not None:
        from palyra_events.store.sqlite_dropping import sqlite_dropper  # noqa: PLC0415 - as its sibling

        return sqlite_dropper(location.path)
    try:
        from palyra_events.store.postgres_dropping import postgres_dropper  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise DriverMissing(driver=error.name) from error
    return postgres_dropper(location.url)
