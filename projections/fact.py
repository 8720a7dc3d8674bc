"""Events at their place in the log, as views take them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar, cast

from palyra_events.blob import SealedRef
from palyra_events.errors import LogDamaged, UnknownBlob
from palyra_events.event import Event
from palyra_events.record import RecordedEvent
from palyra_events.registry import Registry

EventT_co = TypeVar("EventT_co", bound=Event, covariant=True)


class LogReader(Protocol):
    """What the views need of a log."""

    def read(self, after: int, limit: int) -> Sequence[RecordedEvent]:
        """Return at most ``limit`` events after the position ``after``, in order."""
        ...

    def head(self) -> int:
        """Return the position of the newest event, 0 where there is none."""
        ...

    def blob(self, digest: bytes) -> bytes:
        """Return kept bytes.

        Raises:
            UnknownBlob: they are not kept, or not any more.
        """
        ...


class Fact(Generic[EventT_co]):
    """One event of the log. It is decoded once, when the first view asks what it is."""

    __slots__ = ("_event", "_log", "_registry", "recorded")

    def __init__(self, recorded: RecordedEvent, registry: Registry, log: LogReader) -> None:
        self.recorded = recorded
        self._registry = registry
        self._log = log
        self._event: EventT_co | None = None

    @property
    def position(self) -> int:
        """Its place in the log."""
        return self.recorded.position

    @property
    def event(self) -> EventT_co:
        """What happened.

        Raises:
            UnknownEventType: this program does not know such events.
            LogDamaged: the bytes are not such an event.
        """
        if self._event is None:
            self._event = cast("EventT_co", self._registry.decode(self.recorded.topic, self.recorded.state))
        return self._event

    def open(self, sealed: SealedRef) -> str | None:
        """Return a text that the event names, or None where it was erased.

        Raises:
            LogDamaged: the text is not the one that was recorded.
        """
        try:
            content = self._log.blob(sealed.digest)
        except UnknownBlob:
            return None
        return sealed.open(content)


class FactReader:
    """Reads the log ahead, so that a page that ends early is neither read nor decoded again."""

    def __init__(self, log: LogReader, registry: Registry) -> None:
        self._log = log
        self._registry = registry
        self._ahead: Sequence[Fact[Event]] = ()

    def after(self, position: int, limit: int) -> Sequence[Fact[Event]]:
        """Return between one and ``limit`` facts that follow ``position`` without a gap.

        Raises:
            LogDamaged: the next position is missing in the log.
        """
        start = position + 1 - (self._ahead[0].position if self._ahead else 0)
        if not 0 <= start < len(self._ahead):
            self._ahead, start = self._read(position, limit), 0
        return self._ahead[start : start + limit]

    def _read(self, position: int, limit: int) -> Sequence[Fact[Event]]:
        rows = self._log.read(position, limit)
        gap = (place for place, row in enumerate(rows, position + 1) if row.position != place)
        missing = next(gap, None if rows else position + 1)
        if missing is not None:
            raise LogDamaged(f"Position {missing} is missing in the log.", position=missing)
        return [Fact(row, self._registry, self._log) for row in rows]
