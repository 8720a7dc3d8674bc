"""Where a request comes from: which host it names, and which page has sent it.

A page of somebody else can make a browser send requests to a gateway on this machine, with its cookies
(CSRF), and can make its own name mean this machine (DNS rebinding). What it cannot do is choose the
headers that browsers write: ``Host``, ``Origin`` and ``Sec-Fetch-Site``.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from palyra_events.errors import NotAllowed
from palyra_runtime.api.caller import Caller

#: the header in which pages of ours show that they are
CSRF_HEADER = "x-csrf-token"
_LOCALHOST = "localhost"
_OURS = "same-origin"


class UnknownHost(NotAllowed):
    """The request names a host that this gateway is not known by."""

    code = "UNKNOWN_HOST"
    advice = "Ask for it by its address, or add the name to hosts of [gateway.http] in palyra.toml."


class ForeignOrigin(NotAllowed):
    """A browser sends this for a page of somebody else."""

    code = "FOREIGN_ORIGIN"
    advice = "Open the console at the address that the gateway listens on, and do it there."


class CsrfTokenMissing(NotAllowed):
    """The page did not show that it is one of ours."""

    code = "CSRF_TOKEN_MISSING"
    advice = "Send the csrf_token of GET /api/v1/session in the header X-CSRF-Token."


def check_host(headers: Headers, names: Collection[str]) -> None:
    """Check that the request is for us. An address is no name that somebody could let mean this machine.

    Raises:
        UnknownHost: it is for somebody else, or does not say for whom.
    """
    given = headers.getlist("host")
    host = _hostname(given[0]) if len(given) == 1 else None
    if host is None or not (host == _LOCALHOST or host in names or _is_address(host)):
        raise UnknownHost(f"This gateway is not known as {(host or 'nobody')[:160]!r}.")


def check_page(headers: Headers) -> None:
    """Check that what a browser sends is sent for a page of ours; what no browser sends has none.

    Raises:
        ForeignOrigin: it is not.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and _place(origin) != headers.get("host", "").lower():
        raise ForeignOrigin(f"It was sent for a page of {origin[:160]!r}.")
    if site is not None and site != _OURS:
        raise ForeignOrigin(f"It was sent for a page of another site ({site[:40]!r}).")


def check_write(headers: Headers, caller: Caller) -> None:
    """Check a write that shows a cookie: browsers send that by themselves, whoever's the page is.

    Raises:
        ForeignOrigin: it was not sent for a page of ours, or nothing says that it was.
        CsrfTokenMissing: the page does not know what only pages of ours know.
    """
    if headers.get("origin") is None and headers.get("sec-fetch-site") is None:
        raise ForeignOrigin("Nothing says for which page it was sent.")
    check_page(headers)
    shown = headers.get(CSRF_HEADER, "").encode()
    if not hmac.compare_digest(shown, caller.csrf_token.encode()):
        raise CsrfTokenMissing


def _place(origin: str) -> str | None:
    """Return host and port of an origin, None where it is none."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in {"http", "https"} else None


def _hostname(text: str) -> str | None:
    try:
        parts = urlsplit(f"//{text}")
        _ = parts.port  # a port that is none is an error only when it is looked at
    except ValueError:
        return None
    is_bare = parts.netloc == text and parts.username is None
    return parts.hostname if is_bare else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
