"""Surfaces for clients of Google's A2UI: what they show, what changes on it, and what they send back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palyra_events.a2ui import Document, google
from palyra_events.identifiers import normalize_identifier
from palyra_runtime.facade import Submitted, SurfaceDetail, Surfaces
from projections import Point


@dataclass(frozen=True, slots=True)
class A2uiMessages:
    """Messages of A2UI v0.9, in the wrapper that Google's schema has for lists of them."""

    messages: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a client is told, so that it shows a surface as it is at ``version``."""

    version: int
    told: A2uiMessages


def as_a2ui(
    surfaces: Surfaces, surface: str, *, version: int | None = None, at: Point | None = None
) -> A2uiMessages:
    """Return what a surface shows, or showed, as messages of Google's A2UI v0.9 in its basic catalog."""
    return A2uiMessages(tuple(_whole(surfaces.show(surface, version=version, at=at))))


def act(surfaces: Surfaces, surface: str, *, version: str, action: Mapping[str, Any]) -> Submitted:
    """Take the action message of a client of A2UI v0.9: a form that is sent off.

    A client may send a message again where it has not heard an answer: the message is the key by which it
    is known, and it has the moment in it at which the button was pressed.
    """
    message = {"version": version, "action": action}
    submission = google.values_of(message, surface=normalize_identifier(surface, "surface"))
    return surfaces.submit(
        surface,
        submission.component_id,
        submission.values,
        idempotency_key=f"a2ui:{_digest(message)}",
        version=submission.version,
    )


def next_step(surfaces: Surfaces, surface: str, shown: int | None) -> Step:
    """Return what is to be told to a client that shows a version of a surface, or nothing yet.

    Raises:
        UnknownSurface: no plugin has shown it, or it has not had that version.
    """
    now = surfaces.show(surface)
    then = None if shown is None else surfaces.show(surface, version=shown)
    return Step(now.row.version, A2uiMessages(tuple(_between(then, now))))


def _between(then: SurfaceDetail | None, now: SurfaceDetail) -> Sequence[Mapping[str, Any]]:
    if then is None:
        return _opened(now)
    if then.row.version == now.row.version:
        return ()
    if then.row.is_open and now.row.is_open and then.row.opened_at == now.row.opened_at:
        return google.changes(_document(then), _document(now), version=now.row.version)
    # It was closed, and may be somebody else's by now.
    gone = [google.deletion(now.row.surface)] if then.row.is_open else []
    return [*gone, *_opened(now)]


def _opened(detail: SurfaceDetail) -> Sequence[Mapping[str, Any]]:
    return _whole(detail) if detail.row.is_open else ()


def _whole(detail: SurfaceDetail) -> Sequence[Mapping[str, Any]]:
    row = detail.row
    return google.messages(_document(detail), agent_name=row.plugin_id, version=row.version)


def _document(detail: SurfaceDetail) -> Document:
    return Document.model_validate(detail.document)


def _digest(message: object) -> str:
    return hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()
