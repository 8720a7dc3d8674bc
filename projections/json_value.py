"""What databases have in their tables, as JSON has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

_KNOWN = (bool, int, bytes, datetime, UUID, type(None))
#: whole numbers that databases count to; larger ones are told in words, as readers would round them
_COUNTED = 2**63


def json_value(value: object) -> Any:
    """Return a value of a column as JSON has it, or nearly; what it has no form for is told in words.

    Numbers without an end are words too, and half a surrogate pair is a question mark.
    """
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, Decimal | float):
        return _number(value)
    if isinstance(value, _KNOWN):
        return value
    if isinstance(value, Mapping):
        return {str(json_value(key)): json_value(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(member) for member in value]
    return str(value)


def _number(value: Decimal | float) -> int | float | str:
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if not value.is_finite() or abs(value) >= _COUNTED:
        return str(value)
    return int(value) if value == value.to_integral_value() else float(value)
