"""Keeps the secrets that an invocation used out of what its guest and the log get to see.

A safety net and not the boundary: a server that was sent a secret can say it back in more ways than
anybody can list. The boundary is that secrets are only sent to the hosts that the operator named for
them. What careless servers and proxies do is caught: they echo headers as they are, inside JSON or
HTML, percent-encoded, in hexadecimal, or in base64 as a part of something longer.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any

MASKED = "[secret]"

_BASE64_CHARACTER = rb"[A-Za-z0-9+/_-]"
#: characters of base64 that have two spellings, or that others escape
_BASE64_SPELLINGS = {
    ord("+"): rb"(?:[+-]|%2[Bb])",
    ord("/"): rb"(?:\\?/|_|%2[Ff])",
}


class Mask:
    """The secrets that one invocation has used so far."""

    def __init__(self) -> None:
        self._values: set[bytes] = set()
        self._patterns: list[re.Pattern[bytes]] = []

    def add(self, value: bytes) -> None:
        """Mask ``value`` from now on, in each of its spellings."""
        if value in self._values:
            return
        self._values.add(value)
        longest_first = sorted(self._values, key=lambda each: (-len(each), each))
        self._patterns = [_pattern(each) for each in longest_first]

    def content(self, data: bytes) -> bytes:
        """Return ``data`` with each occurrence of a used secret replaced."""
        for pattern in self._patterns:
            data = pattern.sub(MASKED.encode(), data)
        return data

    def text(self, text: str) -> str:
        """Return ``text`` with each occurrence of a used secret replaced."""
        if not self._patterns:
            return text
        return self.content(text.encode()).decode("utf-8", "replace")

    def value(self, value: Any) -> Any:
        """Return a JSON value with all its texts masked, keys included."""
        if not self._patterns:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return value


def _pattern(value: bytes) -> re.Pattern[bytes]:
    return re.compile(b"|".join(_spellings(value)))


def _spellings(value: bytes) -> Iterator[bytes]:
    yield b"".join(_characters(value))
    yield b"".join(
        rb"[%c%c]" % (digit, digit - 32) if digit > ord("9") else b"%c" % digit for digit in _hex(value)
    )
    for offset in range(3):
        yield _base64(value, offset)


def _hex(value: bytes) -> bytes:
    return value.hex().encode()


def _characters(value: bytes) -> Iterable[bytes]:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return (_alternatives([re.escape(bytes([byte])), _percent(bytes([byte]))]) for byte in value)
    return (_character(char) for char in text)


def _character(char: str) -> bytes:
    """Return a pattern for a character as it is, escaped for JSON, for HTML, or for a URL."""
    raw = char.encode()
    units = char.encode("utf-16-be")
    json_escape = b"".join(rb"\\u(?i:%s)" % units[i : i + 2].hex().encode() for i in range(0, len(units), 2))
    found = [
        re.escape(raw),
        _percent(raw),
        json_escape,
        rb"&#(?:0*%d|[xX]0*(?i:%x));" % (ord(char), ord(char)),
    ]
    found += _SHORT_SPELLINGS.get(char, [])
    return _alternatives(found)


#: what JSON, HTML and forms write for one character
_SHORT_SPELLINGS: dict[str, list[bytes]] = {
    "/": [rb"\\/"],
    "\\": [rb"\\\\"],
    '"': [rb"\\\"", b"&quot;"],
    "&": [b"&amp;"],
    "<": [b"&lt;"],
    ">": [b"&gt;"],
    " ": [rb"\+"],
    "\n": [rb"\\n"],
    "\r": [rb"\\r"],
    "\t": [rb"\\t"],
}


def _percent(raw: bytes) -> bytes:
    return b"".join(b"%%(?i:%02x)" % byte for byte in raw)


def _alternatives(found: Iterable[bytes]) -> bytes:
    # The longer first: a backslash alone would take half of an escaped one.
    longest_first: list[bytes] = sorted(set(found), key=len, reverse=True)
    return b"(?:" + b"|".join(longest_first) + b")"


def _base64(value: bytes, offset: int) -> bytes:
    """Return a pattern for ``value`` where ``offset`` bytes of a group of three stand before it.

    The characters at both ends also hold bits of the neighbours, so any will do there.
    """
    encoded = base64.b64encode(bytes(offset) + value).rstrip(b"=")
    is_cut = (offset + len(value)) % 3 != 0
    stable = encoded[(0, 2, 3)[offset] : len(encoded) - is_cut]
    before = _BASE64_CHARACTER if offset else b""
    after = _BASE64_CHARACTER if is_cut else b""
    return before + b"".join(_BASE64_SPELLINGS.get(char, re.escape(bytes([char]))) for char in stable) + after
