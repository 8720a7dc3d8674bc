"""HTTP servers on loopback that behave as a test says, well or badly."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from threading import Thread
from types import TracebackType
from typing import Self

#: what a server does with one connection, after it has read a request
Behaviour = Callable[[socket.socket, bytes], None]


def answering(*answers: bytes) -> Behaviour:
    """Send these bytes, and hang up."""

    def behave(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"".join(answers))

    return behave


def ok(body: bytes = b"ok", *headers: bytes) -> bytes:
    """A well-formed answer."""
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join([*lines, b"", body])


def redirecting(location: str, status: int = 302) -> Behaviour:
    return answering(
        b"HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, location.encode())
    )


def then_silence(*answers: bytes) -> Behaviour:
    """Send these bytes, and keep the connection until the other side hangs up."""

    def behave(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"".join(answers))
        while connection.recv(1024):
            pass

    return behave


def endless(start: bytes, piece: bytes) -> Behaviour:
    """Send ``start``, then ``piece`` again and again until the other side hangs up."""

    def behave(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(piece)

    return behave


class LoopbackServer:
    """Accepts connections on 127.0.0.1, each in its own thread. A client that leaves is no error."""

    def __init__(self, behaviour: Behaviour, context: ssl.SSLContext | None = None) -> None:
        self.behaviour = behaviour
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[Thread] = []
        if context is not None:
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)

    @property
    def origin(self) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Only shutting down wakes a thread that waits in accept.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                if self._context is None:
                    self._answer(connection)
                    return
                with self._context.wrap_socket(connection, server_side=True) as secured:
                    self._answer(secured)
        except OSError:
            return

    def _answer(self, connection: socket.socket) -> None:
        request = _read(connection)
        self.requests.append(request)
        self.behaviour(connection, request)


def _read(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
    size = int(lines.get(b"content-length", b"0"))
    while len(body) < size:
        body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise ConnectionError
    return data
