"""The log as people look at it: decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from palyra_events.errors import UnknownEvent
from palyra_events.event import Event
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_events.store.log import POSITION_MAX
from palyra_runtime.blobs import kept_text
from palyra_runtime.facade.page import check_page


@dataclass(frozen=True, slots=True)
class EventDetail:
    """One event at its place; ``reason`` is the text that a person gave, None where it is not kept."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    leaf: bytes
    event: Event
    reason: str | None

    @property
    def facts(self) -> dict[str, Any]:
        """The event as plain values."""
        return self.event.model_dump(mode="json", exclude_none=True)


class Events:
    """Reads the log."""

    def __init__(self, log: EventLog, registry: Registry = REGISTRY) -> None:
        self._log = log
        self._registry = registry

    def list(self, *, after: int = 0, limit: int = 100) -> tuple[EventDetail, ...]:
        """Return at most ``limit`` events after a position, the oldest first.

        Raises:
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after, limit)
        return tuple(self._detail(row) for row in self._log.read(after, limit))

    def newest(self, limit: int = 100) -> tuple[EventDetail, ...]:
        """Return the newest events, the oldest of them first."""
        return self.list(after=max(0, self._log.head() - limit), limit=limit)

    def show(self, position: int) -> EventDetail:
        """Return the event at a position.

        Raises:
            UnknownEvent: the log does not reach so far, or positions do not begin so early.
        """
        rows = self._log.read(position - 1, 1) if 0 < position <= POSITION_MAX else []
        if not rows:
            raise UnknownEvent(f"The log has no event at position {position}.", position=position)
        return self._detail(rows[0])

    def _detail(self, row: RecordedEvent) -> EventDetail:
        event = self._registry.decode(row.topic, row.state)
        return EventDetail(
            row.position,
            row.stream_id,
            row.version,
            row.topic,
            row.leaf,
            event,
            kept_text(self._log, event.reason),
        )
