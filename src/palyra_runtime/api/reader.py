"""One who follows the stream: a place in the log, and what else was told last."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from time import monotonic
from typing import Any, TypeVar

from anyio import to_thread

from palyra_runtime.api.feed import Feed, Sources, event_bytes
from palyra_runtime.facade import Pulse
from projections import AuditRow

ReadT = TypeVar("ReadT")

#: events of one page
PAGE_SIZE = 250
#: seconds for which it is known how far views have come
_PULSE_S = 1.0
#: pages that readers at the same place share
_PAGES_KEPT = 32


class Shared:
    """What is read once for all who follow: pages of the trail, and how far the views have come."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._pages: OrderedDict[tuple[int, int], asyncio.Task[Sequence[AuditRow]]] = OrderedDict()
        self._pulse: asyncio.Task[Pulse] | None = None
        self._pulse_at = 0.0

    async def after(self, position: int) -> Sequence[AuditRow]:
        """Return the events after a position, in words, and not more than a page of them."""
        key = (position, self._sources.watch.head)
        task = self._pages.get(key)
        if task is None or _has_failed(task):
            audit = self._sources.faces.ours().audit
            task = self._begun(lambda: audit.log(after=position, limit=PAGE_SIZE))
            self._pages[key] = task
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        return await asyncio.shield(task)

    async def pulse(self) -> Pulse:
        """Return how far the views had come a moment ago."""
        if self._pulse is None or _has_failed(self._pulse) or monotonic() - self._pulse_at > _PULSE_S:
            self._pulse = self._begun(self._sources.faces.ours().projections.pulse)
            self._pulse_at = monotonic()
        return await asyncio.shield(self._pulse)

    def _begun(self, read: Callable[[], ReadT]) -> asyncio.Task[ReadT]:
        """Read something in a thread, whoever of those who wait for it goes away."""
        return asyncio.ensure_future(to_thread.run_sync(read, limiter=self._sources.threads))


class Reader(Feed):
    """Tells what happens, and beside it how jobs and views come on."""

    def __init__(self, sources: Sources, shared: Shared, position: int, counts: Callable[[], bool]) -> None:
        super().__init__(sources, position, counts)
        self._shared = shared
        self._job_revision = sources.jobs.revision
        self._pulse: Pulse | None = None

    async def events(self) -> AsyncIterator[bytes]:
        """Yield pieces of the stream; its place comes first, so who is cut off at once misses nothing."""
        yield b"id: %d\n\n" % self._position
        async for piece in super().events():
            yield piece

    async def _news(self) -> bytes:
        return b"".join([*await self._happened(), *self._worked(), *await self._folded()])

    async def _happened(self) -> list[bytes]:
        if self._sources.watch.head <= self._position:
            return []
        rows = await self._shared.after(self._position)
        self._position = rows[-1].position if rows else self._position
        return [event_bytes("audit", row, row.position) for row in rows]

    def _worked(self) -> list[bytes]:
        changed = self._sources.jobs.since(self._job_revision)
        self._job_revision = changed[-1].revision if changed else self._job_revision
        return [event_bytes("job", job) for job in changed]

    async def _folded(self) -> list[bytes]:
        before, self._pulse = self._pulse, await self._shared.pulse()
        return [] if before == self._pulse else [event_bytes("projection", self._pulse)]


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
