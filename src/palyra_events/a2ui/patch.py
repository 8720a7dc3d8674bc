"""Patches: small changes to a document, all of one patch or none.

A patch is ``{"v": 1, "ops": [{"op": "add" | "replace" | "remove", "path": pointer, "value": any}]}``, a part
of RFC 6902: no moves, copies or tests, so that what a patch costs can be seen from its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NoReturn

from palyra_events.a2ui.json_value import check_json
from palyra_events.a2ui.limits import LIMITS, Limits
from palyra_events.a2ui.pointer import parse_pointer
from palyra_events.a2ui.refusal import DocumentRefused
from palyra_events.a2ui.scalar import clamp, text_length
from palyra_events.errors import InvalidInput

PATCH_VERSION: Final = 1


class PatchRefused(InvalidInput):
    """The patch cannot be applied, and nothing of it was.

    ``details`` hold the ``code`` (a `PatchCode`), the ``fault`` (a `PatchFault`), and, where one operation is
    to blame, its number from 0 as ``op_index`` and its ``path``.
    """

    code = "PATCH_REFUSED"
    advice = (
        "A patch speaks of the document as it is shown; look at it with: palyra surface show SURFACE -o json"
    )


class PatchCode(StrEnum):
    """What kind of thing is wrong with a patch, for who only wants to know what to do."""

    #: the patch can never be applied to anything
    INVALID_PATCH = "invalid_patch"
    #: the document is not what the patch takes it to be
    CONFLICT = "conflict"
    #: it is more than is allowed
    BUDGET_EXCEEDED = "budget_exceeded"


class PatchFault(StrEnum):
    """What exactly is wrong with a patch."""

    NOT_AN_OBJECT = "not_an_object"
    MISSING_FIELD = "missing_field"
    INVALID_TYPE = "invalid_type"
    UNSUPPORTED_VERSION = "unsupported_version"
    EMPTY_OPERATIONS = "empty_operations"
    OPERATION_NOT_OBJECT = "operation_not_object"
    MISSING_OPERATION_FIELD = "missing_operation_field"
    INVALID_OPERATION_FIELD_TYPE = "invalid_operation_field_type"
    UNSUPPORTED_OPERATION = "unsupported_operation"
    INVALID_POINTER = "invalid_pointer"
    REMOVE_WITH_VALUE = "remove_with_value"
    ROOT_REMOVED = "root_removed"
    FORBIDDEN_NAME = "forbidden_name"
    NO_DOCUMENT_LEFT = "no_document_left"
    SURFACE_RENAMED = "surface_renamed"
    TOO_MANY_OPERATIONS = "too_many_operations"
    PATH_TOO_LONG = "path_too_long"
    DOCUMENT_TOO_LARGE = "document_too_large"
    CONFLICT = "conflict"

    @property
    def code(self) -> PatchCode:
        """The kind of thing that it is."""
        return _CODES.get(self, PatchCode.INVALID_PATCH)


_CODES: Mapping[PatchFault, PatchCode] = MappingProxyType(
    {
        PatchFault.CONFLICT: PatchCode.CONFLICT,
        PatchFault.TOO_MANY_OPERATIONS: PatchCode.BUDGET_EXCEEDED,
        PatchFault.PATH_TOO_LONG: PatchCode.BUDGET_EXCEEDED,
        PatchFault.DOCUMENT_TOO_LARGE: PatchCode.BUDGET_EXCEEDED,
    }
)


class PatchVerb(StrEnum):
    """What an operation does with its place."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


_VERBS = {verb.value: verb for verb in PatchVerb}


@dataclass(frozen=True, slots=True)
class PatchOperation:
    """One change; ``tokens`` are those of ``path``, and ``value`` is None for a removal."""

    index: int
    verb: PatchVerb
    path: str
    tokens: tuple[str, ...]
    value: Any = None

    def refused(self, fault: PatchFault, message: str) -> PatchRefused:
        """Return the error that blames this operation."""
        return refused(fault, message, op_index=self.index, path=self.path)


@dataclass(frozen=True, slots=True)
class Patch:
    """Changes that are made together, in this order."""

    operations: tuple[PatchOperation, ...]


def parse_patch(raw: object, *, limits: Limits = LIMITS) -> Patch:
    """Return the patch that a JSON value stands for.

    Raises:
        PatchRefused: it is none, or has more operations or longer paths than are allowed.
    """
    try:
        check_json(raw)
    except DocumentRefused as error:
        raise refused(PatchFault.INVALID_TYPE, f"The patch cannot be read. {error.message}") from error
    if not isinstance(raw, dict):
        raise refused(PatchFault.NOT_AN_OBJECT, "The patch is not a JSON object.")
    _check_version(raw)
    ops = raw.get("ops")
    if "ops" not in raw:
        raise refused(PatchFault.MISSING_FIELD, "The patch has no ops.")
    if not isinstance(ops, list):
        raise refused(PatchFault.INVALID_TYPE, "The patch's ops are not a list.")
    if not ops:
        raise refused(PatchFault.EMPTY_OPERATIONS, "The patch's ops are empty.")
    if len(ops) > limits.ops_per_patch_max:
        raise refused(
            PatchFault.TOO_MANY_OPERATIONS,
            f"The patch has {len(ops)} operations; {limits.ops_per_patch_max} are allowed.",
        )
    return Patch(tuple(_operation(index, op, limits) for index, op in enumerate(ops)))


def replace_all(value: Any) -> dict[str, Any]:
    """Return the patch that puts ``value`` in the place of everything."""
    return {"v": PATCH_VERSION, "ops": [{"op": PatchVerb.REPLACE.value, "path": "", "value": value}]}


def refused(fault: PatchFault, message: str, **details: object) -> PatchRefused:
    """Return the error for what is wrong with a patch."""
    return PatchRefused(message, code=fault.code.value, fault=fault.value, **details)


def _check_version(raw: dict[str, Any]) -> None:
    version = raw.get("v")
    if "v" not in raw:
        raise refused(PatchFault.MISSING_FIELD, "The patch has no v.")
    if isinstance(version, bool) or not isinstance(version, int | float) or version < 0 or version % 1:
        raise refused(PatchFault.INVALID_TYPE, "The patch's v is not a positive whole number.")
    if version != PATCH_VERSION:
        raise refused(PatchFault.UNSUPPORTED_VERSION, f"The patch's v must be {PATCH_VERSION}.")


def _operation(index: int, raw: object, limits: Limits) -> PatchOperation:
    if not isinstance(raw, dict):
        raise refused(PatchFault.OPERATION_NOT_OBJECT, f"Operation {index} is not an object.", op_index=index)
    verb = _verb(index, _text(index, raw, "op"))
    path = _text(index, raw, "path")
    if text_length(path) > limits.path_length_max:
        raise refused(
            PatchFault.PATH_TOO_LONG,
            f"The path of operation {index} is longer than {limits.path_length_max} characters.",
            op_index=index,
            path=clamp(path, limits.path_length_max),
        )
    tokens = parse_pointer(path)
    if tokens is None:
        raise refused(
            PatchFault.INVALID_POINTER,
            f"The path of operation {index} is no JSON pointer.",
            op_index=index,
            path=path,
        )
    operation = PatchOperation(index, verb, path, tokens, raw.get("value"))
    _check_value(operation, has_value="value" in raw)
    return operation


def _verb(index: int, word: str) -> PatchVerb:
    if word not in _VERBS:
        raise refused(
            PatchFault.UNSUPPORTED_OPERATION,
            f"Operation {index} is {clamp(word, 40)!r}; there are {', '.join(_VERBS)}.",
            op_index=index,
        )
    return _VERBS[word]


def _text(index: int, raw: dict[str, Any], name: str) -> str:
    if name not in raw:
        _missing(index, name)
    if not isinstance(raw[name], str):
        raise refused(
            PatchFault.INVALID_OPERATION_FIELD_TYPE,
            f"The {name} of operation {index} is not a text.",
            op_index=index,
        )
    return str(raw[name])


def _check_value(operation: PatchOperation, *, has_value: bool) -> None:
    is_removal = operation.verb is PatchVerb.REMOVE
    if is_removal and has_value:
        raise operation.refused(
            PatchFault.REMOVE_WITH_VALUE, f"Operation {operation.index} removes, and yet has a value."
        )
    if not is_removal and not has_value:
        _missing(operation.index, "value")


def _missing(index: int, name: str) -> NoReturn:
    raise refused(PatchFault.MISSING_OPERATION_FIELD, f"Operation {index} has no {name}.", op_index=index)
