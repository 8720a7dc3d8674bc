"""One event of the log, decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from palyra_events.event import Event

#: what every event has; the rest are the facts of its type
ENVELOPE = frozenset(Event.model_fields)


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

    @property
    def own_facts(self) -> dict[str, Any]:
        """The facts of the event's type, without what every event has."""
        return {name: value for name, value in self.facts.items() if name not in ENVELOPE}
