"""An event as the log takes it and gives it back: bytes with a place.

These are plain tuples, because a rebuild makes millions of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from palyra_events.blob import Blob
from palyra_events.errors import StaleVersion


class NewEvent(NamedTuple):
    """An event to append.

    ``version`` is the place in its stream that the writer expects to be free, 1 for the first: the
    log refuses it where somebody else was faster.
    """

    stream_id: UUID
    version: int
    topic: str
    state: bytes


class Entry(NamedTuple):
    """Events to append together or not at all, and the blobs that they name."""

    events: Sequence[NewEvent]
    blobs: Sequence[Blob] = ()


class RecordedEvent(NamedTuple):
    """An event in the log. ``leaf`` is its hash in the ledger."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    state: bytes
    leaf: bytes


class Log(Protocol):
    """What the commands need of a log."""

    def append(
        self,
        events: Sequence[NewEvent],
        *,
        blobs: Sequence[Blob] = (),
        drops: Sequence[bytes] = (),
        tracking: tuple[str, int] | None = None,
    ) -> Sequence[int]:
        """Append all of it or nothing, durably, and return the positions; ``drops`` are blobs to forget.

        Raises:
            StaleVersion: one of the places is taken.
            StalePosition: the consumer named by ``tracking`` is at this position already.
        """
        ...

    def append_each(self, entries: Sequence[Entry]) -> Sequence[Sequence[int] | StaleVersion]:
        """Append each entry by itself, durably; return its positions, or why it was refused."""
        ...

    def read_stream(self, stream_id: UUID, after_version: int = 0) -> Sequence[RecordedEvent]:
        """Return the events of a stream in order."""
        ...

    def read_streams(self, stream_ids: Sequence[UUID]) -> Sequence[RecordedEvent]:
        """Return the events of some streams, by position."""
        ...

    def head(self) -> int:
        """Return the position of the newest event, 0 where there is none."""
        ...
