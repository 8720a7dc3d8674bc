"""Single values from strangers, made fit for a document: texts, ids, cells, numbers.

Each function gives the same for its own result again, so a document that was normalised once stays as
it is. Blanks and lengths are those of JavaScript (ECMA-262 sections 12.2 and 6.1.4), because the console
must come to the same text.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from math import inf, isfinite
from typing import TypeGuard

#: White_Space and line ends of JavaScript; Python's own set differs
_BLANKS = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9:_-]")
_DASHES = re.compile(r"-{2,}")
_EXPONENT_PADDING = re.compile(r"(?<=e[+-])0+")
#: from here on JavaScript writes a number with an exponent
_EXPONENT_FROM = 1e21
#: and below here
_EXPONENT_BELOW = 1e-6
_NOT_FINITE = {inf: "Infinity", -inf: "-Infinity"}


def text_length(text: str) -> int:
    """Return the number of UTF-16 units of ``text``."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_text(value: object) -> TypeGuard[str]:
    """Return whether ``value`` is a text that has a form in UTF-8."""
    return isinstance(value, str) and not _HALF_PAIR.search(value)


def trim(text: str) -> str:
    """Return ``text`` without the blanks around it."""
    return text.strip(_BLANKS)


def clamp(text: str, length_max: int) -> str:
    """Return ``text``, cut to ``length_max`` units where it is longer, the last one an ellipsis.

    A pair of units that makes one character is never cut in half, and halves that were alone before
    are replaced: they have no UTF-8.
    """
    whole = _HALF_PAIR.sub("\ufffd", text)
    if text_length(whole) <= length_max:
        return whole
    units = whole.encode("utf-16-le")[: 2 * (length_max - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def string(value: object, fallback: str, length_max: int) -> str:
    """Return a text trimmed and cut, or ``fallback`` for anything that is no text."""
    return clamp(trim(value), length_max) if isinstance(value, str) else fallback


def identifier(
    value: object, fallback: str, length_max: int, *, forbidden: re.Pattern[str] = _NOT_IN_ID
) -> str:
    """Return an id: runs of other characters than ``A-Z a-z 0-9 : _ -`` become one hyphen.

    One that is too long ends in a hyphen; a blank one, and anything that is no text, is ``fallback``.
    """
    name = _DASHES.sub("-", forbidden.sub("-", string(value, fallback, length_max)))
    return name or clamp(fallback, length_max)


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether ``value`` is a number that a double can hold; ``true`` is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(_double(value))


def plain_number(value: float) -> int | float:
    """Return a number as JavaScript would write it: 1.0 as 1, one of 22 digits and more as a double."""
    if abs(value) >= _EXPONENT_FROM:
        return _double(value)
    return int(value) if value == int(value) else value


def _double(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def number(value: object, fallback: float, low: float, high: float) -> int | float:
    """Return a number moved into ``low`` to ``high``, or ``fallback`` for anything that is none."""
    return plain_number(min(max(value, low), high) if is_number(value) else fallback)


def number_text(value: float) -> str:
    """Return a number as JavaScript writes it (ECMA-262 section 6.1.6.1.20).

    But a whole one keeps all its digits up to 21, also where a double has fewer.
    """
    if isinstance(value, int) and abs(value) < _EXPONENT_FROM:
        return str(value)
    double = _double(value)
    if not isfinite(double):
        return _NOT_FINITE.get(double, "NaN")
    if _EXPONENT_BELOW <= abs(double) < _EXPONENT_FROM:
        return f"{Decimal(repr(double)):f}".removesuffix(".0")
    return _EXPONENT_PADDING.sub("", repr(double)) if double else "0"


def cell(value: object, length_max: int) -> str:
    """Return what a cell of a table or an item of a list shows of any JSON value, cut but not trimmed."""
    return clamp(value if isinstance(value, str) else compact_json(value), length_max)


def compact_json(value: object) -> str:
    """Return a JSON value on one line without blanks, as JavaScript writes it."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{compact_json(key)}:{compact_json(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(map(compact_json, value))}]"
    if isinstance(value, float):
        return number_text(value)
    return json.dumps(value, ensure_ascii=False)
