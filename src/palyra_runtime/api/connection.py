"""A connection: whoever opens one asks something soon, and as a whole."""

from __future__ import annotations

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.h11_impl import H11Protocol

#: seconds from the first byte of a request, or from the beginning, until all of its head is there
HEAD_S = 10.0


class PromptConnection(H11Protocol):
    """A connection that is closed where no request comes, or only piece by piece.

    The server counts connections, and refuses all others where there are too many: without this, who
    shows no token and says nothing could keep everybody out for ever (known as slow loris).
    """

    _until: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came, and go on waiting where it is no whole head; more of it gives no more time."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait()
        else:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._until is None:
            self._until = self.loop.call_later(HEAD_S, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._until is not None:
            self._until.cancel()
            self._until = None
