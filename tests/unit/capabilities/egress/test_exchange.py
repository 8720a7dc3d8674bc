from __future__ import annotations

import traceback

import pytest

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress.exchange import Response, exchange
from palyra_runtime.capabilities.egress.request import Request
from palyra_runtime.capabilities.egress.url import parse_url
from palyra_runtime.capabilities.refusal import Refused

URL = parse_url("http://api.example.com:8080/a?b")

#: a secret that cannot stand in a header
UNFIT = b"hidden-\nvalue"


class Script:
    """A wire whose other end says these pieces, and then hangs up."""

    def __init__(self, *pieces: bytes) -> None:
        self.sent = b""
        self._pieces = list(pieces)

    def send(self, data: Concealed) -> None:
        self.sent += data.value

    def receive(self) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


def test_get():
    """A request names its host, asks for one connection, and has no body to announce."""
    script = Script(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert exchange(script, Request("GET", URL), 100) == Response(204, (), b"")
    assert script.sent == (
        b"GET /a?b HTTP/1.1\r\nHost: api.example.com:8080\r\n"
        b"Connection: close\r\nAccept-Encoding: gzip\r\n\r\n"
    )


def test_post():
    """A write announces its size, also where it has no body."""
    script = Script(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    response = exchange(script, Request("POST", URL, (("X", "1"), ("Y", Concealed(b"2"))), b"abc"), 100)
    assert (response.body, script.sent.partition(b"gzip")[2]) == (
        b"ok",
        b"\r\nX: 1\r\nY: 2\r\nContent-Length: 3\r\n\r\nabc",
    )


@pytest.mark.parametrize("piece", [1, 1000])
def test_pieces(piece):
    """Interim answers, chunks and trailers may come in any pieces."""
    data = (
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;note\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n"
    )
    script = Script(*(data[start : start + piece] for start in range(0, len(data), piece)))
    assert exchange(script, Request("GET", URL), 100).body == b"abcde"


def test_old_server():
    """A server of HTTP/1.0 ends its body by hanging up."""
    assert exchange(Script(b"HTTP/1.0 200 OK\r\n\r\nab", b"c"), Request("GET", URL), 100).body == b"abc"


def test_head():
    """The answer to HEAD announces a body and has none."""
    script = Script(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Encoding: gzip\r\n\r\n")
    assert exchange(script, Request("HEAD", URL), 100).body == b""


@pytest.mark.parametrize(("count", "outcome"), [(8, 200), (9, "protocol")])
def test_interim_answers(count, outcome):
    """Eight interim answers are read, and no more."""
    script = Script(
        b"HTTP/1.1 100 Continue\r\n\r\n" * count + b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    )
    try:
        found = exchange(script, Request("GET", URL), 100).status
    except Refused as refused:
        found = refused.code
    assert found == outcome


@pytest.mark.parametrize("said_back", [b"HTTP/1.1 2xx hidden-value\r\n\r\n", b"hidden-value\r\n\r\n"])
def test_secret_in_a_broken_answer(said_back):
    """What a server says back is not in the error, however that is printed."""
    with pytest.raises(Refused) as refused:
        exchange(Script(said_back), Request("GET", URL), 100)
    assert "hidden-value" not in "".join(traceback.format_exception(refused.value))


def test_secret_that_cannot_be_sent():
    """A header that h11 refuses is not quoted."""
    with pytest.raises(Refused) as refused:
        exchange(Script(), Request("GET", URL, (("X", Concealed(UNFIT)),)), 100)
    shown = "".join(traceback.TracebackException.from_exception(refused.value).format())
    assert (refused.value.code, "hidden" in shown) == ("bad_request", False)
