"""One request and its answer in HTTP/1.1, over a connection that serves nothing else.

The grammar is h11's (RFC 9112): it takes no second reading of where a message ends. The bounds are
ours: h11 alone follows a server through any number of interim answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import h11

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress.connection import Wire
from palyra_runtime.capabilities.egress.content import ACCEPTED_ENCODING, Content
from palyra_runtime.capabilities.egress.request import SAFE_METHODS, Request
from palyra_runtime.capabilities.refusal import Refused

#: bytes of a status line with its headers, of a chunk's header, of trailers
_HEAD_BYTES_MAX = 32 * 1024
_HEADERS_MAX = 128
_INTERIM_ANSWERS_MAX = 8
#: what chunks and heads may add to a body on the wire, beside as much again as the body
_FRAMING_BYTES_MAX = 128 * 1024

_SWITCHING_PROTOCOLS = 101
_HEADERS_TOO_LARGE = 431

_Event: TypeAlias = h11.Event | type[h11.PAUSED]


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, unpacked; names of headers are in lower case, and may occur more than once."""

    status: int
    headers: tuple[tuple[str, bytes], ...]
    body: bytes

    def values(self, name: str) -> list[bytes]:
        """Return all values of the header ``name``, given in lower case."""
        return [value for each, value in self.headers if each == name]


def exchange(wire: Wire, request: Request, size_max: int) -> Response:
    """Send ``request`` and return its answer, with a body of at most ``size_max`` bytes.

    Raises:
        Refused: ``protocol``, ``too_large``, ``connect`` or ``timeout``.
    """
    http = h11.Connection(our_role=h11.CLIENT, max_incomplete_event_size=_HEAD_BYTES_MAX)
    wire.send(_serialised(http, request))
    return _Reading(http, wire, size_max).response()


def _serialised(http: h11.Connection, request: Request) -> Concealed:
    try:
        head = http.send(
            h11.Request(method=request.method, target=request.url.target, headers=_headers(request))
        )
        body = http.send(h11.Data(data=request.body))
        end = http.send(h11.EndOfMessage())
    except h11.LocalProtocolError:
        # Its message quotes the header, and that may have a secret in it.
        raise Refused("bad_request", "The request cannot be written in HTTP/1.1.") from None
    return Concealed(b"".join(part or b"" for part in (head, body, end)))


def _headers(request: Request) -> list[tuple[bytes, bytes]]:
    lines: list[tuple[str, str | Concealed]] = [
        ("Host", request.url.origin.authority),
        ("Connection", "close"),
        ("Accept-Encoding", ACCEPTED_ENCODING),
        *request.headers,
    ]
    if request.method not in SAFE_METHODS:
        lines.append(("Content-Length", str(len(request.body))))
    return [(name.encode("ascii"), _value(value)) for name, value in lines]


def _value(value: str | Concealed) -> bytes:
    return value.value if isinstance(value, Concealed) else value.encode("ascii")


class _Reading:
    """One answer as it comes in."""

    def __init__(self, http: h11.Connection, wire: Wire, size_max: int) -> None:
        self._http = http
        self._wire = wire
        self._size_max = size_max
        self._bytes_left = 2 * size_max + _FRAMING_BYTES_MAX

    def response(self) -> Response:
        head = self._head()
        headers = tuple((name.decode("ascii"), value) for name, value in head.headers)
        response = Response(head.status_code, headers, b"")
        encoding = b",".join(response.values("content-encoding")).decode("latin-1")
        return Response(head.status_code, headers, self._body(Content(encoding, self._size_max)))

    def _head(self) -> h11.Response:
        for _ in range(_INTERIM_ANSWERS_MAX + 1):
            event = self._next()
            if isinstance(event, h11.Response):
                return _checked(event)
            if not isinstance(event, h11.InformationalResponse) or event.status_code == _SWITCHING_PROTOCOLS:
                raise _broken()
        raise Refused("protocol", f"The server sent more than {_INTERIM_ANSWERS_MAX} interim answers.")

    def _body(self, content: Content) -> bytes:
        while not isinstance(event := self._next(), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise _broken()
            content.add(bytes(event.data))
        return content.finish()

    def _next(self) -> _Event:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._http.receive_data(self._received())
        except h11.RemoteProtocolError as error:
            # Its message quotes the server, and a server can say back the secret that it was sent.
            if error.error_status_hint == _HEADERS_TOO_LARGE:
                raise Refused("too_large", "The answer's headers are too large.") from None
            raise _broken() from None
        return event  # type: ignore[return-value]

    def _received(self) -> bytes:
        data = self._wire.receive()
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise Refused("too_large", "The answer has too many bytes on the wire.")
        return data


def _checked(head: h11.Response) -> h11.Response:
    if len(head.headers) > _HEADERS_MAX:
        raise Refused("too_large", f"The answer has more than {_HEADERS_MAX} headers.")
    return head


def _broken() -> Refused:
    return Refused("protocol", "The server's answer is not valid HTTP/1.1, or it ended too early.")
