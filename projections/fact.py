"""Events at their place in the log, as views take them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

from palyra_events.blob import BlobRef, SealedRef
from palyra_events.errors import LogDamaged, UnknownEventType
from palyra_events.event import Event
from projections.decoder import Decoder

EventT_co = TypeVar("EventT_co", bound=Event, covariant=True)

#: a row of the log as views want it: position, stream id in hexadecimal, version, topic, state
ScannedRow: TypeAlias = tuple[int, str, int, str, bytes]


class LogReader(Protocol):
    """What the views need of a log."""

    def scan(self, after: int, limit: int) -> Sequence[ScannedRow]:
        """Return at most ``limit`` events after the position ``after``, in order."""
        ...

    def head(self) -> int:
        """Return the position of the newest event, 0 where there is none."""
        ...

    def blobs(self, digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Return the kept bytes of some digests; what is not kept, or not any more, is left out."""
        ...


class Fact(Generic[EventT_co]):
    """One event of the log. It is decoded once, when the first view asks what it says."""

    __slots__ = ("_event", "_kind", "page", "position", "state", "stream_id", "topic", "version")

    def __init__(self, page: Page, row: ScannedRow) -> None:
        self.page = page
        self.position, self.stream_id, self.version, self.topic, self.state = row
        self._kind = page.decoder.kinds.get(self.topic)
        self._event: EventT_co | None = None

    @property
    def kind(self) -> type[Event]:
        """What happened, as a type of event.

        Raises:
            UnknownEventType: this program does not know such events.
        """
        if self._kind is None:
            raise UnknownEventType(f"The log holds an event of the unknown type {self.topic[:80]!r}.")
        return self._kind

    @property
    def stream(self) -> str:
        """The id of its stream, as people write it."""
        digits = self.stream_id
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    @property
    def event(self) -> EventT_co:
        """What happened: the fields and properties of the event, though not its class.

        Raises:
            UnknownEventType: this program does not know such events.
            LogDamaged: the bytes are not such an event.
        """
        if self._event is None:
            self._event = cast("EventT_co", self.page.decoder.decode(self.topic, self.state))
        return self._event

    def open(self, sealed: SealedRef) -> str | None:
        """Return a text that the event names, or None where it was erased.

        Raises:
            LogDamaged: the text is not the one that was recorded.
        """
        content = self.page.text(sealed.digest)
        return None if content is None else sealed.open(content)

    def read(self, reference: BlobRef) -> bytes | None:
        """Return bytes that the event names, or None where they are not kept any more.

        Raises:
            LogDamaged: the bytes are not those that were recorded.
        """
        content = self.page.kept(reference.digest)
        return None if content is None else reference.check(content)


class Page:
    """Events that were read together."""

    def __init__(self, log: LogReader, decoder: Decoder, rows: Sequence[ScannedRow]) -> None:
        self._log = log
        self.decoder = decoder
        self.facts: Sequence[Fact[Any]] = [Fact(self, row) for row in rows]

    def text(self, digest: bytes) -> bytes | None:
        """Return a text as it is sealed and kept, or None where it was erased."""
        if digest in self._reasons:
            return self._reasons[digest]
        return self.kept(digest)

    def kept(self, digest: bytes) -> bytes | None:
        """Return bytes as they are kept, or None where they are not any more."""
        return self._log.blobs([digest]).get(digest)

    @cached_property
    def _reasons(self) -> Mapping[bytes, bytes]:
        """The reasons that people gave for these events, sealed as they are kept: read in one go."""
        sealed = (fact.event.reason for fact in self.facts if b'"reason"' in fact.state)
        return self._log.blobs([reason.digest for reason in sealed if reason is not None])


class FactReader:
    """Reads the log ahead, so that a page that ends early is neither read nor decoded again."""

    def __init__(self, log: LogReader, decoder: Decoder) -> None:
        self._log = log
        self._decoder = decoder
        self._ahead: Sequence[Fact[Any]] = ()

    def after(self, position: int, limit: int) -> Sequence[Fact[Any]]:
        """Return between one and ``limit`` facts that follow ``position`` without a gap.

        Raises:
            LogDamaged: the next position is missing in the log.
        """
        start = position + 1 - (self._ahead[0].position if self._ahead else 0)
        if not 0 <= start < len(self._ahead):
            self._ahead, start = self._read(position, limit), 0
        return self._ahead[start : start + limit]

    def _read(self, position: int, limit: int) -> Sequence[Fact[Any]]:
        rows = self._log.scan(position, limit)
        if not rows or rows[-1][0] != position + len(rows) or rows[0][0] != position + 1:
            missing = next((at for at, row in enumerate(rows, position + 1) if row[0] != at), position + 1)
            raise LogDamaged(f"Position {missing} is missing in the log.", position=missing)
        return Page(self._log, self._decoder, rows).facts
