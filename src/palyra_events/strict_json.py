"""JSON as untrusted input: one reading of each document, or none.

Two programs that read the same bytes differently can be made to disagree about what was signed or
answered. So what the standard leaves open (RFC 8259 sections 4, 6, 8.2 and 9) is refused: duplicate
keys, halves of surrogate pairs, ``NaN`` and the infinities, numbers that no reader keeps, and
nesting deeper than other people's readers follow.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, NoReturn

from palyra_events.errors import InvalidInput

#: levels of nesting; deeper documents break other people's readers
DEPTH_MAX = 64

#: digits of a whole number; a double holds 309, and Python's own bound is a setting of the process
_DIGITS_MAX = 400


class InvalidJson(InvalidInput):
    """The document is not JSON, or it can be read in more than one way."""

    code = "INVALID_JSON"
    advice = "Give one UTF-8 JSON document without duplicate keys."


def parse_json(document: bytes | str, *, size_max: int) -> Any:
    """Return the value of a JSON document of at most ``size_max`` bytes (or characters).

    Raises:
        InvalidJson: it is too large, not Unicode, not JSON, nested too deeply, or says a key twice.
    """
    if len(document) > size_max:
        raise InvalidJson(f"The document is larger than {size_max} bytes.", size_max=size_max)
    try:
        text = document.decode() if isinstance(document, bytes) else document
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_finite,
            parse_int=_bounded,
            parse_constant=_refuse_constant,
        )
        if not text.isascii() or "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # raises where half a surrogate pair is left
    except RecursionError as error:
        raise _too_deep() from error
    except UnicodeError as error:
        raise InvalidJson("The document is not valid Unicode text.") from error
    except ValueError as error:
        raise InvalidJson(f"The document is not valid JSON: {str(error)[:200]}.") from error
    _check_depth(value)
    return value


def parse_object(document: bytes | str, *, size_max: int) -> dict[str, Any]:
    """Return the one JSON object that a document is.

    Raises:
        InvalidJson: it is no such document, or another value than an object.
    """
    value = parse_json(document, size_max=size_max)
    if not isinstance(value, dict):
        raise InvalidJson("The document is not a JSON object.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key, item in pairs:
        if key in value:
            raise InvalidJson(f"The key {key[:100]!r} occurs twice in one object.", key=key)
        value[key] = item
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise InvalidJson(f"{digits[:40]} is too large for a number.")
    return number


def _bounded(digits: str) -> int:
    if len(digits) > _DIGITS_MAX:
        raise InvalidJson(f"{digits[:40]}… has more than {_DIGITS_MAX} digits.")
    return int(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJson(f"{name} is not a JSON number.")


def _check_depth(root: Any) -> None:
    """Look level by level, without recursion: the depth is the stranger's choice."""
    level = [root]
    for _ in range(DEPTH_MAX):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise _too_deep()


def _children(value: Any) -> list[Any]:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [member for member in members if isinstance(member, (dict, list))]


def _too_deep() -> InvalidJson:
    return InvalidJson(f"The document is nested deeper than {DEPTH_MAX} levels.", depth_max=DEPTH_MAX)
