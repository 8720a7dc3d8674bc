"""The one parser for URLs: what it returns is what is checked, connected to and sent.

Only a subset of RFC 3986 is taken, of which each URL has one spelling. A guest that needs another
can spell it; a server that redirects to another is not followed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from palyra_runtime.capabilities.egress.address import IPAddress
from palyra_runtime.capabilities.egress.errors import InvalidUrl
from palyra_runtime.capabilities.egress.host import parse_host

#: characters; servers and proxies refuse longer request lines
URL_LENGTH_MAX = 8_192

DEFAULT_PORTS = {"https": 443, "http": 80}
_PORT_MAX = 65_535

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)
_PATH_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})"
_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    rf"(?P<path>(?:/{_PATH_CHARACTER}*)?)"
    rf"(?P<query>(?:\?(?:{_PATH_CHARACTER}|\?)*)?)",
    re.ASCII,
)

#: what people get wrong, in the order in which it is said to them
_COMPLAINTS = (
    (re.compile(r"[^\x21-\x7e]"), "it has a space, a control character or one that is not ASCII"),
    (re.compile(r"\\"), "it has a backslash"),
    (re.compile(r"#"), "it has a fragment"),
    (re.compile(r"\A(?!https?://)"), "it does not begin with https:// or http:// in lower case"),
    (re.compile(r"\A[a-z]+://[^/?]*@"), "it has a user name"),
    (re.compile(r"\A[a-z]+://[^/?]*%"), "it has a percent sign in the host"),
    (re.compile(r"\A[a-z]+://[^/?]*[A-Z]"), "its host is not in lower case"),
    (re.compile(r"\A[a-z]+://(?:\[[^/?\]]*\]|[^/?:]*):"), "its port is not a number from 1 to 65535"),
)


class Origin(NamedTuple):
    """Scheme, host and port: who is spoken to (RFC 6454). An IPv6 host is in brackets."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and port as a Host header has them, without the default port."""
        return self.host if self.port == DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"


class Url(NamedTuple):
    """A URL that was parsed. ``address`` is there where the host is one; ``target`` starts with /."""

    origin: Origin
    address: IPAddress | None
    target: str

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    def join(self, reference: str) -> Url:
        """Return the URL that a Location header of this one's answer means (RFC 3986 section 5.2).

        A fragment is cut off: it is for the reader of a page, and is never sent.

        Raises:
            InvalidUrl: that is not a URL that this host follows.
        """
        reference = reference.partition("#")[0]
        if _SCHEME.match(reference):
            return parse_url(reference)
        if reference.startswith("//"):
            return parse_url(f"{self.origin.scheme}:{reference}")
        return parse_url(f"{self.origin}{_merged(self.target, reference)}")


def parse_url(text: str) -> Url:
    """Return the parts of a URL.

    Raises:
        InvalidUrl: it is not a URL in its one spelling.
    """
    if len(text) > URL_LENGTH_MAX:
        raise InvalidUrl(f"A URL has at most {URL_LENGTH_MAX} characters.")
    match = _URL.fullmatch(text)
    if match is None:
        raise InvalidUrl(f"The URL is refused: {_complaint(text)}.")
    address = parse_host(match["host"])
    origin = Origin(match["scheme"], match["host"], _port(match["scheme"], match["port"]))
    return Url(origin, address, f"{match['path'] or '/'}{match['query']}")


def _complaint(text: str) -> str:
    found = (complaint for pattern, complaint in _COMPLAINTS if pattern.search(text))
    return next(found, "it has a character that must be percent-encoded, or no host")


def _port(scheme: str, text: str | None) -> int:
    default = DEFAULT_PORTS[scheme]
    if text is None:
        return default
    port = int(text)
    if port > _PORT_MAX:
        raise InvalidUrl("The URL is refused: its port is not a number from 1 to 65535.")
    if port == default:
        raise InvalidUrl(f"The URL is refused: {default} is the port of {scheme} anyway, so leave it out.")
    return port


def _merged(base: str, reference: str) -> str:
    base_path = base.partition("?")[0]
    if not reference:
        return base
    if reference.startswith("?"):
        return base_path + reference
    path, mark, query = reference.partition("?")
    whole = path if path.startswith("/") else base_path.rpartition("/")[0] + "/" + path
    return _without_dots(whole) + mark + query


def _without_dots(path: str) -> str:
    """Return an absolute path without ``.`` and ``..`` (RFC 3986 section 5.2.4)."""
    kept: list[str] = []
    *parents, last = path.removeprefix("/").split("/")
    for segment in parents:
        _step(kept, segment)
    if last in {".", ".."}:
        _step(kept, last)
        last = ""
    return "/" + "/".join([*kept, last])


def _step(kept: list[str], segment: str) -> None:
    if segment == "..":
        del kept[-1:]
    elif segment != ".":
        kept.append(segment)
