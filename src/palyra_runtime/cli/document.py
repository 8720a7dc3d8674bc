"""JSON for programs: one document, or one object a line, with the field names of our own rows."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from palyra_runtime.cli.safe_text import safe_json


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


def document(value: object) -> str:
    """Return ``value`` as one indented JSON document, fit for a terminal too."""
    return safe_json(json.dumps(plain(value), ensure_ascii=False, indent=2))


def line(value: object) -> str:
    """Return ``value`` as JSON on one line, fit for a terminal too."""
    return safe_json(json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")))


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
