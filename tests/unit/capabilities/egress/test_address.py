from __future__ import annotations

from ipaddress import ip_address

import pytest

from palyra_runtime.capabilities.egress.address import AddressKind, Reach, kind_of


@pytest.mark.parametrize(
    "text",
    ["1.1.1.1", "93.184.216.34", "9.255.255.255", "11.0.0.0", "172.32.0.0", "2606:4700::1111", "2a00::1"],
)
def test_public(text):
    """Ordinary addresses are public, up to the edges of the special blocks."""
    assert kind_of(ip_address(text)) == AddressKind("public", Reach.PUBLIC)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("10.0.0.0", "private"),
        ("10.255.255.255", "private"),
        ("127.0.0.1", "loopback"),
        ("169.254.0.1", "link-local"),
        ("100.127.255.255", "shared"),
        ("::1", "loopback"),
        ("fdff::1", "private"),
    ],
)
def test_local(text, name):
    """What an operator can have servers at is local, and is named in messages."""
    assert kind_of(ip_address(text)) == AddressKind(name, Reach.LOCAL)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("169.254.169.254", "cloud metadata"),
        ("168.63.129.16", "cloud metadata"),
        ("fd00:ec2::254", "cloud metadata"),
        ("255.255.255.255", "broadcast"),
        ("fe80::1%2", "link-local"),
        ("2001:0:1:2:3:4:5:6", "Teredo"),
        ("2002:808:808::1", "6to4"),
        ("::8.8.8.8", "IPv4-compatible"),
        ("4000::", "unassigned"),
    ],
)
def test_never(text, name):
    """Metadata services, and what no server lives at, are for nobody."""
    assert kind_of(ip_address(text)) == AddressKind(name, Reach.NEVER)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("64:ff9b::1.1.1.1", AddressKind("public", Reach.PUBLIC)),
        ("::ffff:1.1.1.1", AddressKind("public", Reach.PUBLIC)),
        ("64:ff9b::127.0.0.1", AddressKind("NAT64 loopback", Reach.NEVER)),
        ("::ffff:10.0.0.1", AddressKind("IPv4-mapped private", Reach.NEVER)),
        ("2606:4700::200:5efe:10.0.0.1", AddressKind("ISATAP private", Reach.NEVER)),
    ],
)
def test_carried(text, kind):
    """An IPv4 address inside another one is judged itself."""
    assert kind_of(ip_address(text)) == kind
