from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from palyra_runtime.capabilities.egress.errors import InvalidOrigin
from palyra_runtime.capabilities.egress.rules import Destination, EgressRules, parse_origin
from palyra_runtime.capabilities.egress.url import Origin

HTTPS = Origin("https", "api.example.com", 443)
LOCAL = Origin("http", "127.0.0.1", 8080)


def test_bare_host():
    """A granted host is https at its port, and nothing else."""
    rules = EgressRules()
    assert rules.destination(HTTPS, ["api.example.com"]) == Destination(HTTPS)
    assert rules.destination(HTTPS._replace(port=8443), ["api.example.com"]) is None
    assert rules.destination(HTTPS._replace(scheme="http", port=80), ["api.example.com"]) is None


@pytest.mark.parametrize(
    "grant", ["other.example.com", "*", "*.example.com", "example.com", "\u212a.example"]
)
def test_other_grant(grant):
    """A grant is one host: no wildcard, no parent, no letter that lowers to another."""
    assert EgressRules().destination(Origin("https", "k.example", 443), [grant]) is None


@pytest.mark.parametrize("grant", ["API.example.com", "api.example.com."])
def test_spelling_of_a_grant(grant):
    """A manifest may spell a host with capitals or the root's dot."""
    assert EgressRules().destination(HTTPS, [grant]) == Destination(HTTPS)


def test_origin_is_no_grant():
    """An operator's origin needs a grant of its host as well."""
    rules = EgressRules(["http://127.0.0.1:8080"])
    assert rules.destination(LOCAL, ["api.example.com"]) is None
    assert rules.destination(LOCAL, ["127.0.0.1"]) == Destination(LOCAL, (ip_network("127.0.0.1/32"),))


def test_ipv6_grant():
    """An IPv6 address is granted with or without its brackets."""
    rules = EgressRules(["http://[::1]:8080"])
    found = [rules.destination(Origin("http", "[::1]", 8080), [grant]) for grant in ("::1", "[::1]")]
    assert found == [Destination(Origin("http", "[::1]", 8080), (ip_network("::1/128"),))] * 2


@pytest.mark.parametrize(
    ("networks", "address", "objection"),
    [
        ((), "1.1.1.1", None),
        ((), "10.0.0.1", "a private address"),
        (("10.1.0.0/16",), "10.1.2.3", None),
        (("10.1.0.0/16",), "10.2.0.0", "an address outside the networks that the operator named"),
        (("10.1.0.0/16",), "1.1.1.1", "an address outside the networks that the operator named"),
        (("10.1.0.0/16",), "::ffff:10.1.2.3", "a IPv4-mapped private address"),
        (("0.0.0.0/0",), "169.254.169.254", "a cloud metadata address"),
        (("10.0.0.0/8", "fd00::/8"), "fd00::1", None),
    ],
)
def test_objection(networks, address, objection):
    """Networks narrow a destination to themselves, and open what is local but nothing worse."""
    destination = Destination(HTTPS, tuple(map(ip_network, networks)))
    assert destination.objection(ip_address(address)) == objection


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "api.example.com",
        "https://api.example.com/",
        "https://api.example.com/x",
        "https://api.example.com?x",
        "https://api.example.com:443",
        "https://*.example.com",
        "ftp://api.example.com",
        "https://wiki.internal 10.0.0.1/8",
        "https://wiki.internal intranet",
        "http://127.0.0.1:8080 127.0.0.0/8",
    ],
)
def test_invalid_origin(text):
    """An origin that is not exactly one is refused when the policy is read, not when it is needed."""
    with pytest.raises(InvalidOrigin):
        EgressRules([text])


def test_origin_twice():
    """Two entries for one origin could disagree."""
    with pytest.raises(InvalidOrigin, match="twice"):
        EgressRules(["https://wiki.internal 10.0.0.0/8", "https://wiki.internal"])


def test_parse_origin():
    """An origin's text is its scheme, host and port."""
    assert parse_origin("http://127.0.0.1:8080") == LOCAL
