"""A request on its way out, and what a guest may say in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress.url import Url
from palyra_runtime.capabilities.refusal import Refused

#: methods that change nothing (RFC 9110 section 9.2.1); the others carry an idempotency key
SAFE_METHODS = frozenset({"GET", "HEAD"})
METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}

IDEMPOTENCY_HEADER = "Idempotency-Key"

_HEADERS_MAX = 64
#: bytes of all names and values together; most servers take no more than 8 to 16 KiB
_HEADER_BYTES_MAX = 16 * 1024

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}", re.ASCII)
#: visible ASCII with spaces and tabs between: RFC 9110 section 5.5 without its obsolete rest
_VALUE = re.compile(r"(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?", re.ASCII)

#: headers that the host writes, or that would change where a message ends or who it is for. An
#: underscore counts as a hyphen here: many servers read it as one.
_HOST_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "http2-settings",
        "idempotency-key",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)

#: headers that are for one origin only, also where a guest wrote them itself
_CREDENTIALS = frozenset({"authorization", "cookie"})
_OF_A_BODY = "content-"

HeaderValue = str | Concealed


@dataclass(frozen=True, slots=True)
class Request:
    """One request; a header value that is concealed has a secret in it."""

    method: str
    url: Url
    headers: tuple[tuple[str, HeaderValue], ...] = ()
    body: bytes = b""

    def without_credentials(self) -> Request:
        """Return the request as another origin may see it."""
        kept = tuple(
            (name, value)
            for name, value in self.headers
            if not isinstance(value, Concealed) and name.lower() not in _CREDENTIALS
        )
        return Request(self.method, self.url, kept, self.body)

    def as_get(self) -> Request:
        """Return the request that only asks for what this one's answer points to."""
        method = self.method if self.method in SAFE_METHODS else "GET"
        dropped = IDEMPOTENCY_HEADER.lower()
        kept = tuple(
            (name, value)
            for name, value in self.headers
            if name.lower() != dropped and not name.lower().startswith(_OF_A_BODY)
        )
        return Request(method, self.url, kept)

    def to(self, url: Url) -> Request:
        """Return the same request to another URL."""
        return Request(self.method, url, self.headers, self.body)


def check_headers(headers: Mapping[str, str | None]) -> None:
    """Check the headers that a guest wrote; a value of None will be filled in by the host.

    Raises:
        Refused: ``bad_request``: too many or too large, a name that is the host's or is there twice,
            a value that could end its line.
    """
    names = [name.lower() for name in headers]
    if len(names) > _HEADERS_MAX or len(set(names)) < len(names):
        raise Refused("bad_request", f"Headers have different names, and there are at most {_HEADERS_MAX}.")
    if sum(len(name) + len(value or "") for name, value in headers.items()) > _HEADER_BYTES_MAX:
        raise Refused("bad_request", f"Headers have at most {_HEADER_BYTES_MAX} bytes together.")
    _check_names(headers)
    if not all(is_header_value(value or "") for value in headers.values()):
        raise Refused("bad_request", "A header's value is visible ASCII, with spaces only between.")


def is_header_value(text: str) -> bool:
    """Return whether ``text`` can stand after a header's name."""
    return _VALUE.fullmatch(text) is not None


def is_secret_value(secret: Concealed) -> bool:
    """Return whether a secret can stand in a header as it is; a value with a line feed cannot."""
    return len(secret.value) <= _HEADER_BYTES_MAX and is_header_value(secret.value.decode("latin-1"))


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise Refused("bad_request", "A header's name is not a token of RFC 9110.")
        if name.lower().replace("_", "-") in _HOST_HEADERS:
            raise Refused("bad_request", f"The header {name} is written by the host.")
