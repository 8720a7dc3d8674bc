"""Places in a JSON value (RFC 6901)."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"~(.?)", re.DOTALL)
_ESCAPED = {"0": "~", "1": "/"}


def parse_pointer(text: str) -> tuple[str, ...] | None:
    """Return the tokens of a pointer, none for the root, or None where ``text`` is no pointer."""
    if not text:
        return ()
    if not text.startswith("/") or any(escape not in _ESCAPED for escape in _ESCAPE.findall(text)):
        return None
    return tuple(_ESCAPE.sub(lambda found: _ESCAPED[found[1]], token) for token in text[1:].split("/"))


def format_pointer(*tokens: str) -> str:
    """Return the pointer with these tokens."""
    return "".join(f"/{token.replace('~', '~0').replace('/', '~1')}" for token in tokens)
