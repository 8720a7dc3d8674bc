"""One who follows a surface as a client of Google's A2UI: the version that it shows."""

from __future__ import annotations

from collections.abc import Callable

from anyio import to_thread

from palyra_runtime.api.a2ui import next_step
from palyra_runtime.api.feed import Feed, Sources, event_bytes


class SurfaceFeed(Feed):
    """Tells a client all that a surface shows, and then what changes on it.

    One event is one version, however many messages it takes: a client that is cut off between two of them
    has not been told any, and asks for the version behind the last one that it has shown.
    """

    def __init__(self, sources: Sources, surface: str, shown: int | None, counts: Callable[[], bool]) -> None:
        super().__init__(sources, 0, counts)
        self._surface = surface
        self._shown = shown

    async def _news(self) -> bytes:
        head = self._sources.watch.head
        if head <= self._position:
            return b""
        surfaces = self._sources.faces.ours().surfaces
        step = await to_thread.run_sync(
            next_step, surfaces, self._surface, self._shown, limiter=self._sources.threads
        )
        self._position, self._shown = head, step.version
        return event_bytes(None, step.told, step.version) if step.told.messages else b""
