from __future__ import annotations

from ipaddress import ip_address

import pytest

from palyra_runtime.capabilities.egress.errors import InvalidUrl
from palyra_runtime.capabilities.egress.host import parse_host


@pytest.mark.parametrize(
    "name",
    [
        "example.com",
        "a",
        "1a.example.com",
        "a-b.c-d.example",
        "xn--bcher-kva.example",
        "xn--fiqs8s",
        "xn--eckwd4c7c.xn--zckzah",
        "a" * 63 + ".com",
    ],
)
def test_name(name):
    """A canonical name is a name, also of one label or in the encoding of IDNA2008."""
    assert parse_host(name) is None


@pytest.mark.parametrize("text", ["192.0.2.1", "[2001:db8::1]", "[::]"])
def test_address(text):
    """A canonical address is that address."""
    assert parse_host(text) == ip_address(text.strip("[]"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("127.1", "one spelling"),
        ("[::0001]", "one spelling"),
        ("[::1%1]", "one spelling"),
        ("a_b.example", "lower-case letters"),
        ("a" * 64, "lower-case letters"),
        ("ab--c.example", "IDNA2008"),
        ("xn--a.example", "IDNA2008"),
        ("xn--example-.example", "lower-case letters"),
        ("xn--example.example", "IDNA2008"),
        ("xn--pple-43d.example", "mixes scripts"),
        (".".join(["abc"] * 64), "at most 253"),
    ],
)
def test_refused(text, reason):
    """A host that is not canonical is refused, with the reason."""
    with pytest.raises(InvalidUrl, match=reason):
        parse_host(text)
