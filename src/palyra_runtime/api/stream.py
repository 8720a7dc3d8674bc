"""The stream: what happens, as it happens, as server-sent events.

Each reader has a position in the log and nothing else: what comes next is read from the log when the
reader has taken what came before. So nothing is lost and nothing piles up, however slow somebody reads;
who is cut off, or loses the gateway, goes on after the last ``id`` that came (``Last-Event-ID``).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Annotated

from anyio import create_task_group, to_thread
from fastapi import APIRouter, Query, Request, Response
from starlette.types import Receive, Scope, Send

from palyra_events.errors import PalyraError, Unavailable
from palyra_events.store.log import POSITION_MAX
from palyra_events.token import Role
from palyra_runtime.api.a2ui import next_step
from palyra_runtime.api.caller import needing
from palyra_runtime.api.feed import Feed, Sources
from palyra_runtime.api.operation import API
from palyra_runtime.api.reader import Reader, Shared
from palyra_runtime.api.surface_feed import SurfaceFeed

#: who may follow at once, and how often the same actor may: a console follows once for each of its windows
READERS_MAX, READERS_OF_ONE_MAX = 64, 16
#: seconds that a reader has to take what it is sent before it is cut off
PATIENCE_S = 20.0

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

_log = logging.getLogger(__name__)


class TooManyReaders(Unavailable):
    """Too many follow the stream already."""

    code = "TOO_MANY_READERS"
    advice = "Close a console that nobody looks at."
    retryable = True


class Stream:
    """Answers those who follow."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._shared = Shared(sources)
        self._readers: Counter[str] = Counter()

    def reader(self, request: Request, after: int | None) -> Response:
        """Return the answer to one who follows.

        Raises:
            NotAuthenticated: nobody knows who it is.
            TooManyReaders: too many follow already.
        """
        heard = _last_heard(request)
        position = after if heard is None else heard
        begin = self._sources.watch.head if position is None else position
        return self._followed(request, lambda counts: Reader(self._sources, self._shared, begin, counts))

    async def surface_reader(self, request: Request, surface: str, shown: int | None) -> Response:
        """Return the answer to one who follows a surface as a client of Google's A2UI.

        Raises:
            NotAuthenticated: nobody knows who it is.
            UnknownSurface: no plugin has shown it, or it has not had the version that was heard last.
            TooManyReaders: too many follow already.
        """
        needing(request.state.caller, Role.VIEWER)
        heard = _last_heard(request)
        shown = shown if heard is None else heard
        surfaces = self._sources.faces.ours().surfaces
        await to_thread.run_sync(next_step, surfaces, surface, shown, limiter=self._sources.threads)
        return self._followed(request, lambda counts: SurfaceFeed(self._sources, surface, shown, counts))

    def _followed(self, request: Request, begin: Callable[[Callable[[], bool]], Feed]) -> Response:
        caller = needing(request.state.caller, Role.VIEWER)
        tokens = self._sources.faces.ours().tokens
        feed = begin(lambda: tokens.identify(caller.secret) is not None)
        return EventStream(feed.events(), self._place_of(caller.token.holder))

    @contextmanager
    def _place_of(self, holder: str) -> Iterator[None]:
        """Count one who follows, while it does.

        Raises:
            TooManyReaders: too many follow already.
        """
        if self._readers.total() >= READERS_MAX or self._readers[holder] >= READERS_OF_ONE_MAX:
            raise TooManyReaders
        self._readers[holder] += 1
        try:
            yield
        finally:
            self._readers[holder] -= 1
            self._readers += Counter()  # forgets who follows no more


class EventStream(Response):
    """An answer without end, which is given up where nobody takes it."""

    def __init__(self, events: AsyncIterator[bytes], place: AbstractContextManager[None]) -> None:
        super().__init__()
        self._events = events
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Send what there is until the reader goes away, or takes nothing for too long.

        Raises:
            TooManyReaders: too many follow already; nothing was sent.
        """
        with self._place:
            await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS]})
            await self._send_while_heard(receive, send)

    async def _send_while_heard(self, receive: Receive, send: Send) -> None:
        async with create_task_group() as tasks:

            async def hear_the_end() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                tasks.cancel_scope.cancel()

            tasks.start_soon(hear_the_end)
            try:
                await self._send_all(send)
            except TimeoutError:
                _log.info("a reader of the stream is too slow, and is cut off")
            tasks.cancel_scope.cancel()

    async def _send_all(self, send: Send) -> None:
        try:
            async for piece in self._events:
                async with asyncio.timeout(PATIENCE_S):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except PalyraError as error:
            _log.warning("a reader of the stream is sent away: %s", error.message)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def stream_routes(stream: Stream) -> APIRouter:
    """Return the route of the stream."""
    router = APIRouter(prefix=API, tags=["stream"])

    @router.get(
        "/stream",
        operation_id="stream.read",
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
        response_class=Response,
    )
    async def read(
        request: Request, after: Annotated[int | None, Query(ge=0, le=POSITION_MAX)] = None
    ) -> Response:
        """Follow what happens: ``audit`` events from the log, ``job`` and ``projection`` events beside it.

        It begins behind ``Last-Event-ID``, else behind ``after``, else with what happens next.
        """
        return stream.reader(request, after)

    @router.get(
        "/surfaces/{surface}/a2ui/stream",
        operation_id="stream.surface",
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
        response_class=Response,
    )
    async def follow(
        request: Request, surface: str, shown: Annotated[int | None, Query(ge=1, le=POSITION_MAX)] = None
    ) -> Response:
        """Follow a surface as messages of Google's A2UI v0.9: first all that it shows, then what changes.

        Each event is a version, its ``id``; behind ``Last-Event-ID``, else behind the version that the client
        has ``shown``, it is what has changed since then.
        """
        return await stream.surface_reader(request, surface, shown)

    return router


def _last_heard(request: Request) -> int | None:
    """Return the id of the last event that one who comes back was sent."""
    heard = request.headers.get("last-event-id", "")
    return int(heard) if _is_position(heard) else None


def _is_position(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len(str(POSITION_MAX))
