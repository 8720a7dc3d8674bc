"""Where an answer sends its reader, and what goes along (RFC 9110 section 15.4)."""

from __future__ import annotations

from palyra_runtime.capabilities.egress.errors import InvalidUrl
from palyra_runtime.capabilities.egress.exchange import Response
from palyra_runtime.capabilities.egress.request import Request
from palyra_runtime.capabilities.egress.url import Url
from palyra_runtime.capabilities.refusal import Refused

REDIRECTS_MAX = 3

#: answers that repeat the request as it was
_KEEPING = frozenset({307, 308})
#: answers to a write after which only its result is asked for
_ASKING = frozenset({301, 302, 303})


def next_request(request: Request, response: Response) -> Request | None:
    """Return the request that the answer asks for, or None where it is the last one.

    To another origin go no secrets and no credentials.

    Raises:
        Refused: ``redirect``: the target is no URL that this host follows, or leaves encryption.
    """
    if response.status not in _KEEPING | _ASKING or not (places := response.values("location")):
        return None
    url = _target(request.url, places)
    if (request.url.origin.scheme, url.origin.scheme) == ("https", "http"):
        raise Refused("redirect", "The server redirects from https to http.")
    follower = request if response.status in _KEEPING else request.as_get()
    if url.origin != request.url.origin:
        follower = follower.without_credentials()
    return follower.to(url)


def _target(base: Url, places: list[bytes]) -> Url:
    if len(set(places)) > 1:
        raise Refused("redirect", "The server redirects to more than one place.")
    try:
        return base.join(places[0].decode("ascii"))
    except (InvalidUrl, UnicodeDecodeError) as error:
        raise Refused("redirect", "The server redirects to a URL that this host does not follow.") from error
