"""Events as programs read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from palyra_runtime.facade import EventDetail


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event at its place in the log; ``leaf`` is its hash in the ledger, in hexadecimal digits."""

    position: int
    topic: str
    stream_id: UUID
    version: int
    leaf: str
    reason: str | None
    event: dict[str, Any]

    @classmethod
    def of(cls, detail: EventDetail) -> Self:
        """Return an event for programs."""
        return cls(
            position=detail.position,
            topic=detail.topic,
            stream_id=detail.stream_id,
            version=detail.version,
            leaf=detail.leaf.hex(),
            reason=detail.reason,
            event=detail.facts,
        )
