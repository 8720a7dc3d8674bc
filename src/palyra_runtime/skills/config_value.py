"""Values of a configuration, and whether they are of the type that a manifest names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from palyra_events.strict_json import InvalidJson, parse_json
from palyra_runtime.skills.json_value import json_problem
from palyra_runtime.skills.manifest import PropertyType

#: bytes of all values of a configuration as JSON
VALUES_BYTES_MAX = 128 * 1024

#: what a signed or an unsigned number of 64 bits holds
_INTEGERS = range(-(2**63), 2**64)


def fits_type(wanted: PropertyType, value: object) -> bool:
    """Return whether a JSON value is of a property's type; ``true`` is no number, ``null`` is nothing."""
    return _FITS[wanted](value)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in _INTEGERS


def _is_number(value: object) -> bool:
    return _is_integer(value) or (isinstance(value, float) and json_problem(value) is None)


def _is_string_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_FITS: Mapping[PropertyType, Callable[[object], bool]] = MappingProxyType(
    {
        PropertyType.STRING: lambda value: isinstance(value, str),
        PropertyType.INTEGER: _is_integer,
        PropertyType.NUMBER: _is_number,
        PropertyType.BOOLEAN: lambda value: isinstance(value, bool),
        PropertyType.STRING_LIST: _is_string_list,
    }
)


def typed_value(wanted: PropertyType, text: str) -> Any:
    """Return what somebody typed as a value of a type: JSON, or for a string the text itself.

    What cannot be read stays the text that it is, and is not of the type then.
    """
    if wanted is PropertyType.STRING:
        return text
    try:
        return parse_json(text, size_max=VALUES_BYTES_MAX)
    except InvalidJson:
        return text
