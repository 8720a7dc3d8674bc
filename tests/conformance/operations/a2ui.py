"""Operations on A2UI documents and patches."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from palyra_events.a2ui import (
    EnvelopeInvalid,
    Limits,
    PatchRefused,
    check_envelope,
    normalise,
    parse_patch,
    patched,
    replace_all,
    safe_url,
    to_wire,
)
from palyra_events.a2ui.scalar import cell, clamp, identifier, number
from palyra_events.errors import PalyraError
from palyra_events.strict_json import parse_json

#: bytes of the texts of cases
SIZE_MAX = 1_048_576

#: what the cases' server calls our faults, where it is not the same words
SERVER_NAMES = {"remove_with_value": "Conflict", "root_removed": "Conflict", "forbidden_name": "Conflict"}


def validate(given: dict[str, Any]) -> bool:
    try:
        check_envelope(_value(given, "document"))
    except EnvelopeInvalid as error:
        _raise_as(_camel(str(error.details["fault"])), error)
    return True


def normalize(given: dict[str, Any]) -> dict[str, Any]:
    return to_wire(normalise(given["document"], limits=_limits(given.get("limits", {}))).document)


def parse(given: dict[str, Any]) -> bool:
    _patch(given)
    return True


def apply(given: dict[str, Any]) -> Any:
    try:
        return patched(given["state"], _patch(given))
    except PatchRefused as error:
        _raise_as(_patch_kind(error, given["engine"]), error)


def _patch(given: dict[str, Any]) -> Any:
    try:
        return parse_patch(_value(given, "patch"), limits=_limits(given.get("budget", {})))
    except PatchRefused as error:
        _raise_as(_patch_kind(error, given["engine"]), error)


def _patch_kind(error: PatchRefused, engine: str) -> str:
    fault = str(error.details["fault"])
    return str(error.details["code"]) if engine == "console" else SERVER_NAMES.get(fault, _camel(fault))


def _value(given: dict[str, Any], name: str) -> Any:
    return given[name] if name in given else parse_json(given["text"], size_max=SIZE_MAX)


def _limits(given: Mapping[str, int]) -> Limits:
    """Cases call a limit ``maxFormFields`` that is our ``form_fields_max``."""
    return Limits(**{f"{_snake(name.removeprefix('max'))}_max": value for name, value in given.items()})


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _raise_as(kind: str, error: PalyraError) -> NoReturn:
    """Raise an error that goes by the case's name for ours."""
    raise type(kind, (PalyraError,), {})(error.message, **error.details) from error


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a2ui.validate": validate,
    "a2ui.normalize": normalize,
    "a2ui.patch.parse": parse,
    "a2ui.patch.apply": apply,
    "a2ui.patch.build_replace_root": lambda given: replace_all(given["state"]),
    "a2ui.sanitize.url": lambda given: safe_url(given["value"]),
    "a2ui.sanitize.identifier": lambda given: identifier(
        given["value"], given["fallback"], given["max_length"]
    ),
    "a2ui.sanitize.cell": lambda given: cell(given["value"], given["max_length"]),
    "a2ui.sanitize.clamp": lambda given: clamp(given["value"], given["max_length"]),
    "a2ui.sanitize.number": lambda given: number(
        given["value"], given["fallback"], given["min"], given["max"]
    ),
}

KIND_NAMES = {"a2ui.normalize": {"DocumentRefused": "invalid_input"}}
