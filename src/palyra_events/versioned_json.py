"""JSON files that say their version, and are brought up to date when they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from palyra_events.errors import InvalidInput
from palyra_events.strict_json import parse_json

#: bytes
SIZE_MAX = 67_108_864
_U32_MAX = 2**32 - 1

#: from one version of a document to the next, for each version that is not the newest
Migrations = Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]


class NotAnObject(InvalidInput):
    """The top level of the document is not an object."""

    code = "NOT_AN_OBJECT"
    advice = "The file must hold one JSON object."


class InvalidSchemaVersion(InvalidInput):
    """The document's version is not a number of 32 bits."""

    code = "INVALID_SCHEMA_VERSION"
    advice = "schema_version must be 0 or a positive integer."


class UnsupportedSchemaVersion(InvalidInput):
    """The document's version is newer than this program, or there is no way from it."""

    code = "UNSUPPORTED_SCHEMA_VERSION"
    advice = "The file was written by a newer version. Nothing was changed; upgrade first."


def parse_versioned(
    document: bytes | str, *, name: str, current_version: int, migrations: Migrations
) -> dict[str, Any]:
    """Return the object in ``document``, migrated step by step to ``current_version``.

    A missing ``schema_version`` means 0. ``name`` is what messages call the document.

    Raises:
        InvalidJson: it is not JSON, or says a key twice.
        NotAnObject: it is something else than an object.
        InvalidSchemaVersion: its version is not an unsigned number of 32 bits.
        UnsupportedSchemaVersion: its version is newer, or has no migration.
    """
    value = parse_json(document, size_max=SIZE_MAX)
    if not isinstance(value, dict):
        raise NotAnObject(f"The {name} is not a JSON object.")
    version = _version(value, name)
    if version > current_version:
        raise UnsupportedSchemaVersion(
            f"The {name} has version {version}; this program knows {current_version}.", version=version
        )
    for step in range(version, current_version):
        if step not in migrations:
            raise UnsupportedSchemaVersion(
                f"The {name} has version {step}, which has no way up.", version=step
            )
        value = {**migrations[step](value), "schema_version": step + 1}
    return value


def add_update_time(value: dict[str, Any]) -> dict[str, Any]:
    """Migrate any index from version 0 to 1: it gets the time of its last change, 0 for unknown."""
    return {"updated_at_unix_ms": 0, **value}


def _version(value: dict[str, Any], name: str) -> int:
    version = value.get("schema_version", 0)
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version <= _U32_MAX:
        raise InvalidSchemaVersion(f"schema_version of the {name} is not an unsigned 32-bit number.")
    return version
