"""Where a gateway is asked, and whether a token may travel there."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from palyra_events.errors import InvalidInput, NotAllowed

#: the name that stands for this machine everywhere
_LOCALHOST = "localhost"


class InvalidGatewayUrl(InvalidInput):
    """This is no address of a gateway."""

    code = "INVALID_GATEWAY_URL"
    advice = "Give a URL such as https://gateway.example.com, or http://127.0.0.1:7420"


class PlainGatewayUrl(NotAllowed):
    """On the way to this gateway, others could read the token."""

    code = "PLAIN_GATEWAY_URL"
    advice = "Ask it by https://; --insecure is for a network that nobody else is in."


class LocalOnly(NotAllowed):
    """No gateway can be asked for this."""

    code = "LOCAL_ONLY"
    advice = "Give the command where it works, without --api and PALYRA_API."


def check_address(url: str, *, allows_plain: bool = False) -> str:
    """Return the address of a gateway without a slash at its end.

    Raises:
        InvalidGatewayUrl: it is no http or https URL, or says more than where the gateway is.
        PlainGatewayUrl: it is not encrypted, leads to another machine, and nobody allows that.
    """
    parts = _parts(url.strip())
    if parts.scheme == "http" and not (allows_plain or _is_loopback(parts.hostname or "")):
        raise PlainGatewayUrl(
            f"{parts.netloc} is not this machine, and nothing is encrypted.", host=parts.netloc
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise InvalidGatewayUrl from error
    # What it says besides is not told, as it may be a password.
    if not is_whole or "@" in parts.netloc or parts.query or parts.fragment or not url.isprintable():
        raise InvalidGatewayUrl
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == _LOCALHOST
