"""The HTTP client: every hop of a request is permitted, looked up, checked and pinned anew."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from palyra_runtime.capabilities.egress.address import IPAddress
from palyra_runtime.capabilities.egress.connection import Connect, connect, open_wire
from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.egress.exchange import Response, exchange
from palyra_runtime.capabilities.egress.redirect import REDIRECTS_MAX, next_request
from palyra_runtime.capabilities.egress.request import Request
from palyra_runtime.capabilities.egress.resolver import Resolver
from palyra_runtime.capabilities.egress.rules import Destination
from palyra_runtime.capabilities.egress.url import Origin, Url
from palyra_runtime.capabilities.refusal import Refused

#: a name with more addresses than this is not looked at: big services announce a dozen
_ADDRESSES_MAX = 64
#: addresses of one name that are tried
_ATTEMPTS_MAX = 4

#: gives the destination behind an origin, or None where it is not permitted
Permit: TypeAlias = Callable[[Origin], Destination | None]


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests, from any number of threads. Knows no proxy, no cookie jar and no netrc."""

    resolver: Resolver
    context: ssl.SSLContext
    dial: Connect = connect

    def send(
        self, request: Request, permit: Permit, deadline: Deadline, size_max: int
    ) -> tuple[Url, Response]:
        """Return the last answer and the URL that gave it, after at most three redirects.

        Raises:
            Refused: with one of the codes that docs/capabilities-http.md lists.
        """
        # Whoever is refused after a redirect must know that the first server has seen the request.
        refusal = "denied"
        for _ in range(REDIRECTS_MAX + 1):
            destination = _permitted(request.url, permit, refusal)
            addresses = self._addresses(request.url, destination, deadline, refusal)
            with open_wire(
                destination.origin, addresses, deadline, dial=self.dial, context=self.context
            ) as wire:
                response = exchange(wire, request, size_max)
            following = next_request(request, response)
            if following is None:
                return request.url, response
            request, refusal = following, "redirect"
        raise Refused("redirect", f"The server redirects more than {REDIRECTS_MAX} times.")

    def _addresses(
        self, url: Url, destination: Destination, deadline: Deadline, refusal: str
    ) -> Sequence[IPAddress]:
        """Return the addresses to try.

        All are checked, and one bad one spoils them: who mixes public and local ones is rebinding.
        """
        host = url.origin.host
        found = (url.address,) if url.address else self.resolver.resolve(host, deadline)
        if not 0 < len(found) <= _ADDRESSES_MAX:
            raise Refused("dns", f"{host} has no address, or more than {_ADDRESSES_MAX}.")
        for address in found:
            if objection := destination.objection(address):
                raise Refused(refusal, f"{host} leads to {objection}.")
        return found[:_ATTEMPTS_MAX]


def _permitted(url: Url, permit: Permit, refusal: str) -> Destination:
    destination = permit(url.origin)
    if destination is None:
        raise Refused(refusal, f"{url.origin} is not granted.")
    return destination
