"""The log as people look at it: decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from palyra_events.errors import UnknownEvent
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_events.store.log import POSITION_MAX
from palyra_runtime.blobs import kept_text
from palyra_runtime.facade.cloud_event import cloud_event
from palyra_runtime.facade.event_detail import EventDetail
from palyra_runtime.facade.page import check_page
from projections import Point, Views

#: events read at once
_PAGE_SIZE = 500


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """Which log it is, and how many events it has."""

    log_id: UUID
    head: int


class Events:
    """Reads the log."""

    def __init__(self, log: EventLog, views: Views, registry: Registry = REGISTRY) -> None:
        self._log = log
        self._views = views
        self._registry = registry

    def identity(self) -> LogIdentity:
        """Return which log it is, and how far it has come."""
        return LogIdentity(self._log.log_id, self._log.head())

    def list(self, *, after: int = 0, limit: int = 100, at: Point | None = None) -> tuple[EventDetail, ...]:
        """Return at most ``limit`` events after a position, the oldest first.

        With ``at``, a position or moment, those that the log had then.

        Raises:
            UnknownEvent: the log is not that long.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after, limit)
        until = None if at is None else self._views.position_at(at)
        return tuple(self._detail(row) for row in self._log.read(after, limit, until))

    def newest(self, limit: int = 100, *, at: Point | None = None) -> tuple[EventDetail, ...]:
        """Return the newest events, or those that were the newest, the oldest of them first.

        Raises:
            UnknownEvent: the log is not that long.
        """
        end = self._log.head() if at is None else self._views.position_at(at)
        return self.list(after=max(0, end - limit), limit=limit, at=end)

    def show(self, position: int) -> EventDetail:
        """Return the event at a position.

        Raises:
            UnknownEvent: the log does not reach so far, or positions do not begin so early.
        """
        rows = self._log.read(position - 1, 1) if 0 < position <= POSITION_MAX else []
        if not rows:
            raise UnknownEvent(f"The log has no event at position {position}.", position=position)
        return self._detail(rows[0])

    def export(self, *, after: int = 0, until: int | None = None) -> Iterator[EventDetail]:
        """Return the events after a position up to another one, or up to the end as it is now.

        They are read as they are asked for, a page in memory at a time.

        Raises:
            PageOutOfRange: a position makes no sense.
            LogDamaged: an event is missing, or its bytes are none; those before it were returned.
        """
        check_page(after, _PAGE_SIZE)
        head = self._log.head()
        return self._export(after, head if until is None else min(until, head))

    def _export(self, after: int, until: int) -> Iterator[EventDetail]:
        while after < until:
            page = self._log.read(after, _PAGE_SIZE, until)
            yield from map(self._detail, page)
            after = page[-1].position

    def head(self) -> int:
        """Return the position of the last event, 0 where there is none."""
        return self._log.head()

    def wait(self, after: int, timeout_s: float) -> bool:
        """Wait for an event after a position, for so long at the most, and say whether there is one."""
        return self._log.wait(after, timeout_s)

    def cloud_event(self, detail: EventDetail) -> dict[str, Any]:
        """Return an event in the form of CloudEvents 1.0; see `palyra_runtime.facade.cloud_event`."""
        return cloud_event(detail, self._log.log_id, self._registry.topics[type(detail.event)])

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
