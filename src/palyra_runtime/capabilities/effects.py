"""What an attempt will have changed, should it succeed: collected while the guest runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from palyra_events.blob import Blob, BlobRef, keep
from palyra_events.effect import (
    EFFECTS_SIZE_MAX,
    ChannelMessage,
    Effects,
    StorageWrite,
    SurfaceForm,
    SurfaceOutput,
)
from palyra_events.errors import InvalidIdentifier
from palyra_events.identifiers import normalize_identifier
from palyra_runtime.capabilities.refusal import Refused

#: bytes of JSON text that one value or message may have
DOCUMENT_BYTES_MAX = 64 * 1024


class EffectCollector:
    """The effects of one attempt; a later write to a place takes the room of the one before.

    Nothing here happens by itself: the worker records the effects with a success, and with a failure
    it drops them.
    """

    def __init__(self) -> None:
        self._writes: dict[str, StorageWrite] = {}
        self._messages: list[ChannelMessage] = []
        self._surface: SurfaceOutput | None = None
        self._blobs: dict[BlobRef, Blob] = {}
        self._size = 0

    @property
    def writes(self) -> dict[str, StorageWrite]:
        """The writes so far, by the path of each."""
        return self._writes

    def write(self, prefix: str, key: str, document: bytes | None) -> None:
        """Keep a value, or let go of one.

        Raises:
            Refused: ``limit``: the outcome has no room for more.
        """
        reference = None if document is None else self._keep(document)
        write = StorageWrite(prefix=prefix, key=key, value=reference)
        replaced = self._writes.get(write.path)
        self._take_room(_size(write) - (_size(replaced) if replaced else 0))
        self._writes[write.path] = write

    def send(self, channel: str, document: bytes) -> None:
        """Send a message.

        Raises:
            Refused: ``limit``: the outcome has no room for more.
        """
        message = ChannelMessage(channel=channel, message=self._keep(document))
        self._take_room(_size(message))
        self._messages.append(message)

    def show(self, output: Mapping[str, Any] | None) -> None:
        """Take the page, or the change of one, that an output has; nobody has judged it yet."""
        a2ui = (output or {}).get("a2ui")
        if a2ui is None:
            return
        form = SurfaceForm.PATCH if "patch" in a2ui else SurfaceForm.DOCUMENT
        content = a2ui["patch"] if form is SurfaceForm.PATCH else a2ui
        reference = self._keep(_text(content))
        self._surface = SurfaceOutput(surface=_surface(a2ui), form=form, content=reference)

    def content(self, reference: BlobRef) -> bytes | None:
        """Return bytes that this attempt gave, or None where they are not of this attempt."""
        blob = self._blobs.get(reference)
        return None if blob is None else blob.content

    def effects(self) -> Effects:
        """Return what was collected."""
        return Effects(
            storage=tuple(self._writes.values()), messages=tuple(self._messages), surface=self._surface
        )

    def blobs(self) -> list[Blob]:
        """Return the bytes that the effects name."""
        if not self._blobs:
            return []
        effects = self.effects()
        named = {write.value for write in effects.storage} | {each.message for each in effects.messages}
        named |= {effects.surface.content} if effects.surface else set()
        return [blob for reference, blob in self._blobs.items() if reference in named]

    def _keep(self, document: bytes) -> BlobRef:
        reference, blob = keep(document)
        self._blobs[reference] = blob
        return reference

    def _take_room(self, size: int) -> None:
        if self._size + size > EFFECTS_SIZE_MAX:
            raise Refused("limit", "The outcome of this invocation has no room for more effects.")
        self._size += size


def json_text(value: Any) -> bytes:
    """Return a JSON value as the text that is kept of it.

    Raises:
        Refused: ``too_large``: it has more than `DOCUMENT_BYTES_MAX` bytes.
    """
    text = _text(value)
    if len(text) > DOCUMENT_BYTES_MAX:
        raise Refused("too_large", f"A value or message has at most {DOCUMENT_BYTES_MAX} bytes of JSON.")
    return text


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _surface(a2ui: Mapping[str, Any]) -> str | None:
    """Return the id of the surface that an output names; None where it names none that can be."""
    named = a2ui.get("surface")
    try:
        return normalize_identifier(named, "surface") if isinstance(named, str) else None
    except InvalidIdentifier:
        return None


def _size(effect: StorageWrite | ChannelMessage) -> int:
    """Return the bytes of an effect in its event, with the comma that parts it from the next."""
    return len(effect.model_dump_json().encode()) + 1
