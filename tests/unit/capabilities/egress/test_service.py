from __future__ import annotations

import base64
import gzip
import json
import logging
import socket
import traceback

import pytest

from palyra_runtime.version import VERSION
from tests.http_stage import HttpStage, Names, loopback
from tests.loopback_server import LoopbackServer, answering, ok, redirecting

SECRET = "s3cr3t/value+with=signs"


@pytest.fixture
def server():
    with LoopbackServer(answering(ok(b"hello", b"X-One: a", b"X-One: b"))) as running:
        yield running


def with_secret(server: LoopbackServer, **settings: object) -> HttpStage:
    """A plugin that has a secret, and may send it to this server."""
    return HttpStage(
        hosts=["127.0.0.1"],
        origins=[server.origin],
        **({"secrets": {"key": SECRET}, "secret_hosts": {"key": [server.origin]}} | settings),
    )


def test_answer(server):
    """A guest gets status, headers, body and the URL that answered; nothing about the wire."""
    assert loopback(server.port).ask(f"{server.origin}/a?b") == {
        "ok": {"status": 200, "url": f"{server.origin}/a?b", "headers": {"x-one": "a, b"}, "body": "hello"}
    }


def test_request(server):
    """A guest's method, headers and body arrive, with what the host adds."""
    loopback(server.port).ask(f"{server.origin}/", method="PUT", headers={"X-Mine": "1"}, body="h\u00e9")
    assert server.requests == [
        f"PUT / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"
        f"X-Mine: 1\r\nUser-Agent: palyra/{VERSION}\r\nIdempotency-Key: log.12:greet.1.1\r\n"
        "Content-Length: 3\r\n\r\nh\u00e9".encode()
    ]


def test_binary_bodies(server):
    """Bytes that are no text go in and out in base64."""
    server.behaviour = answering(ok(b"\xff\x00"))
    answer = loopback(server.port).ask(f"{server.origin}/", method="POST", body_base64="AAEC")
    assert (answer["ok"]["body_base64"], server.requests[0][-3:]) == ("/wA=", b"\x00\x01\x02")


def test_cookies_are_told_apart(server):
    """Several cookies are joined by line feeds, since one can hold a comma."""
    server.behaviour = answering(ok(b"", b"Set-Cookie: a=1, 2", b"Set-Cookie: b"))
    assert loopback(server.port).ask(f"{server.origin}/")["ok"]["headers"] == {"set-cookie": "a=1, 2\nb"}


def test_own_user_agent(server):
    """A guest may say who it is."""
    loopback(server.port).ask(f"{server.origin}/", headers={"user-agent": "mine/1"})
    assert server.requests[0].count(b"user-agent: mine/1") == 1


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "TRACE"},
        {"method": "CONNECT"},
        {"method": "get"},
        {"method": []},
        {"method": {}},
        {"method": None},
        {"method": "GET / HTTP/1.1\r\nX:"},
        {"body": "x"},
        {"method": "HEAD", "body_base64": "eA=="},
        {"method": "POST", "body": "x", "body_base64": "eA=="},
        {"method": "POST", "body_base64": "no base64"},
        {"method": "POST", "body_base64": "e\u00e9=="},
        {"method": "POST", "body": 1},
        {"headers": []},
        {"headers": {"X": 1}},
        {"headers": {"X": {"secret": "key"}}},
        {"headers": {"X": {"secret": 20_000, "suffix": "x"}}},
        {"headers": {"X": {"secret": 20_000, "prefix": " x"}}},
        {"headers": {"X": {"secret": 20_000, "prefix": "x\r\n"}}},
        {"headers": {"Host": "x"}},
        {"timeout_ms": 0},
        {"timeout_ms": "1"},
        {"timeout_ms": True},
        {"verify": False},
    ],
    ids=str,
)
def test_bad_request(server, request_):
    """A request of another form is refused before anything is sent."""
    assert with_secret(server).code(f"{server.origin}/", **request_) == "bad_request"
    assert server.requests == []


def test_missing_url(server):
    """A request has a URL, and the answer says so."""
    answer = loopback(server.port).call(op="http.request", handle=10_000)
    assert answer["error"] == {
        "code": "bad_request",
        "message": "The request is refused: url: Field required.",
    }


@pytest.mark.parametrize("handle", [9_999, 10_001, 20_000, "10000", None, True, 10_000.0])
def test_handle(server, handle):
    """Only a handle of this invocation's, of this class, is good."""
    answer = with_secret(server).call(op="http.request", handle=handle, url=f"{server.origin}/")
    assert (answer["error"]["code"], server.requests) == ("denied", [])


def test_handle_of_another_host(server):
    """A handle stands for its own host, though another handle would do."""
    stage = HttpStage(hosts=["127.0.0.1", "api.example.com"], origins=[server.origin])
    codes = [stage.code(f"{server.origin}/", handle=handle) for handle in (10_001, 10_000)]
    assert codes == ["denied", "ok"]


def test_idempotency_keys_count_writes(server):
    """The n-th write has the n-th key; reads have none, and a write that was refused has used its own."""
    stage = loopback(server.port)
    for request in (
        {"method": "POST"},
        {"method": "GET"},
        {"method": "DELETE", "headers": {"Host": "x"}},
        {"method": "PATCH"},
    ):
        stage.ask(f"{server.origin}/", **request)
    keys = [request.partition(b"Idempotency-Key: ")[2].partition(b"\r\n")[0] for request in server.requests]
    assert keys == [b"log.12:greet.1.1", b"", b"log.12:greet.1.3"]


def test_idempotency_key_over_a_redirect(server):
    """A write that is sent on keeps its key; the GET that asks for its result has none."""
    seen = []

    def behave(connection, request):
        seen.append(b"Idempotency-Key: log.12:greet.1.1" in request)
        place, status = (b"/2", 308) if len(seen) == 1 else (b"/3", 303)
        answer = (
            ok()
            if len(seen) == 3
            else b"HTTP/1.1 %d X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, place)
        )
        connection.sendall(answer)

    server.behaviour = behave
    answer = loopback(server.port).ask(f"{server.origin}/1", method="POST", body="x")
    assert (answer["ok"]["url"], seen) == (f"{server.origin}/3", [True, True, False])


def test_redirect_to_another_granted_origin(server):
    """A redirect may lead to another grant; secrets and credentials stay behind."""
    with LoopbackServer(redirecting(f"{server.origin}/there", 307)) as first:
        stage = HttpStage(
            hosts=["127.0.0.1"],
            origins=[first.origin, server.origin],
            secrets={"key": SECRET},
            secret_hosts={"key": [first.origin, server.origin]},
        )
        headers = {"X-Key": {"secret": 20_000}, "Authorization": "Basic x", "Cookie": "a=b", "X-Plain": "1"}
        answer = stage.ask(f"{first.origin}/", headers=headers)
    sent = [set(request.split(b"\r\n")) for request in (first.requests[0], server.requests[0])]
    private = {b"X-Key: " + SECRET.encode(), b"Authorization: Basic x", b"Cookie: a=b"}
    assert (answer["ok"]["url"], private <= sent[0], private & sent[1]) == (
        f"{server.origin}/there",
        True,
        set(),
    )
    assert b"X-Plain: 1" in sent[1]


def test_secret_arrives(server):
    """A secret is filled in behind its prefix."""
    answer = with_secret(server).ask(
        f"{server.origin}/", headers={"Authorization": {"secret": 20_000, "prefix": "Bearer "}}
    )
    assert (
        answer["ok"]["status"],
        f"\r\nAuthorization: Bearer {SECRET}\r\n".encode() in server.requests[0],
    ) == (
        200,
        True,
    )


@pytest.mark.parametrize(
    "secret_hosts",
    [
        {},
        {"key": []},
        {"other": ["http://127.0.0.1"]},
        {"key": ["127.0.0.1"]},
        {"key": ["https://127.0.0.1"]},
    ],
)
def test_secret_to_another_host(server, secret_hosts):
    """A secret goes only where the binding names its host, and a bare host means https."""
    stage = with_secret(server, secret_hosts=secret_hosts)
    code = stage.code(f"{server.origin}/", headers={"Authorization": {"secret": 20_000}})
    assert (code, server.requests) == ("denied", [])


@pytest.mark.parametrize("handle", [20_001, 10_000, 0, -1])
def test_secret_that_was_not_granted(server, handle):
    """A secret's handle must be one of this invocation's secrets."""
    code = with_secret(server).code(f"{server.origin}/", headers={"Authorization": {"secret": handle}})
    assert (code, server.requests) == ("denied", [])


@pytest.mark.parametrize("value", ["", "short", "line\nfeed-in-a-secret", "not-\u00e4scii-secret"])
def test_secret_that_cannot_be_used(server, caplog, value):
    """A secret that is missing, too short to be masked, or no header value is unavailable, and not quoted."""
    stage = with_secret(server, secrets={"key": value})
    with caplog.at_level(logging.DEBUG):
        answer = stage.ask(f"{server.origin}/", headers={"Authorization": {"secret": 20_000}})
    assert (answer["error"]["code"], server.requests) == ("unavailable", [])
    assert not value or value not in json.dumps(answer) + caplog.text


def test_secret_in_every_spelling(server):
    """Bodies and headers are masked in each spelling; bytes that are no text before they are base64."""
    value = SECRET.encode()
    server.behaviour = answering(
        ok(b"\xff" + b" ".join((value, base64.b64encode(b"user:" + value), value.hex().encode())))
    )
    answer = with_secret(server).ask(f"{server.origin}/", headers={"X-Key": {"secret": 20_000}})
    assert base64.b64decode(answer["ok"]["body_base64"]).count(b"[secret]") == 3


def test_secret_in_a_packed_body(server):
    """A body is unpacked before it is masked."""
    server.behaviour = answering(ok(gzip.compress(SECRET.encode()), b"Content-Encoding: gzip"))
    answer = with_secret(server).ask(f"{server.origin}/", headers={"X-Key": {"secret": 20_000}})
    assert answer["ok"]["body"] == "[secret]"


def test_secret_in_the_url_of_a_redirect(server):
    """A server that puts the secret into a Location does not get it into the answer's URL."""
    seen = []

    def behave(connection, request):
        seen.append(request)
        first = b"HTTP/1.1 302 X\r\nLocation: /?t=%s\r\nContent-Length: 0\r\n\r\n" % SECRET.encode()
        connection.sendall(first if len(seen) == 1 else ok())

    server.behaviour = behave
    answer = with_secret(server).ask(f"{server.origin}/", headers={"X-Key": {"secret": 20_000}})
    assert answer["ok"]["url"] == f"{server.origin}/?t=[secret]"


def test_masked_from_then_on(server):
    """A secret that one call used is masked in the answers of all later ones."""
    stage = with_secret(server)
    stage.ask(f"{server.origin}/", headers={"X-Key": {"secret": 20_000}})
    server.behaviour = answering(ok(SECRET.encode()))
    assert stage.ask(f"{server.origin}/")["ok"]["body"] == "[secret]"


class Breaking(socket.socket):
    """A socket with a mistake in it."""

    def send(self, *_: object) -> int:
        raise RuntimeError("a mistake of our own")


def test_secret_in_a_traceback(caplog):
    """A mistake of our own, printed with all variables of all frames, shows no secret."""
    stage = HttpStage(
        hosts=["api.example.com"],
        origins=["http://api.example.com"],
        names=Names({"api.example.com": [["1.1.1.1"]]}),
        secrets={"key": SECRET},
        secret_hosts={"key": ["http://api.example.com"]},
        dial=lambda *_: Breaking(),
    )
    headers = {"Authorization": {"secret": 20_000, "prefix": "Bearer "}}
    with caplog.at_level(logging.DEBUG), pytest.raises(RuntimeError) as found:
        stage.ask("http://api.example.com/", headers=headers)
    shown = "".join(traceback.TracebackException.from_exception(found.value, capture_locals=True).format())
    assert ("Concealed()" in shown, SECRET in shown + caplog.text) == (True, False)


def test_time_of_the_invocation(server):
    """A request takes no more than what is left to its guest, whatever it asks for."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        stage = HttpStage(hosts=["127.0.0.1"], origins=[f"http://127.0.0.1:{port}"], seconds=0.05)
        assert stage.code(f"http://127.0.0.1:{port}/", timeout_ms=60_000) == "timeout"


def test_room_for_the_answer(server):
    """Where no answer would fit, nothing is sent; a body that does not fit is too large."""
    stage = loopback(server.port)
    stage.answer_bytes_max = 16 * 1024
    none = stage.code(f"{server.origin}/")
    stage.answer_bytes_max = 16 * 1024 + 4
    little = stage.code(f"{server.origin}/")
    assert (none, little, len(server.requests)) == ("limit", "too_large", 1)
