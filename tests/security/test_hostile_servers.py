"""Servers that were granted, and answer to hurt. All of them on loopback."""

from __future__ import annotations

import gzip
import json
import ssl
import zlib
from datetime import UTC, datetime

import pytest
import trustme

from palyra_runtime.sandbox import Invocation, invoke
from tests.http_stage import HttpStage, Names, loopback
from tests.loopback_server import (
    Behaviour,
    LoopbackServer,
    answering,
    endless,
    ok,
    redirecting,
    then_silence,
)

NAME = "api.example.com"
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(64 * 1024**2))

#: behaviours, and the code that the guest is answered
HOSTILE: dict[str, tuple[Behaviour, str]] = {
    "endless chunks": (endless(CHUNKED, b"1000\r\n" + b"x" * 0x1000 + b"\r\n"), "too_large"),
    "endless chunks of one byte": (endless(CHUNKED, b"1\r\nx\r\n" * 1000), "too_large"),
    "endless body": (endless(HEAD + b"\r\n", b"x" * 65_536), "too_large"),
    "long body announced": (
        endless(HEAD + b"Content-Length: 1000000000000\r\n\r\n", b"x" * 65_536),
        "too_large",
    ),
    "endless padding between bytes": (endless(CHUNKED, b"1;" + b"x" * 16_000 + b"\r\ny\r\n"), "too_large"),
    "endless chunk header": (endless(CHUNKED + b"1;", b"x" * 4096), "too_large"),
    "endless trailers": (endless(CHUNKED + b"0\r\n", b"X: y\r\n" * 100), "too_large"),
    "gzip bomb": (answering(ok(BOMB, b"Content-Encoding: gzip")), "too_large"),
    "gzip bomb in chunks": (
        answering(
            CHUNKED.replace(b"OK\r\n", b"OK\r\nContent-Encoding: gzip\r\n"),
            b"%x\r\n%s\r\n" % (len(BOMB), BOMB),
        ),
        "too_large",
    ),
    "gzip in gzip": (answering(ok(b"x", b"Content-Encoding: gzip, gzip")), "protocol"),
    "gzip cut off": (answering(ok(gzip.compress(b"x" * 100)[:-9], b"Content-Encoding: gzip")), "protocol"),
    "gzip with more behind": (answering(ok(gzip.compress(b"x") * 2, b"Content-Encoding: gzip")), "protocol"),
    "no gzip": (answering(ok(b"no gzip at all", b"Content-Encoding: gzip")), "protocol"),
    "encoding not asked for": (answering(ok(zlib.compress(b"x"), b"Content-Encoding: deflate")), "protocol"),
    "header flood": (endless(HEAD, b"X-Flood: 1\r\n" * 100), "too_large"),
    "one endless header": (endless(HEAD + b"X: ", b"x" * 4096), "too_large"),
    "many small headers": (answering(HEAD, b"X: 1\r\n" * 129, b"Content-Length: 0\r\n\r\n"), "too_large"),
    "endless status line": (endless(b"HTTP/1.1 200 ", b"x" * 4096), "too_large"),
    "endless 100 Continue": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 10), "protocol"),
    "endless 103 Early Hints": (endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), "protocol"),
    "switching protocols": (
        answering(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        "protocol",
    ),
    "no HTTP": (answering(b"SSH-2.0-OpenSSH_9.9\r\n" * 3), "protocol"),
    "HTTP/0.9": (answering(b"<html>hello</html>"), "protocol"),
    "nothing": (answering(), "protocol"),
    "body cut off": (answering(HEAD + b"Content-Length: 10\r\n\r\nshort"), "protocol"),
    "chunks cut off": (answering(CHUNKED + b"5\r\nhel"), "protocol"),
    "chunk size with a sign": (answering(CHUNKED + b"+5\r\nhello\r\n0\r\n\r\n"), "protocol"),
    "chunk without an end": (answering(CHUNKED + b"5\r\nhelloXX0\r\n\r\n"), "protocol"),
    "two lengths": (answering(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "protocol"),
    "negative length": (answering(HEAD + b"Content-Length: -1\r\n\r\n"), "protocol"),
    "length in words": (answering(HEAD + b"Content-Length: ten\r\n\r\n"), "protocol"),
    "unknown transfer encoding": (answering(HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n"), "protocol"),
    "NUL in a header": (answering(HEAD + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n"), "protocol"),
    "bare CR in a header": (answering(HEAD + b"X: a\rb\r\nContent-Length: 0\r\n\r\n"), "protocol"),
    "space before the colon": (answering(HEAD + b"X : a\r\nContent-Length: 0\r\n\r\n"), "protocol"),
    "redirect to two places": (
        answering(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"),
        "redirect",
    ),
    "redirect beyond ASCII": (
        answering(b"HTTP/1.1 302 Found\r\nLocation: /\xe9\r\nContent-Length: 0\r\n\r\n"),
        "redirect",
    ),
    "redirect with a tab": (redirecting("/a\tb"), "redirect"),
}

#: behaviours that keep a client waiting
SLOW: dict[str, Behaviour] = {
    "silence": then_silence(),
    "half a status line": then_silence(b"HTTP/1.1 2"),
    "headers without an end": then_silence(HEAD + b"X: 1\r\n"),
    "half a body": then_silence(HEAD + b"Content-Length: 10\r\n\r\nhello"),
    "half a chunk": then_silence(CHUNKED + b"5\r\nhel"),
    "only interim answers": then_silence(b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def client_context(authority: trustme.CA) -> ssl.SSLContext:
    """The client's real settings, but with an authority of this test's."""
    from palyra_runtime.capabilities.egress import client_context as real

    context = real()
    authority.configure_trust(context)
    return context


def server_context(certificate: trustme.LeafCert, maximum: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if maximum is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = maximum
    return context


def named(port: int, context: ssl.SSLContext, name: str = NAME, seconds: float = 30.0) -> HttpStage:
    """A plugin that may speak to ``name`` at this port, which leads to loopback by the operator's will."""
    return HttpStage(
        hosts=[name],
        origins=[f"https://{name}:{port} 127.0.0.0/8"],
        names=Names({name: [["127.0.0.1"]]}),
        context=context,
        seconds=seconds,
    )


@pytest.mark.parametrize(("behaviour", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_answer(tally, behaviour, code):
    """What is not one bounded answer in HTTP/1.1 is an error that the guest can tell from others."""
    with LoopbackServer(behaviour) as server:
        assert loopback(server.port).code(f"{server.origin}/") == code
    tally["hostile servers"] += 1


@pytest.mark.parametrize("behaviour", SLOW.values(), ids=SLOW.keys())
def test_slow_answer(tally, behaviour):
    """A server that keeps a guest waiting is left when the guest's own time limit is over."""
    with LoopbackServer(behaviour) as server:
        assert loopback(server.port).code(f"{server.origin}/", timeout_ms=50) == "timeout"
    tally["hostile servers"] += 1


def test_drip(tally):
    """A byte now and then does not win more time: the limit is for the request as a whole."""
    with LoopbackServer(endless(HEAD, b"X")) as server:
        # Either bound may be met first; what may not happen is that the request goes on.
        assert loopback(server.port).code(f"{server.origin}/", timeout_ms=100) in {"timeout", "too_large"}
    tally["hostile servers"] += 1


def test_silence_in_the_handshake(tally, authority):
    """A server that says nothing where TLS begins is left in time."""
    context = client_context(authority)
    with LoopbackServer(then_silence()) as server:
        assert named(server.port, context).code(f"https://{NAME}:{server.port}/", timeout_ms=50) == "timeout"
    tally["hostile servers"] += 1


def test_good_certificate(tally, authority):
    """The name stays in the handshake, in the Host header and in the certificate's check."""
    context = server_context(authority.issue_cert(NAME))
    with LoopbackServer(answering(ok(b"hello")), context) as server:
        answer = named(server.port, client_context(authority)).ask(f"https://{NAME}:{server.port}/")
    tally["hostile servers"] += 1
    host = f"Host: {NAME}:{server.port}".encode()
    assert (answer["ok"]["body"], server.names, host in server.requests[0]) == ("hello", [NAME], True)


def certificates(authority: trustme.CA) -> dict[str, trustme.LeafCert]:
    """Certificates that must not be taken for ``NAME``'s."""
    past = datetime(2020, 1, 1, tzinfo=UTC)
    return {
        "another name": authority.issue_cert("other.example.com"),
        "the address only": authority.issue_cert("127.0.0.1"),
        "a parent's wildcard": authority.issue_cert("*.com"),
        "a name below": authority.issue_cert(f"www.{NAME}"),
        "expired": authority.issue_cert(NAME, not_before=past, not_after=datetime(2020, 2, 1, tzinfo=UTC)),
        "of a stranger": trustme.CA().issue_cert(NAME),
        "common name only": authority.issue_cert("other.example.com", common_name=NAME),
    }


@pytest.mark.parametrize(
    "which",
    [
        "another name",
        "the address only",
        "a parent's wildcard",
        "a name below",
        "expired",
        "of a stranger",
        "common name only",
    ],
)
def test_bad_certificate(tally, authority, which):
    """A server that cannot prove its name gets no request."""
    context = server_context(certificates(authority)[which])
    with LoopbackServer(answering(ok()), context) as server:
        code = named(server.port, client_context(authority)).code(f"https://{NAME}:{server.port}/")
    tally["hostile servers"] += 1
    assert (code, server.requests) == ("tls", [])


def test_no_system_authority_knows_it(tally, authority):
    """Without a test's authority the very same server is refused."""
    context = server_context(authority.issue_cert(NAME))
    with LoopbackServer(answering(ok()), context) as server:
        stage = HttpStage(
            hosts=[NAME],
            origins=[f"https://{NAME}:{server.port} 127.0.0.1"],
            names=Names({NAME: [["127.0.0.1"]]}),
        )
        code = stage.code(f"https://{NAME}:{server.port}/")
    tally["hostile servers"] += 1
    assert (code, server.requests) == ("tls", [])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the server's side is old on purpose
def test_old_tls(tally, authority):
    """TLS 1.1 is not spoken."""
    context = server_context(authority.issue_cert(NAME), ssl.TLSVersion.TLSv1_1)
    with LoopbackServer(answering(ok()), context) as server:
        code = named(server.port, client_context(authority)).code(f"https://{NAME}:{server.port}/")
    tally["hostile servers"] += 1
    assert (code, server.requests) == ("tls", [])


def test_no_tls_at_all(tally, authority):
    """A plain server at an encrypted origin's port is no server."""

    def speak_first(connection, _request):
        connection.sendall(ok())

    with LoopbackServer(speak_first) as server:
        stage = named(server.port, client_context(authority))
        # It waits for a line end, and the handshake has none: either side may give up first.
        assert stage.code(f"https://{NAME}:{server.port}/", timeout_ms=100) in {"tls", "timeout"}
    tally["hostile servers"] += 1


def test_cut_off_without_goodbye(tally, authority):
    """An answer without a length that ends without TLS's goodbye may have been cut, and is refused."""

    def cut(connection, _request):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhalf of the truth")
        connection.shutdown(2)

    context = server_context(authority.issue_cert(NAME))
    with LoopbackServer(cut, context) as server:
        code = named(server.port, client_context(authority)).code(f"https://{NAME}:{server.port}/")
    tally["hostile servers"] += 1
    assert code == "connect"


def test_downgrade(tally, authority):
    """A redirect from https to http is refused, also to an origin that is granted."""
    context = server_context(authority.issue_cert(NAME))
    with LoopbackServer(answering(ok())) as plain, LoopbackServer(answering(ok()), context) as server:
        server.behaviour = redirecting(f"http://{NAME}:{plain.port}/")
        stage = HttpStage(
            hosts=[NAME],
            origins=[f"https://{NAME}:{server.port} 127.0.0.1", f"http://{NAME}:{plain.port} 127.0.0.1"],
            names=Names({NAME: [["127.0.0.1"]]}),
            context=client_context(authority),
        )
        code = stage.code(f"https://{NAME}:{server.port}/")
    tally["hostile servers"] += 1
    assert (code, plain.requests) == ("redirect", [])


@pytest.mark.parametrize("header", ["X-Echo", "Set-Cookie", "Location"])
def test_secret_said_back(tally, header):
    """A server that says a secret back, in a header or its body, says it to nobody."""
    secret = "s3cr3t/value+with=signs"

    def echo(connection, request):
        found = request.partition(b"Authorization: ")[2].partition(b"\r\n")[0]
        connection.sendall(ok(b'{"you":"%s"}' % found, header.encode() + b": " + found))

    with LoopbackServer(echo) as server:
        stage = HttpStage(
            hosts=["127.0.0.1"],
            origins=[server.origin],
            secrets={"key": secret},
            secret_hosts={"key": [server.origin]},
        )
        answer = stage.ask(
            f"{server.origin}/", headers={"Authorization": {"secret": 20_000, "prefix": "Bearer "}}
        )
    tally["hostile servers"] += 1
    shown = (answer["ok"]["body"], answer["ok"]["headers"][header.lower()])
    assert shown == ('{"you":"Bearer [secret]"}', "Bearer [secret]")


def test_secret_in_a_transcript(tally, guest):
    """A guest that used a secret has it neither in its output nor in what is recorded of its host calls."""

    def echo(connection, request):
        connection.sendall(ok(request))

    secret = "s3cr3t/value+with=signs"
    with LoopbackServer(echo) as server:
        stage = HttpStage(
            hosts=["127.0.0.1"],
            origins=[server.origin],
            secrets={"key": secret},
            secret_hosts={"key": [server.origin]},
        )
        request = {
            "op": "http.request",
            "handle": 10_000,
            "url": f"{server.origin}/",
            "headers": {"X-Key": {"secret": 20_000}},
        }
        execution = invoke(
            guest("ask"),
            Invocation(broker=stage.broker, input=json.dumps(request).encode(), grants=stage.grants),
        )
    tally["hostile servers"] += 1
    (exchanged,) = execution.transcript
    assert f"X-Key: {secret}".encode() in server.requests[0]
    assert b"X-Key: [secret]" in exchanged.answer
    assert secret not in repr(execution)
