"""What is known of streams that are asked for again and again: as they only grow, it stays right."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

#: streams that are remembered
_STREAMS_MAX = 512


class KnownStreams:
    """The newest state of some streams, and the position of its last event. Safe to share between threads."""

    def __init__(self) -> None:
        self._states: OrderedDict[UUID, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def find(self, stream: UUID, as_of: int | None) -> Any | None:
        """Return what is known of a stream; None where that is nothing, or only what came after ``as_of``."""
        with self._lock:
            known = self._states.get(stream)
            if known is None or (as_of is not None and known[0] > as_of):
                return None
            self._states.move_to_end(stream)
            return known[1]

    def keep(self, stream: UUID, position: int, state: Any) -> None:
        """Remember a state, unless a newer one is known."""
        with self._lock:
            if position >= self._states.get(stream, (0, None))[0]:
                self._states[stream] = (position, state)
            while len(self._states) > _STREAMS_MAX:
                self._states.popitem(last=False)
