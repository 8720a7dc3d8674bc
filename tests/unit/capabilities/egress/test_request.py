from __future__ import annotations

import pytest

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress.request import Request, check_headers, is_secret_value
from palyra_runtime.capabilities.egress.url import parse_url
from palyra_runtime.capabilities.refusal import Refused

URL = parse_url("https://api.example.com/")

SMUGGLING = [
    {"Host": "evil.example.com"},
    {"host": "evil.example.com"},
    {"Content-Length": "0"},
    {"Content_Length": "0"},
    {"Transfer-Encoding": "chunked"},
    {"TRANSFER-ENCODING": "chunked"},
    {"Connection": "keep-alive"},
    {"Proxy-Connection": "keep-alive"},
    {"Keep-Alive": "x"},
    {"TE": "trailers"},
    {"Trailer": "x"},
    {"Upgrade": "h2c"},
    {"HTTP2-Settings": "x"},
    {"Expect": "100-continue"},
    {"Accept-Encoding": "br"},
    {"Proxy-Authorization": "x"},
    {"Via": "x"},
    {"Idempotency-Key": "mine"},
    {"X": "a\r\nHost: evil.example.com"},
    {"X": "a\nb"},
    {"X": "a\rb"},
    {"X": "a\x00b"},
    {"X": "\u010d\u010ahost: x"},
    {"X": "caf\u00e9"},
    {"X": " a"},
    {"X": "a "},
    {"X": "a\x7f"},
    {"X\r\nHost": "x"},
    {"X ": "a"},
    {"X:": "a"},
    {" X": "a"},
    {"": "a"},
    {"X\u00e9": "a"},
    {":authority": "x"},
    {"X" * 129: "a"},
    {"X": "a", "x": "b"},
    {"X": "a" * 16_385},
    {f"X-{number}": "" for number in range(65)},
]


@pytest.mark.parametrize("headers", SMUGGLING, ids=range(len(SMUGGLING)))
def test_smuggling(headers):
    """A header that could end a message elsewhere, or speak for the host, is refused."""
    with pytest.raises(Refused) as refused:
        check_headers(headers)
    assert refused.value.code == "bad_request"


def test_ordinary_headers():
    """Ordinary headers pass, and one that the host will fill in."""
    headers = {"Accept": "*/*", "X-Key": None, "api_key": "a b\tc", "X-Empty": "", "User-Agent": "x/1 (y)"}
    assert check_headers(headers) is None


@pytest.mark.parametrize(
    ("value", "fits"),
    [(b"abc def", True), (b"line\nfeed", False), (b"caf\xe9", False), (b"x" * 16_385, False)],
)
def test_secret_value(value, fits):
    """Only a secret of visible ASCII can stand in a header."""
    assert is_secret_value(Concealed(value)) is fits


def test_without_credentials():
    """Another origin sees no secret, no authorization and no cookie."""
    request = Request(
        "GET", URL, (("X-Key", Concealed(b"x")), ("AUTHORIZATION", "x"), ("Cookie", "x"), ("Accept", "*/*"))
    )
    assert request.without_credentials().headers == (("Accept", "*/*"),)


def test_as_get():
    """Asking for the result of a write takes no body, nor what describes it."""
    request = Request("POST", URL, (("Content-Type", "x"), ("Idempotency-Key", "k"), ("Accept", "*/*")), b"x")
    assert request.as_get() == Request("GET", URL, (("Accept", "*/*"),))


def test_head_stays_head():
    """A HEAD request that is redirected asks for no body either."""
    assert Request("HEAD", URL).as_get().method == "HEAD"


def test_secret_is_not_shown():
    """A request that is printed shows no secret."""
    assert "hidden" not in repr(Request("GET", URL, (("X-Key", Concealed(b"hidden")),)))
