"""A log in memory that keeps the promises of `palyra_events.record.Log`: for tests of the commands."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from palyra_events.blob import Blob
from palyra_events.errors import StalePosition, StaleVersion, UnknownBlob
from palyra_events.ledger import leaf_hash
from palyra_events.record import Entry, NewEvent, RecordedEvent


class MemoryLog:
    """Positions 1, 2, 3, …; one event at each version of a stream; all of an append or nothing."""

    def __init__(self) -> None:
        self._rows: list[RecordedEvent] = []
        self._blobs: dict[bytes, bytes] = {}
        self._positions: dict[str, int] = {}

    def append(
        self,
        events: Sequence[NewEvent],
        *,
        blobs: Sequence[Blob] = (),
        drops: Sequence[bytes] = (),
        tracking: tuple[str, int] | None = None,
    ) -> Sequence[int]:
        """Check everything, then write everything."""
        if tracking is not None and tracking[1] <= self._positions.get(tracking[0], 0):
            raise StalePosition(consumer=tracking[0])
        places = [(event.stream_id, event.version) for event in events]
        taken = {(row.stream_id, row.version) for row in self._rows}
        if len(set(places)) < len(places) or not taken.isdisjoint(places):
            raise StaleVersion
        first = len(self._rows) + 1
        rows = [RecordedEvent(n, *event, leaf_hash(n, *event)) for n, event in enumerate(events, first)]
        self._rows += rows
        kept = {blob.digest: blob.content for blob in blobs} | self._blobs
        self._blobs = {digest: content for digest, content in kept.items() if digest not in drops}
        if tracking is not None:
            self._positions[tracking[0]] = tracking[1]
        return [row.position for row in rows]

    def read_stream(self, stream_id: UUID, after_version: int = 0) -> Sequence[RecordedEvent]:
        """Return the rows of one stream, in the order of their versions."""
        rows = [row for row in self._rows if row.stream_id == stream_id and row.version > after_version]
        return sorted(rows, key=lambda row: row.version)

    def append_each(self, entries: Sequence[Entry]) -> Sequence[Sequence[int] | StaleVersion]:
        """Append each entry by itself."""
        return [self._tried(entry) for entry in entries]

    def _tried(self, entry: Entry) -> Sequence[int] | StaleVersion:
        try:
            return self.append(entry.events, blobs=entry.blobs)
        except StaleVersion as error:
            return error

    def read_streams(self, stream_ids: Sequence[UUID]) -> Sequence[RecordedEvent]:
        """Return the rows of some streams, in the order of their positions."""
        return [row for row in self._rows if row.stream_id in stream_ids]

    def head(self) -> int:
        """Return the number of rows: positions have no gaps."""
        return len(self._rows)

    def read(self, after: int, limit: int) -> Sequence[RecordedEvent]:
        """Return rows in the order of their positions."""
        return self._rows[after : after + limit]

    def position(self, consumer: str) -> int:
        """Return where a consumer stands, 0 where it never came."""
        return self._positions.get(consumer, 0)

    def blob(self, digest: bytes) -> bytes:
        """Return the bytes that are kept under a digest."""
        if digest not in self._blobs:
            raise UnknownBlob
        return self._blobs[digest]

    def scan(self, after: int, limit: int) -> Sequence[tuple[int, str, int, str, bytes]]:
        """Return rows as views read them."""
        rows = self.read(after, limit)
        return [(row.position, row.stream_id.hex, row.version, row.topic, row.state) for row in rows]

    def blobs(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those bytes that are kept."""
        return {digest: self._blobs[digest] for digest in digests if digest in self._blobs}
