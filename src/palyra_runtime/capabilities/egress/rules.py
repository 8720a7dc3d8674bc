"""Where a grant leads: which origins, and which addresses behind their names.

A granted host ``api.example.com`` is ``https://api.example.com:443`` and nothing else, at public
addresses only. The operator's policy ``http_origins`` adds other schemes and ports to granted hosts,
and is the only way to a local address:

    http://legacy.example.com             public addresses, as ever
    http://127.0.0.1:8080                 that address
    https://wiki.internal 10.1.0.0/16     only addresses in these networks

An origin is no grant: a plugin needs both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network

from palyra_runtime.capabilities.egress.address import IPAddress, IPNetwork, Reach, kind_of
from palyra_runtime.capabilities.egress.errors import InvalidOrigin, InvalidUrl
from palyra_runtime.capabilities.egress.url import DEFAULT_PORTS, Origin, parse_url


@dataclass(frozen=True, slots=True)
class Destination:
    """An origin that may be spoken to. With ``networks``, its addresses are in those; else public."""

    origin: Origin
    networks: tuple[IPNetwork, ...] = ()

    def objection(self, address: IPAddress) -> str | None:
        """Return what speaks against connecting to ``address``, as a phrase, or None."""
        kind = kind_of(address)
        if kind.reach is Reach.NEVER or (kind.reach is Reach.LOCAL and not self.networks):
            return f"a {kind.name} address"
        if self.networks and not any(address in network for network in self.networks):
            return "an address outside the networks that the operator named"
        return None


class EgressRules:
    """The operator's origins, ready to be asked."""

    def __init__(self, http_origins: Iterable[str] = ()) -> None:
        """Parse the policy's ``http_origins``.

        Raises:
            InvalidOrigin: one of them is not an origin, or is there twice.
        """
        self._named: Mapping[Origin, Destination] = _by_origin(http_origins)

    def destination(self, origin: Origin, granted_hosts: Iterable[str]) -> Destination | None:
        """Return the destination behind ``origin`` where one of the granted hosts allows it.

        A grant with a wildcard is no host, so it allows nothing.
        """
        if origin.host.strip("[]") not in {_host(grant) for grant in granted_hosts}:
            return None
        if origin in self._named:
            return self._named[origin]
        return Destination(origin) if origin == default_origin(origin.host) else None


def default_origin(host: str) -> Origin:
    """Return the one origin that the bare name of a host stands for."""
    return Origin("https", host, DEFAULT_PORTS["https"])


def parse_origin(text: str) -> Origin:
    """Return the origin that a text such as ``http://127.0.0.1:8080`` names.

    Raises:
        InvalidOrigin: it is none, or has a path or query.
    """
    return _parsed(text).origin


def _host(grant: str) -> str:
    """Return a granted host as URLs spell it. Only ASCII is lowered: other letters lower to ASCII ones."""
    return grant.rstrip(".").lower().strip("[]") if grant.isascii() else grant


def _by_origin(texts: Iterable[str]) -> dict[Origin, Destination]:
    found: dict[Origin, Destination] = {}
    for text in texts:
        destination = _parsed(text)
        if destination.origin in found:
            raise InvalidOrigin(f"The origin {destination.origin} is there twice.", origin=text)
        found[destination.origin] = destination
    return found


def _parsed(text: str) -> Destination:
    spelled, *networks = text.split() or [""]
    try:
        url = parse_url(spelled)
        named = tuple(ip_network(network) for network in networks)
    except (InvalidUrl, ValueError) as error:
        raise InvalidOrigin(f"{text[:200]!r} is not an origin: {error}", origin=text) from error
    if str(url.origin) != spelled:
        raise InvalidOrigin(f"{text[:200]!r} is not an origin: it has a path or query.", origin=text)
    if url.address is None:
        return Destination(url.origin, named)
    if named:
        raise InvalidOrigin(f"{text[:200]!r} names an address already, so it takes no networks.", origin=text)
    return Destination(url.origin, (ip_network(url.address),))
