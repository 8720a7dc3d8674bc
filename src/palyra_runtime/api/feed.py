"""A feed: what one who follows something is sent, piece by piece."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from time import monotonic

from anyio import CapacityLimiter, to_thread
from fastapi.sse import format_sse_event

from palyra_runtime.api.faces import Faces
from palyra_runtime.api.job import Jobs
from palyra_runtime.api.watch import Watch
from palyra_runtime.plain import plain

#: seconds between two looks at what is not in the log, and between two heartbeats
_TICK_S, _BEAT_S = 0.5, 15.0
#: seconds between two looks at whether a token counts: as time goes by, and where the log has grown
_TOKEN_S, _TOKEN_GROWN_S = 30.0, 0.5
#: milliseconds after which a browser comes back
_RETRY = b"retry: 1000\n\n"
_HEARTBEAT = b": still here\n\n"


@dataclass(frozen=True, slots=True)
class Sources:
    """What feeds are filled from."""

    faces: Faces
    jobs: Jobs
    watch: Watch
    threads: CapacityLimiter


class Feed(ABC):
    """Yields what there is to tell, for as long as the gateway runs and the token counts."""

    def __init__(self, sources: Sources, position: int, counts: Callable[[], bool]) -> None:
        self._sources = sources
        self._position = position
        self._counts = counts
        self._sent_at = self._checked_at = monotonic()
        self._checked_head = sources.watch.head

    @abstractmethod
    async def _news(self) -> bytes:
        """Return what there is to tell that was not told, whole events; the position is moved behind it."""

    async def events(self) -> AsyncIterator[bytes]:
        """Yield pieces of the stream, each of them whole events."""
        watch = self._sources.watch
        yield _RETRY
        while not watch.is_over and await self._still_counts():
            news = await self._news()
            if not news and monotonic() - self._sent_at > _BEAT_S:
                news = _HEARTBEAT
            if news:
                yield news
                self._sent_at = monotonic()
            await watch.wait(self._position, _TICK_S)

    async def _still_counts(self) -> bool:
        """Look whether the token counts: it expires with time, and is revoked by an event."""
        head = self._sources.watch.head
        if monotonic() - self._checked_at < (_TOKEN_S if head == self._checked_head else _TOKEN_GROWN_S):
            return True
        self._checked_at, self._checked_head = monotonic(), head
        return await to_thread.run_sync(self._counts, limiter=self._sources.threads)


def event_bytes(name: str | None, value: object, event_id: int | None = None) -> bytes:
    """Return a server-sent event; who comes back names the last ``event_id`` that it was sent."""
    data = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    return format_sse_event(data_str=data, event=name, id=None if event_id is None else str(event_id))
