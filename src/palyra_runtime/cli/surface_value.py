"""What people type for a field, as the value that the field asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from palyra_events.a2ui.form_field import AnyField

_BOOLEANS = MappingProxyType({"yes": True, "true": True, "no": False, "false": False})


def value_of(field: AnyField, text: str) -> object:
    """Return ``text`` as a value of the field's type; what is none stays a text, which the form refuses."""
    return _VALUES[field.type](text)


def _number(text: str) -> object:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _boolean(text: str) -> object:
    return _BOOLEANS.get(text.strip().lower(), text)


_VALUES: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {"text": str, "email": str, "select": str, "number": _number, "checkbox": _boolean}
)
