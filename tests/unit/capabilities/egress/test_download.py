from __future__ import annotations

import gzip
import hashlib
import ssl

import pytest
import trustme

from palyra_events.errors import InvalidInput
from palyra_runtime.capabilities.egress import (
    Client,
    DigestMismatch,
    DownloadFailed,
    DownloadRefused,
    DownloadTooLarge,
    EgressRules,
    InvalidUrl,
    check_digest,
    client_context,
    download,
    is_url,
)
from tests.http_stage import Names
from tests.loopback_server import LoopbackServer, answering, ok, redirecting

NAME = "skills.example.com"
FILE = b"an artifact, or so they say"
SHA256 = hashlib.sha256(FILE).hexdigest()


def fetch(url, *origins: str, names=None, context=None, size_max=1000):
    client = Client(names or Names(), context or client_context())
    return download(url, client, EgressRules(origins), size_max=size_max)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.com/a", True),
        ("http://example.com", True),
        ("ftp://x", True),
        ("a.palyra-skill", False),
        ("./https:/x", False),
        ("C:\\x", False),
    ],
)
def test_what_is_meant_as_a_url(text, expected):
    """A path is no URL, and a URL of another kind is one that will be refused."""
    assert is_url(text) is expected


def test_a_file_is_fetched_over_https():
    """The server proves its name, and is asked for nothing but the file."""
    authority = trustme.CA()
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME).configure_cert(secured)
    context = client_context()
    authority.configure_trust(context)
    with LoopbackServer(answering(ok(FILE)), secured) as server:
        origin = f"https://{NAME}:{server.port}"
        content = fetch(
            f"{origin}/a.palyra-skill",
            f"{origin} 127.0.0.0/8",
            names=Names({NAME: [["127.0.0.1"]]}),
            context=context,
        )

    (request,) = server.requests
    assert content == FILE
    assert request.startswith(b"GET /a.palyra-skill HTTP/1.1\r\n")
    assert b"User-Agent: palyra/" in request
    assert server.names == [NAME]


@pytest.mark.parametrize(
    "url",
    [
        "http://skills.example.com/a",
        "https://skills.example.com:8443/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://10.1.2.3/a",
        "https://169.254.169.254/latest/meta-data",
        "https://skills.example.com/a",
    ],
)
def test_files_come_from_public_addresses_over_https(url):
    """Whatever an operator is talked into, nothing inside the network is asked."""
    with pytest.raises(DownloadRefused) as refused:
        fetch(url, names=Names({NAME: [["192.168.1.1"]]}))

    assert refused.value.details["url"] == url


@pytest.mark.parametrize(
    "url", ["https://a b/", "https://user:pass@x/", "file:///etc/passwd", "https://x/#y"]
)
def test_what_is_no_url_in_its_one_spelling(url):
    """Nothing is guessed from a URL that two readers could read in two ways."""
    with pytest.raises(InvalidUrl):
        fetch(url)


def test_each_hop_is_checked():
    """A server that may be asked cannot lead to one that may not."""
    with (
        LoopbackServer(redirecting("http://127.0.0.1:1/secret")) as server,
        pytest.raises(DownloadRefused) as refused,
    ):
        fetch(f"{server.origin}/a", server.origin)

    assert refused.value.details["reason"] == "redirect"


def test_a_redirect_is_followed_where_it_may_lead():
    """The answer of the last hop is the file."""
    with (
        LoopbackServer(answering(ok(FILE))) as last,
        LoopbackServer(redirecting(f"{last.origin}/b")) as first,
    ):
        content = fetch(f"{first.origin}/a", first.origin, last.origin)

    assert content == FILE


@pytest.mark.parametrize(
    "answer",
    [ok(bytes(1001)), ok(gzip.compress(bytes(1024**2)), b"Content-Encoding: gzip")],
    ids=["long", "packed"],
)
def test_a_file_has_its_size(answer):
    """A server that sends more, packed or not, is not listened to."""
    with LoopbackServer(answering(answer)) as server, pytest.raises(DownloadTooLarge):
        fetch(f"{server.origin}/a", server.origin)


@pytest.mark.parametrize("status", [b"404 Not Found", b"500 Oops", b"204 No Content", b"206 Partial Content"])
def test_only_a_whole_file_is_one(status):
    """Any other answer than 200 is not the file."""
    answer = b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n"
    with (
        LoopbackServer(answering(answer)) as server,
        pytest.raises(DownloadFailed, match=status[:3].decode()),
    ):
        fetch(f"{server.origin}/a", server.origin)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"])
def test_a_file_that_was_cut_off_is_none(answer):
    """What came so far is thrown away."""
    with LoopbackServer(answering(answer)) as server, pytest.raises(DownloadFailed) as failed:
        fetch(f"{server.origin}/a", server.origin)

    assert (failed.value.exit_code, failed.value.retryable) == (7, True)


def test_a_name_without_an_address():
    """It may be back later."""
    with pytest.raises(DownloadFailed):
        fetch("https://nowhere.example.com/a")


def test_the_environments_proxy_is_not_asked(monkeypatch):
    """Whoever sets a variable does not get to see, or to change, what is installed."""
    with LoopbackServer(answering(ok(b"a lie"))) as proxy, LoopbackServer(answering(ok(FILE))) as server:
        for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(variable, proxy.origin)
        assert fetch(f"{server.origin}/a", server.origin) == FILE

    assert proxy.requests == []


@pytest.mark.parametrize("digest", [None, SHA256, SHA256.upper(), f" {SHA256}\n"])
def test_the_file_that_was_meant(digest):
    """A digest is compared as people paste it."""
    check_digest(FILE, digest)


def test_another_file_than_the_one_meant():
    """The message has the digest of what came, to compare."""
    with pytest.raises(DigestMismatch, match=SHA256) as refused:
        check_digest(FILE, "0" * 64)

    assert refused.value.exit_code == 4


@pytest.mark.parametrize("digest", ["", "abc", SHA256[:-1], SHA256 + "0", "g" * 64, "ä" * 64])
def test_what_is_no_digest(digest):
    """A digest that is cut off is not compared as far as it goes."""
    with pytest.raises(InvalidInput):
        check_digest(FILE, digest)
