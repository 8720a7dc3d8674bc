"""Our rows as JSON knows them, with the field names that they have."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID


def plain(value: object) -> Any:
    """Return ``value`` as JSON knows it: rows become objects, times ISO 8601 in UTC, bytes hexadecimal."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | UUID | os.PathLike):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.hex()
    return _composite(value)


def _composite(value: object) -> Any:
    # A pydantic model is asked and not looked at: importing pydantic takes longer than most commands.
    if (dump := getattr(value, "model_dump", None)) is not None:
        return dump(mode="json")
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(member) for key, member in value.items()}
    if isinstance(value, Iterable):
        return [plain(member) for member in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")
