"""The body of a request, read as a whole and no further than it may be long."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope

from palyra_events.errors import InvalidInput, Unavailable

#: bytes of a request, of one that brings an artifact, and of one by whoever shows no token
BODY_MAX, UPLOAD_MAX, STRANGER_MAX = 1024 * 1024, 64 * 1024 * 1024, 8 * 1024
#: seconds that a client has to send a request
TIMEOUT_S = 60.0


class RequestTooLarge(InvalidInput):
    """The request is larger than such a request may be."""

    code = "REQUEST_TOO_LARGE"
    advice = "An artifact may have 64 MiB, everything else 1 MiB."


class LengthAmbiguous(InvalidInput):
    """The request says in two ways where it ends."""

    code = "LENGTH_AMBIGUOUS"
    advice = "Send Content-Length, or Transfer-Encoding: chunked, and not both."


class RequestTooSlow(Unavailable):
    """The request did not arrive in time."""

    code = "REQUEST_TOO_SLOW"
    advice = "Send it again over a faster connection."


async def whole_body(scope: Scope, receive: Receive, size_max: int) -> Receive:
    """Return what gives the body that was read to whoever asks for it next.

    Where a request has two lengths, a proxy before us may see another end of it than we do, and what is
    behind that as a request of its own, that it never looked at (RFC 9112 section 6.3).

    Raises:
        LengthAmbiguous: it has.
        RequestTooLarge: there is more of it than ``size_max`` bytes; the rest was not read.
        RequestTooSlow: it did not come within `TIMEOUT_S`.
    """
    promised = _promised(scope)
    if promised is not None and any(name == b"transfer-encoding" for name, _ in scope["headers"]):
        raise LengthAmbiguous
    if (promised or 0) > size_max:
        raise RequestTooLarge(size_max=size_max)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            body = await _read(receive, size_max)
    except TimeoutError as error:
        raise RequestTooSlow from error
    return _given(body, receive)


async def _read(receive: Receive, size_max: int) -> bytes:
    body = bytearray()
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if len(body) > size_max:
            raise RequestTooLarge(size_max=size_max)
        if not message.get("more_body", False):
            break
    return bytes(body)


def _given(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body once, and then what comes on the wire: that the client is gone."""
    unread = [body]

    async def give() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return give


def _promised(scope: Scope) -> int | None:
    """Return the length that the client names, None where it names none."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:18])
    return None
