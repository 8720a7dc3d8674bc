from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx2
import pytest

from palyra_events.token import Role
from palyra_runtime.api import connection as connection_module
from palyra_runtime.api import gate as gate_module
from palyra_runtime.api import server as server_module
from palyra_runtime.api import stream as stream_module
from palyra_runtime.api.body import STRANGER_MAX
from tests.running_gateway import PATIENCE_S
from tests.stage import Stage
from tests.web_stage import API, problem, served, web_stage


@pytest.fixture
def secret(stage: Stage) -> str:
    """An admin's token."""
    return stage.palyra.tokens.create(Role.ADMIN).secret


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    """Open a connection to a gateway."""
    port = urlsplit(url).port
    with socket.create_connection(("127.0.0.1", port or 80), timeout=PATIENCE_S) as opened:
        yield opened


def answers(opened: socket.socket, sent: str) -> list[str]:
    """Send what a client must not send, and return the answers until the gateway ends the connection."""
    opened.sendall(sent.encode("latin-1"))
    received = b""
    while piece := opened.recv(65_536):
        received += piece
    return received.decode().split("HTTP/1.1 ")[1:]


@pytest.mark.parametrize(
    "begun", ["", "GET /healthz HTT", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: "]
)
def test_who_asks_nothing_is_sent_away(stage: Stage, monkeypatch: pytest.MonkeyPatch, begun: str):
    """Whoever holds connections open and says nothing, or not all of it, keeps nobody out for long."""
    monkeypatch.setattr(connection_module, "HEAD_S", 0.2)
    with served(stage) as url, connected(url) as silent:
        assert answers(silent, begun) == []


def test_who_asks_again_only_half_is_sent_away(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """The second request of a connection has no more time than the first one."""
    monkeypatch.setattr(connection_module, "HEAD_S", 0.2)
    whole = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with served(stage) as url, connected(url) as opened:
        (answer,) = answers(opened, whole + whole[:20])

    assert answer.startswith("200 ")


def test_silent_connections_are_no_siege(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Where all connections were taken by whoever says nothing, others come in soon after."""
    monkeypatch.setattr(connection_module, "HEAD_S", 0.2)
    monkeypatch.setattr(server_module, "_CONNECTIONS_MAX", 5)
    with served(stage) as url, ExitStack() as stack:
        silent = [stack.enter_context(connected(url)) for _ in range(5)]
        ended = [each.recv(1) for each in silent]
        answer = httpx2.get(f"{url}/healthz")

    assert (ended, answer.status_code) == ([b""] * 5, 200)


@pytest.mark.parametrize(
    "lengths",
    [
        ("Content-Length: 6", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Content-Length: 0", "Content-Length: 5"),
        ("Content-Length: +0",),
        ("Content-Length: 0x0",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
    ],
)
def test_what_ends_in_two_places_is_refused(stage: Stage, secret: str, lengths: Sequence[str]):
    """No proxy can be made to see one request where we see two: behind such a one, nothing is read."""
    head = "\r\n".join(["POST /api/v1/audit/checkpoints HTTP/1.1", "Host: localhost", *lengths])
    smuggled = f"GET {API}/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\n\r\n"
    with served(stage) as url, connected(url) as opened:
        (answer,) = answers(opened, f"{head}\r\nAuthorization: Bearer {secret}\r\n\r\n0\r\n\r\n{smuggled}")

    assert answer.startswith("400 ")


def test_nothing_is_asked_over_a_web_socket(stage: Stage, secret: str):
    """There is no way in beside the gate."""
    upgrade = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-key": "x" * 22 + "=="}
    with served(stage) as url:
        answer = httpx2.get(f"{url}{API}/hooks", headers={**upgrade, "authorization": f"Bearer {secret}"})

    assert (answer.status_code, "upgrade" in answer.headers) == (200, False)


@pytest.mark.parametrize(
    "path",
    [
        "//api/v1/hooks",
        "/api//v1/hooks",
        "/api/v1/./hooks",
        "/api/v1/x/../hooks",
        "/api/v1/hooks%00",
        "/API/v1/hooks",
    ],
)
def test_a_path_is_what_it_is(stage: Stage, secret: str, path: str):
    """No other way of writing a path leads to an operation."""
    with served(stage) as url, connected(url) as opened:
        head = (
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\nConnection: close"
        )
        (answer,) = answers(opened, f"{head}\r\n\r\n")

    assert answer.startswith("404 ")


@pytest.mark.parametrize("method", ["OPTIONS", "GET"])
def test_no_page_of_somebody_else_reads_an_answer(stage: Stage, secret: str, method: str):
    """No origin is told that it may."""
    headers = {"origin": "http://evil.example", "access-control-request-method": "GET"}
    with web_stage(stage) as web:
        answer = web.client(authorization=f"Bearer {secret}").request(method, f"{API}/hooks", headers=headers)

    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_uploads_do_not_fill_the_memory(stage: Stage, secret: str, monkeypatch: pytest.MonkeyPatch):
    """So many artifacts are on their way at once; others may look, and send theirs when one is gone."""
    monkeypatch.setattr(gate_module, "UPLOADS_MAX", 1)
    token = f"Bearer {secret}"
    head = (
        f"POST {API}/skills HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\nContent-Length: 1000\r\n"
    )
    with served(stage) as url, httpx2.Client(base_url=url, headers={"authorization": token}) as client:
        with connected(url) as first:
            first.sendall(f"{head}Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n".encode())
            told = first.recv(12)
            refused = client.post(f"{API}/skills", content=b"PK")
            listed = client.get(f"{API}/skills").status_code
            (answer,) = answers(first, " " * 1000 + "GET / HTTP/0.0\r\n\r\n")[:1]
        after = client.post(f"{API}/skills", content=b"PK")

    assert (told, listed, answer[:4]) == (b"HTTP/1.1 100", 200, "400 ")
    assert [problem(refused), problem(after)] == [(503, "TOO_MANY_UPLOADS"), (400, "INVALID_ARCHIVE")]


def test_a_stranger_says_little(stage: Stage):
    """Who shows no token needs to send nothing but the secret of a login."""
    with web_stage(stage) as web:
        answer = web.client().post(f"{API}/decisions", content=b" " * (STRANGER_MAX + 1))

    assert problem(answer) == (413, "REQUEST_TOO_LARGE")


def test_nobody_takes_all_places_at_the_stream(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """One actor may follow so often; others still come in."""
    monkeypatch.setattr(stream_module, "READERS_OF_ONE_MAX", 2)
    tokens = [
        stage.palyra.tokens.create(Role.VIEWER, holder=f"operator:{name}").secret for name in ("a", "b")
    ]
    first, second = ({"authorization": f"Bearer {secret}"} for secret in tokens)
    with served(stage) as url, httpx2.Client(base_url=url, timeout=PATIENCE_S) as client:

        def follow(headers: dict[str, str]) -> int:
            with client.stream("GET", f"{API}/stream", headers=headers) as answer:
                return int(answer.status_code)

        with (
            client.stream("GET", f"{API}/stream", headers=first) as one,
            client.stream("GET", f"{API}/stream", headers=first) as two,
        ):
            begun = [one.status_code, two.status_code, follow(first), follow(second)]

    assert begun == [200, 200, 503, 200]
