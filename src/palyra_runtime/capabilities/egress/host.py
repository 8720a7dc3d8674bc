"""Names and addresses of servers, each with one spelling.

A second spelling of a host is how a check and a connection come to mean two different machines, so
what is not canonical is refused and never mended. Sources: RFC 1123 section 2.1 and RFC 5890
(letters, digits, hyphens), RFC 5891 (IDNA2008), the WHATWG URL standard section 3.5 ("ends in a
number"), RFC 5952 (IPv6 text).
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import idna

from palyra_runtime.capabilities.egress.address import IPAddress
from palyra_runtime.capabilities.egress.errors import InvalidUrl

#: characters of a whole name, without the root's dot (RFC 1035 section 2.3.4)
_NAME_LENGTH_MAX = 253
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
#: what resolvers take for a number: ``1``, ``0x7f``, ``017``
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_ENCODED = "xn--"

#: scripts that one language writes together
_JAPANESE_AND_CHINESE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})


def parse_host(text: str) -> IPAddress | None:
    """Check the host part of a URL and return its address, or None where it is a name.

    Raises:
        InvalidUrl: it is neither a canonical address nor a canonical name.
    """
    if text.startswith("["):
        return _ipv6(text.removeprefix("[").removesuffix("]"))
    if _NUMBER.fullmatch(text.rpartition(".")[2]):
        return _ipv4(text)
    check_name(text)
    return None


def check_name(name: str) -> None:
    """Check that ``name`` is a host name in lower-case ASCII without a trailing dot.

    Raises:
        InvalidUrl: it is none, or one of its labels is no IDNA2008 label.
    """
    if len(name) > _NAME_LENGTH_MAX:
        raise InvalidUrl(f"A host name has at most {_NAME_LENGTH_MAX} characters.")
    for label in name.split("."):
        if not _LABEL.fullmatch(label):
            raise InvalidUrl("The host is not a name of lower-case letters, digits, hyphens and dots.")
        if label[2:4] == "--":
            _check_encoded(label)


def _check_encoded(label: str) -> None:
    """Check a label with hyphens in third and fourth place: only IDNA2008's own are in use."""
    try:
        decoded = idna.ulabel(label) if label.startswith(_ENCODED) else ""
        canonical = idna.alabel(decoded).decode("ascii") if decoded else ""
    except (idna.IDNAError, UnicodeError) as error:
        raise InvalidUrl("The host has a label that is not valid under IDNA2008.") from error
    if canonical != label or decoded.isascii():
        raise InvalidUrl("The host has a label that is not valid under IDNA2008.")
    if _scripts(decoded) > 1:
        raise InvalidUrl("The host has a label that mixes scripts.")


def _scripts(label: str) -> int:
    """Return how many scripts the letters of ``label`` are from (Unicode TS 39 section 5.1).

    The first word of a letter's name is its script: the standard library has no better property.
    """
    names = {unicodedata.name(char, "UNKNOWN").split(" ")[0] for char in label if char.isalpha()}
    return len(names - _JAPANESE_AND_CHINESE) + bool(names & _JAPANESE_AND_CHINESE)


def _ipv4(text: str) -> IPv4Address:
    try:
        address = IPv4Address(text)
    except AddressValueError as error:
        raise InvalidUrl("The host is not an IPv4 address in its one spelling, such as 192.0.2.1.") from error
    return address


def _ipv6(text: str) -> IPv6Address:
    problem = InvalidUrl("The host is not an IPv6 address in its one spelling, such as [2001:db8::1].")
    try:
        address = IPv6Address(text)
    except AddressValueError as error:
        raise problem from error
    # Versions of Python differ in how they spell a mapped address; it has a better name anyway.
    if address.ipv4_mapped is not None or address.scope_id is not None or str(address) != text:
        raise problem
    return address
