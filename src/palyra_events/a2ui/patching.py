"""Applying patches."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any, Final

from palyra_events.a2ui.document import Document, to_wire
from palyra_events.a2ui.limits import LIMITS, Limits
from palyra_events.a2ui.normalisation import Normalised, normalise
from palyra_events.a2ui.patch import (
    Patch,
    PatchFault,
    PatchOperation,
    PatchRefused,
    PatchVerb,
    parse_patch,
    refused,
)
from palyra_events.a2ui.refusal import DocumentRefused, DocumentTooLarge
from palyra_events.a2ui.scalar import clamp

#: Programs in JavaScript would change what every object inherits.
FORBIDDEN_NAMES: Final = frozenset({"__proto__", "prototype", "constructor"})

_INDEX = re.compile(r"0|[1-9][0-9]*")
#: the place after the last item of a list
_END = "-"


def apply_patch(document: Document, patch: object, *, limits: Limits = LIMITS) -> Normalised:
    """Return the document with a patch applied, and what had to be mended then.

    Paths speak of the stored form, `to_wire`. What comes of it depends on nothing but the two: no clock
    decides whether a patch is too slow. The document given stays as it is.

    Raises:
        PatchRefused: it is no patch, the document has no such places, or what is left is no document of
            this surface.
    """
    raw = patched(to_wire(document), parse_patch(patch, limits=limits))
    try:
        made = normalise(raw, limits=limits)
    except DocumentTooLarge as error:
        raise refused(PatchFault.DOCUMENT_TOO_LARGE, f"The patch asks too much. {error.message}") from error
    except DocumentRefused as error:
        raise refused(
            PatchFault.NO_DOCUMENT_LEFT, f"The patch leaves no document. {error.message}"
        ) from error
    if made.document.surface != document.surface:
        raise refused(PatchFault.SURFACE_RENAMED, "A patch cannot rename its surface.", path="/surface")
    return made


def patched(value: Any, patch: Patch) -> Any:
    """Return a JSON value with all operations of a patch applied; ``value`` itself stays as it is.

    Raises:
        PatchRefused: one operation cannot be applied.
    """
    state = deepcopy(value)
    for operation in patch.operations:
        state = _applied(state, operation)
    return state


def _applied(state: Any, operation: PatchOperation) -> Any:
    if not FORBIDDEN_NAMES.isdisjoint(operation.tokens):
        raise operation.refused(
            PatchFault.FORBIDDEN_NAME, f"The path {_shown(operation)} has a name that is not allowed."
        )
    value = deepcopy(operation.value)
    if not operation.tokens:
        if operation.verb is PatchVerb.REMOVE:
            raise operation.refused(PatchFault.ROOT_REMOVED, "The whole document cannot be removed.")
        return value
    parent = state
    for token in operation.tokens[:-1]:
        parent = parent[_existing(parent, token, operation)]
    _CHANGES[operation.verb](parent, operation.tokens[-1], value, operation)
    return state


def _add(parent: Any, token: str, value: Any, operation: PatchOperation) -> None:
    if isinstance(parent, list):
        place = len(parent) if token == _END else _index(token, len(parent) + 1, operation)
        parent.insert(place, value)
    elif isinstance(parent, dict):
        parent[token] = value
    else:
        raise _conflict(operation)


def _replace(parent: Any, token: str, value: Any, operation: PatchOperation) -> None:
    parent[_existing(parent, token, operation)] = value


def _remove(parent: Any, token: str, _value: Any, operation: PatchOperation) -> None:
    del parent[_existing(parent, token, operation)]


_CHANGES: Mapping[PatchVerb, Callable[[Any, str, Any, PatchOperation], None]] = MappingProxyType(
    {PatchVerb.ADD: _add, PatchVerb.REPLACE: _replace, PatchVerb.REMOVE: _remove}
)


def _existing(parent: Any, token: str, operation: PatchOperation) -> Any:
    """Return the key or index of a member that is there."""
    if isinstance(parent, list):
        return _index(token, len(parent), operation)
    if isinstance(parent, dict) and token in parent:
        return token
    raise _conflict(operation)


def _index(token: str, end: int, operation: PatchOperation) -> int:
    # A list is never as long as a number of ten digits is large.
    if _INDEX.fullmatch(token) and len(token) < 10 and int(token) < end:
        return int(token)
    raise _conflict(operation)


def _conflict(operation: PatchOperation) -> PatchRefused:
    return operation.refused(PatchFault.CONFLICT, f"The document has no place {_shown(operation)}.")


def _shown(operation: PatchOperation) -> str:
    return repr(clamp(operation.path, 120))
