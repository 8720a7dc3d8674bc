"""Which addresses are the public internet, and which are somebody's own network.

The table is ours and frozen, because the standard library's answer differs between its versions and
takes NAT64, site-local and multicast addresses for public ones. Sources: the IANA IPv4 and IPv6
Special-Purpose Address Registries (RFC 6890 and its updates), RFC 6052 (NAT64), RFC 4291 (IPv6),
RFC 5214 (ISATAP), and the metadata services that cloud providers document.
"""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import NamedTuple, TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address
IPNetwork: TypeAlias = IPv4Network | IPv6Network


class Reach(StrEnum):
    """Who may send a plugin to an address."""

    #: any granted name may lead there
    PUBLIC = "public"
    #: only an origin of the operator that names the address or its network
    LOCAL = "local"
    #: nobody: no server lives there, or what lives there hands out the machine's own credentials
    NEVER = "never"


class AddressKind(NamedTuple):
    """What an address is for; ``name`` is a noun phrase for messages, such as ``loopback``."""

    name: str
    reach: Reach


class _Block(NamedTuple):
    network: IPNetwork
    kind: AddressKind


def _blocks(rows: tuple[tuple[str, str, Reach], ...]) -> tuple[_Block, ...]:
    return tuple(_Block(ip_network(text), AddressKind(name, reach)) for text, name, reach in rows)


#: the first block that holds an address decides; an address in none of them is public
_IPV4 = _blocks(
    (
        # What a machine in a cloud asks for its own credentials. Azure's has a public address.
        ("169.254.169.254/32", "cloud metadata", Reach.NEVER),
        ("169.254.170.2/32", "cloud metadata", Reach.NEVER),
        ("169.254.170.23/32", "cloud metadata", Reach.NEVER),
        ("100.100.100.200/32", "cloud metadata", Reach.NEVER),
        ("168.63.129.16/32", "cloud metadata", Reach.NEVER),
        ("0.0.0.0/8", "unspecified", Reach.NEVER),
        ("10.0.0.0/8", "private", Reach.LOCAL),
        ("100.64.0.0/10", "shared", Reach.LOCAL),
        ("127.0.0.0/8", "loopback", Reach.LOCAL),
        ("169.254.0.0/16", "link-local", Reach.LOCAL),
        ("172.16.0.0/12", "private", Reach.LOCAL),
        ("192.0.0.0/24", "protocol", Reach.NEVER),
        ("192.0.2.0/24", "documentation", Reach.NEVER),
        ("192.31.196.0/24", "anycast sink", Reach.NEVER),
        ("192.52.193.0/24", "anycast relay", Reach.NEVER),
        ("192.88.99.0/24", "6to4 relay", Reach.NEVER),
        ("192.168.0.0/16", "private", Reach.LOCAL),
        ("192.175.48.0/24", "anycast sink", Reach.NEVER),
        ("198.18.0.0/15", "benchmark", Reach.LOCAL),
        ("198.51.100.0/24", "documentation", Reach.NEVER),
        ("203.0.113.0/24", "documentation", Reach.NEVER),
        ("224.0.0.0/4", "multicast", Reach.NEVER),
        ("255.255.255.255/32", "broadcast", Reach.NEVER),
        ("240.0.0.0/4", "reserved", Reach.NEVER),
    )
)

#: the first block that holds an address decides; the last one holds all of them
_IPV6 = _blocks(
    (
        ("::/128", "unspecified", Reach.NEVER),
        ("::1/128", "loopback", Reach.LOCAL),
        ("::/96", "IPv4-compatible", Reach.NEVER),
        ("::ffff:0:0:0/96", "IPv4-translated", Reach.NEVER),
        ("64:ff9b:1::/48", "local NAT64", Reach.NEVER),
        ("100::/64", "discard", Reach.NEVER),
        ("2001::/32", "Teredo", Reach.NEVER),
        ("2001::/23", "protocol", Reach.NEVER),
        ("2001:db8::/32", "documentation", Reach.NEVER),
        ("2002::/16", "6to4", Reach.NEVER),
        ("2620:4f:8000::/48", "anycast sink", Reach.NEVER),
        ("3fff::/20", "documentation", Reach.NEVER),
        ("5f00::/16", "segment routing", Reach.NEVER),
        ("fd00:ec2::/32", "cloud metadata", Reach.NEVER),
        ("fd20:ce::254/128", "cloud metadata", Reach.NEVER),
        ("fc00::/7", "private", Reach.LOCAL),
        # A link-local address means nothing without a zone, and a zone cannot be said in a URL.
        ("fe80::/10", "link-local", Reach.NEVER),
        ("fec0::/10", "site-local", Reach.NEVER),
        ("ff00::/8", "multicast", Reach.NEVER),
        ("2000::/3", "public", Reach.PUBLIC),
        ("::/0", "unassigned", Reach.NEVER),
    )
)

_PUBLIC = AddressKind("public", Reach.PUBLIC)

#: prefixes whose last 32 bits are the IPv4 address that the packets go to
_CARRIERS = (
    ("IPv4-mapped", IPv6Network("::ffff:0:0/96")),
    ("NAT64", IPv6Network("64:ff9b::/96")),
)

#: bits 64 to 95 of an address whose last 32 bits are an IPv4 address by ISATAP (RFC 5214 section 6.1)
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})
_32_BITS = 0xFFFF_FFFF


def kind_of(address: IPAddress) -> AddressKind:
    """Return what ``address`` is for.

    An IPv4 address inside an IPv6 one is judged itself: it is where the packets go. Inside, only a
    public one is let through, so that there is one way to name a local address.
    """
    if isinstance(address, IPv4Address):
        return _first(_IPV4, address) or _PUBLIC
    for name, network in _CARRIERS:
        if address in network:
            return _carried(name, address)
    kind = _first(_IPV6, address)
    assert kind is not None, "the last block holds all addresses"
    is_isatap = (int(address) >> 32) & _32_BITS in _ISATAP
    return _carried("ISATAP", address) if kind.reach is Reach.PUBLIC and is_isatap else kind


def _first(blocks: tuple[_Block, ...], address: IPAddress) -> AddressKind | None:
    return next((block.kind for block in blocks if address in block.network), None)


def _carried(carrier: str, address: IPv6Address) -> AddressKind:
    inner = kind_of(IPv4Address(int(address) & _32_BITS))
    if inner.reach is Reach.PUBLIC:
        return inner
    return AddressKind(f"{carrier} {inner.name}", Reach.NEVER)
