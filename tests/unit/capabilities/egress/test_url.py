from __future__ import annotations

from ipaddress import ip_address

import pytest

from palyra_runtime.capabilities.egress.errors import InvalidUrl
from palyra_runtime.capabilities.egress.url import Origin, Url, parse_url

BASE = parse_url("https://example.com/a/b/c?d")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.com", Url(Origin("https", "example.com", 443), None, "/")),
        ("https://example.com/a?b=c&d", Url(Origin("https", "example.com", 443), None, "/a?b=c&d")),
        ("https://example.com?b", Url(Origin("https", "example.com", 443), None, "/?b")),
        ("http://example.com:8080/@:%2F", Url(Origin("http", "example.com", 8080), None, "/@:%2F")),
        (
            "https://[2001:db8::1]:8443/",
            Url(Origin("https", "[2001:db8::1]", 8443), ip_address("2001:db8::1"), "/"),
        ),
    ],
)
def test_parts(text, url):
    """A URL has an origin, an address where it names one, and a target."""
    assert parse_url(text) == url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://example.com/ b", "a space"),
        ("https://example.com\\", "backslash"),
        ("https://example.com/#a", "fragment"),
        ("ftp://example.com/", "begin with"),
        ("https://a@example.com/", "user name"),
        ("https://example%2ecom/", "percent sign"),
        ("https://Example.com/", "lower case"),
        ("https://example.com:0/", "port"),
        ("https://example.com:65536/", "port"),
        ("https://example.com:443/", "leave it out"),
        ("http://example.com:80/", "leave it out"),
        ("https://example.com/%", "percent-encoded"),
        ("https://" + "a" * 8192, "at most 8192"),
    ],
)
def test_refused(text, reason):
    """A URL that is refused says why, so that its author can mend it."""
    with pytest.raises(InvalidUrl, match=reason):
        parse_url(text)


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("https://other.example/x", "https://other.example/x"),
        ("//other.example/x", "https://other.example/x"),
        ("/x", "https://example.com/x"),
        ("x", "https://example.com/a/b/x"),
        ("./x/", "https://example.com/a/b/x/"),
        ("../x", "https://example.com/a/x"),
        ("../../../../x", "https://example.com/x"),
        ("..", "https://example.com/a/"),
        (".", "https://example.com/a/b/"),
        ("?x", "https://example.com/a/b/c?x"),
        ("x?/../y", "https://example.com/a/b/x?/../y"),
        ("", "https://example.com/a/b/c?d"),
        ("#top", "https://example.com/a/b/c?d"),
        ("/x#top", "https://example.com/x"),
    ],
)
def test_join(reference, url):
    """A reference is resolved as RFC 3986 section 5.2 says, and never keeps a fragment."""
    assert str(BASE.join(reference)) == url


@pytest.mark.parametrize("reference", ["javascript:x", "///x", "//a@b/", "/\\evil", "http:x", "\t//x"])
def test_join_refused(reference):
    """A reference is held to the same grammar as a guest's own URL."""
    with pytest.raises(InvalidUrl):
        BASE.join(reference)
