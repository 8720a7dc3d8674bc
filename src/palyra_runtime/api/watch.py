"""Watching the log for tasks of an event loop: one thread waits, and wakes all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event, Thread

from palyra_events.errors import Unavailable
from palyra_runtime.facade import Events

#: seconds of one wait for an event, after which the thread looks whether it is to end
_PATIENCE_S = 0.5

_log = logging.getLogger(__name__)


class Watch:
    """Knows how far the log has come, and tells who waits for more."""

    def __init__(self, events: Events | None) -> None:
        self._events = events
        self._ended = Event()
        self._grown = asyncio.Event()
        self.head = 0

    @property
    def is_over(self) -> bool:
        """Whether nobody is told anything any more."""
        return self._ended.is_set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch while the block runs."""
        thread = Thread(target=self._look, args=(asyncio.get_running_loop(),), name="http-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.end()
            await asyncio.to_thread(thread.join)

    def end(self) -> None:
        """Let all who wait go on, and find that it is over. Safe to repeat, for any thread."""
        self._ended.set()

    async def wait(self, after: int, timeout_s: float) -> None:
        """Wait until there is something after a position, for so long at the most."""
        if self.head > after or self.is_over:
            return
        try:
            async with asyncio.timeout(timeout_s):
                await self._grown.wait()
        except TimeoutError:
            return

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        assert self._events is not None
        while not self._ended.is_set():
            try:
                self._events.wait(self.head, _PATIENCE_S)
                head = self._events.head()
            except Unavailable as error:
                _log.warning("the log cannot be read at the moment: %s", error.message)
                self._ended.wait(_PATIENCE_S)
                continue
            loop.call_soon_threadsafe(self._reached, head)

    def _reached(self, head: int) -> None:
        if head > self.head:
            self.head = head
            self._grown.set()
            self._grown = asyncio.Event()
