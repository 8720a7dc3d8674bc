"""Copying a log from one database to another, of whichever kind: all of it, and nothing that is not true."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeAlias, TypeVar
from uuid import UUID

from palyra_events.blob import SALT_SIZE, Blob
from palyra_events.errors import Conflict, DriverMissing, LogDamaged
from palyra_events.ledger import Frontier, leaf_hash
from palyra_events.record import RecordedEvent
from palyra_events.store.faults import translating
from palyra_events.store.location import Location
from palyra_events.store.snapshot import LOCK_TIMEOUT_MS, Snapshot, head_of

#: told how many events and blobs are done, and how many there are
Progress: TypeAlias = Callable[[int, int], None]

#: events written at once, and blobs, of which one can have megabytes
_EVENTS_AT_ONCE = 500
_BLOBS_AT_ONCE = 16

_T = TypeVar("_T")


class DatabaseNotEmpty(Conflict):
    """The database holds a log already."""

    code = "DATABASE_NOT_EMPTY"
    advice = "Nothing was changed. Name an empty database, or one that does not exist yet, with --db."


@dataclass(frozen=True, slots=True)
class LogCopy:
    """What was copied: which log, up to where, the root of its Merkle tree there, and its blobs."""

    log_id: UUID
    head: int
    root: bytes
    blobs: int


class CopyTarget(Protocol):
    """An empty log that takes in another one, in one transaction."""

    def name(self, meta: dict[str, str]) -> None:
        """Make it the log that this describes."""
        ...

    def add_events(self, events: Sequence[RecordedEvent]) -> None:
        """Take in events that follow on those before."""
        ...

    def add_blobs(self, blobs: Sequence[Blob]) -> None:
        """Take in bytes that are kept beside the log."""
        ...

    def add_tracking(self, tracking: Sequence[tuple[str, int]]) -> None:
        """Take in the positions of consumers."""
        ...

    def add_checkpoints(self, checkpoints: Sequence[tuple[int, bytes, bytes]]) -> None:
        """Take in signed checkpoints."""
        ...


@contextmanager
def open_target(location: Location) -> Iterator[CopyTarget]:
    """Open an empty log to copy into; it is written when the block ends, and not at all where it raises.

    Raises:
        DatabaseNotEmpty: it holds something already.
        DriverMissing: ``palyra[postgres]`` is not installed.
        DatabaseUnavailable, DatabaseReadOnly, DatabaseLocked, DiskFull, StorageFailed: nothing was written.
    """
    with translating():
        if location.path is not None:
            from palyra_events.store.sqlite_copy import sqlite_target  # noqa: PLC0415 - as its sibling

            with sqlite_target(location.path, LOCK_TIMEOUT_MS) as target:
                yield target
            return
        try:
            from palyra_events.store.postgres_copy import postgres_target  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise DriverMissing(driver=error.name) from error
        with postgres_target(location.url, LOCK_TIMEOUT_MS) as server_target:
            yield server_target


def copy_log(source: Snapshot, target: CopyTarget, progress: Progress | None = None) -> LogCopy:
    """Copy a log: positions, leaf hashes, blobs, checkpoints, consumers and name.

    Every event and blob is checked on the way.

    Raises:
        LogDamaged: an event or a blob is not what was recorded; it is named.
    """
    meta = source.meta()
    target.name(meta)
    tally = _Tally(source, progress)
    for events in _pages(tally.events(), _EVENTS_AT_ONCE):
        target.add_events(events)
    for blobs in _pages(tally.blobs(), _BLOBS_AT_ONCE):
        target.add_blobs(blobs)
    target.add_tracking(source.tracking())
    target.add_checkpoints(source.checkpoints())
    return tally.copy(meta["log_id"])


def survey(source: Snapshot, progress: Progress | None = None) -> LogCopy:
    """Read and check all that `copy_log` copies, and return what it would return.

    Raises:
        LogDamaged: an event or a blob is not what was recorded; it is named.
    """
    tally = _Tally(source, progress)
    for _ in _pages(tally.events(), _EVENTS_AT_ONCE):
        pass
    for _ in _pages(tally.blobs(), _BLOBS_AT_ONCE):
        pass
    return tally.copy(source.meta()["log_id"])


class _Tally:
    """Checks what passes through, and counts it."""

    def __init__(self, source: Snapshot, progress: Progress | None) -> None:
        self._source = source
        self._progress = progress
        self._total = head_of(source) + source.rows("SELECT count(*) FROM blob")[0][0]
        self._frontier = Frontier()
        self._blobs = 0

    def events(self) -> Iterator[RecordedEvent]:
        """Yield the events, each after its check."""
        leaves: list[bytes] = []
        for place, event in enumerate(self._source.events(), 1):
            _check_event(event, place)
            leaves.append(event.leaf)
            if len(leaves) == _EVENTS_AT_ONCE:
                self._take(leaves)
            yield event
        self._take(leaves)

    def blobs(self) -> Iterator[Blob]:
        """Yield the blobs, each after its check."""
        for blob in self._source.blobs():
            check_blob(blob)
            self._blobs += 1
            self._tell()
            yield blob

    def copy(self, log_id: str) -> LogCopy:
        """Return what has passed."""
        return LogCopy(UUID(log_id), self._frontier.size, self._frontier.root, self._blobs)

    def _take(self, leaves: list[bytes]) -> None:
        self._frontier = self._frontier.extended(leaves)
        leaves.clear()
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._frontier.size + self._blobs, self._total)


def _check_event(event: RecordedEvent, place: int) -> None:
    if event.position != place:
        raise LogDamaged(f"Position {place} is missing in the log.", position=place)
    if event.leaf != leaf_hash(*event[:-1]):
        raise LogDamaged(f"The event at position {place} is not the one that was recorded.", position=place)


def check_blob(blob: Blob) -> None:
    """Check that bytes are what their digest says: their SHA-256, or their HMAC under the salt before them.

    Raises:
        LogDamaged: they are neither.
    """
    salt, text = blob.content[:SALT_SIZE], blob.content[SALT_SIZE:]
    if blob.digest not in {hashlib.sha256(blob.content).digest(), hmac.digest(salt, text, "sha256")}:
        digest = blob.digest.hex()
        raise LogDamaged(
            f"The bytes kept as {digest[:12]} are not the bytes that were recorded.", blob=digest
        )


def _pages(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(items)
    while page := list(islice(iterator, size)):
        yield page
