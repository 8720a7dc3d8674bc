"""What a surface shows: the rules by which outputs of plugins become pages.

    document ──> version 1 ── document or patch ──> version 2 ──> …      by its own plugin only
                     └──────────── closed ── document ──> open again     by any plugin

Outputs are judged here and not by the worker that records them: whether a patch applies depends on what
stands at its place in the log. What cannot be shown leaves the surface as it was, and is told as a
problem.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from palyra_events.a2ui import (
    LIMITS,
    Document,
    DocumentRefused,
    Normalised,
    PatchRefused,
    Problem,
    apply_patch,
    normalise,
    to_wire,
)
from palyra_events.effect import SurfaceForm

#: bytes of JSON text that a plugin may write of a document or a patch
CONTENT_BYTES_MAX = LIMITS.document_bytes_max


class Change(StrEnum):
    """What made a version of a surface."""

    DOCUMENT = "document"
    PATCH = "patch"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Shown:
    """A surface at one of its versions, counted from 1.

    ``document`` is what is shown, as JSON in its one form; ``problems`` are what was repaired or cut on
    the way to it.
    """

    surface: str
    plugin_id: str
    version: int
    change: Change
    is_open: bool
    document: dict[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """What a run of a plugin says of a surface.

    ``read`` returns what it wrote, as JSON text of ``size`` bytes, None where that is not kept any more.
    """

    surface: str
    plugin_id: str
    form: SurfaceForm
    size: int
    read: Callable[[], bytes | None]


class OutputRefused(Exception):
    """An output cannot be shown; the surface stays as it was. The log keeps it all the same."""

    def __init__(self, code: str, message: str, path: str = "") -> None:
        self.problem = Problem(code=code, path=path, message=message)
        super().__init__(message)


def show(before: Shown | None, output: Output) -> Shown:
    """Return the surface after an output.

    Raises:
        OutputRefused: it cannot be shown; the problem says why.
    """
    if before is not None and before.is_open and before.plugin_id != output.plugin_id:
        raise OutputRefused("not_the_owner", f"The surface belongs to plugin {before.plugin_id}.")
    normalised = _SHOW[output.form](before, output.surface, _read(output))
    return Shown(
        surface=output.surface,
        plugin_id=output.plugin_id,
        version=1 if before is None else before.version + 1,
        change=Change(output.form.value),
        is_open=True,
        document=to_wire(normalised.document),
        problems=tuple(normalised.problems),
    )


def close(before: Shown) -> Shown:
    """Return the surface after somebody closed it."""
    return replace(before, version=before.version + 1, change=Change.CLOSED, is_open=False)


def _read(output: Output) -> Any:
    if output.size > CONTENT_BYTES_MAX:
        raise OutputRefused(
            "budget_exceeded", f"It has {output.size:,} bytes; {CONTENT_BYTES_MAX:,} are allowed."
        )
    content = output.read()
    if content is None:
        raise OutputRefused("erased", "What the plugin wrote is not kept any more.")
    return json.loads(content)


def _show_document(_before: Shown | None, surface: str, raw: dict[str, Any]) -> Normalised:
    """Show a document; however its plugin spelt the surface, it bears its id."""
    try:
        return normalise({**raw, "surface": surface})
    except DocumentRefused as error:
        raise OutputRefused("invalid_input", error.message, str(error.details["path"])) from error


def _show_patch(before: Shown | None, _surface: str, raw: Any) -> Normalised:
    if before is None or not before.is_open:
        raise OutputRefused("no_document", "There is no page to patch: the surface shows none.")
    try:
        return apply_patch(Document.model_validate(before.document), raw)
    except PatchRefused as error:
        details = error.details
        raise OutputRefused(str(details["code"]), error.message, str(details.get("path", ""))) from error


_SHOW = {SurfaceForm.DOCUMENT: _show_document, SurfaceForm.PATCH: _show_patch}
