from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import trustme

from palyra_events.errors import NotAllowed, PalyraError, UnknownHook
from palyra_runtime.api import Client, RemotePalyra
from palyra_runtime.api.answer import told_error
from palyra_runtime.api.client import (
    GatewayNotTrusted,
    GatewayOfOtherVersion,
    GatewayUnreachable,
    NotAGateway,
    OutcomeUnknown,
    error_told,
)
from palyra_runtime.version import VERSION
from tests.loopback_server import Behaviour, LoopbackServer, answering, ok, redirecting
from tests.unit.test_error_tree import ERRORS

TOKEN = "palyra_secret-of-the-test"
LISTING = b'{"items":[],"next":null}'


def status(number: int, body: object, *headers: bytes) -> bytes:
    """Return an answer with a status and JSON."""
    content = json.dumps(body).encode()
    lines = [b"HTTP/1.1 %d Told" % number, b"Content-Length: %d" % len(content), *headers]
    return b"\r\n".join([*lines, b"", content])


def told(code: str, message: str = "It cannot be.") -> dict[str, Any]:
    """Return what an answer says that tells an error."""
    return {"error": {"code": code, "message": message, "advice": "Do without.", "details": {"a": 1}}}


def by_path(answers: dict[bytes, bytes]) -> Behaviour:
    """Answer each path in its own way."""

    def behave(connection: socket.socket, request: bytes) -> None:
        path = request.split(b" ")[1].partition(b"?")[0]
        connection.sendall(answers[path])

    return behave


def asked(behaviour: Behaviour, verb: str = "GET", **others: Any) -> tuple[Any, LoopbackServer]:
    """Ask a server that behaves so once, and return what came of it."""
    with LoopbackServer(behaviour) as server, closing(Client(server.origin, TOKEN)) as client:
        try:
            return client.ask(verb, "/hooks", **others), server
        except PalyraError as error:
            return error, server


def test_a_request_says_who_asks():
    """The token is in the header for it, and the program's version in another."""
    answer, server = asked(answering(ok(LISTING)))

    (request,) = server.requests
    assert answer == json.loads(LISTING)
    assert request.startswith(b"GET /api/v1/hooks HTTP/1.1")
    assert f"Authorization: Bearer {TOKEN}".lower().encode() in request.lower()
    assert f"palyra/{VERSION}".encode() in request


def test_the_environment_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Neither a proxy nor a file of passwords is asked."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login eve password mallory\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    answer, server = asked(answering(ok(LISTING)))

    assert answer == json.loads(LISTING)
    assert TOKEN.encode() in server.requests[0]


def test_an_error_is_the_one_that_it_is_here():
    """With its message and its details."""
    error, _ = asked(answering(status(404, told("UNKNOWN_HOOK", "There is no hook x."))))

    assert (type(error), error.message, error.details) == (UnknownHook, "There is no hook x.", {"a": 1})


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_survives_the_way(kind: type[PalyraError]):
    """Whatever a gateway tells is caught here by the type that it has there."""
    error = error_told(told_error(kind("It cannot be.", number=1)).model_dump(mode="json"), PalyraError)

    assert (type(error), error.message, error.details) == (kind, "It cannot be.", {"number": 1})


def test_an_error_that_nobody_knows_keeps_its_words():
    """One of a later version has its code and its advice, and the exit code of its kind."""
    error, _ = asked(answering(status(403, told("OF_TOMORROW"))))

    assert (error.code, error.advice, error.exit_code) == ("OF_TOMORROW", "Do without.", NotAllowed.exit_code)
    assert isinstance(error, NotAllowed)
    assert NotAllowed.code == "NOT_ALLOWED"


def test_a_gateway_that_is_not_there_is_told():
    """With the address that was asked, and that nothing was done."""
    with LoopbackServer(answering()) as server:
        origin = server.origin
    with closing(Client(origin, TOKEN)) as client, pytest.raises(GatewayUnreachable, match=origin):
        client.ask("POST", "/hooks", body={})


def test_what_was_asked_may_have_been_done():
    """Who asked for a change and heard nothing is told that nobody knows; who only looked can look again."""
    done, _ = asked(answering(), "POST", body={})
    looked, _ = asked(answering())

    assert (type(done), done.retryable) == (OutcomeUnknown, False)
    assert (type(looked), looked.retryable) == (GatewayUnreachable, True)


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"<html>hello</html>"),
        status(502, {"oops": True}),
        status(500, ["what"]),
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ],
)
def test_what_answers_may_be_no_gateway(answer: bytes):
    """Something else at the address is not believed."""
    error, _ = asked(answering(answer))

    assert type(error) is NotAGateway


def test_a_token_goes_nowhere_else():
    """A redirect is not followed."""
    with LoopbackServer(answering(ok(LISTING))) as elsewhere:
        error, _ = asked(redirecting(f"{elsewhere.origin}/api/v1/hooks"))

    assert type(error) is NotAGateway
    assert elsewhere.requests == []


def test_one_request_too_many_is_sent_again():
    """When the gateway says that it will be time."""
    answers = iter([status(429, told("TOO_MANY_REQUESTS"), b"Retry-After: 0"), ok(LISTING)])

    def behave(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(next(answers))

    answer, server = asked(behave, "POST", body={"reason": "x"})

    assert answer == json.loads(LISTING)
    assert server.requests[0] == server.requests[1]


OTHER_VERSIONS = {
    "a path that is unknown there": status(404, told("UNKNOWN_PATH")),
    "a parameter that is unknown there": status(400, told("INVALID_REQUEST")),
    "an answer in another form": ok(b'{"items":[{"hook":"greet"}],"next":null}'),
    "an answer without what was promised": ok(b'{"rows":[]}'),
}


@pytest.mark.parametrize("answer", OTHER_VERSIONS.values(), ids=OTHER_VERSIONS.keys())
def test_a_gateway_of_another_version_is_told(answer: bytes):
    """Where the two do not fit, that is why."""
    answers = {b"/api/v1/hooks": answer, b"/healthz": ok(b'{"status":"ok","version":"9.9.9"}')}
    with (
        LoopbackServer(by_path(answers)) as server,
        RemotePalyra(Client(server.origin, TOKEN)) as palyra,
        pytest.raises(GatewayOfOtherVersion, match=rf"is Palyra 9\.9\.9, and this is {VERSION}"),
    ):
        palyra.hooks.list()


def test_a_gateway_of_this_version_may_be_wrong():
    """Then what it answered is what is told."""
    health = json.dumps({"status": "ok", "version": VERSION}).encode()
    answers = {b"/api/v1/hooks": ok(b'{"rows":[]}'), b"/healthz": ok(health)}
    with (
        LoopbackServer(by_path(answers)) as server,
        RemotePalyra(Client(server.origin, TOKEN)) as palyra,
        pytest.raises(NotAGateway, match=r"hooks\.list"),
    ):
        palyra.hooks.list()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that no system knows."""
    return trustme.CA()


@pytest.fixture
def secured(authority: trustme.CA) -> Iterator[LoopbackServer]:
    """A server that proves by this authority who it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with LoopbackServer(answering(ok(LISTING)), context) as server:
        yield server


def test_a_gateway_has_to_prove_who_it_is(secured: LoopbackServer):
    """A certificate that nobody vouches for is not enough: the token is not sent."""
    with (
        closing(Client(secured.origin, TOKEN)) as client,
        pytest.raises(GatewayNotTrusted, match="does not prove who it is"),
    ):
        client.ask("GET", "/hooks")

    assert secured.requests == []


def test_an_authority_of_ones_own_is_named_by_the_environment(
    secured: LoopbackServer, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """In the variable that other programs heed as well."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))

    with closing(Client(secured.origin, TOKEN)) as client:
        assert client.ask("GET", "/hooks") == json.loads(LISTING)
