"""Our ids as identifiers of Unicode (UAX 31), which is what A2UI asks for from version 1.0 on."""

from __future__ import annotations

import re

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]")
_MANGLED = re.compile(r"_x([0-9a-f]{2})_")


def mangled(name: str) -> str:
    """Return an id of a document with all but letters and digits as ``_xHH_``; no two ids become one."""
    return _NOT_PLAIN.sub(lambda found: f"_x{ord(found[0]):02x}_", name)


def unmangled(name: str) -> str:
    """Return the name that was mangled."""
    return _MANGLED.sub(lambda found: chr(int(found[1], 16)), name)
