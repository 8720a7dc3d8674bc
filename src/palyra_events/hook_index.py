"""The reference system's file of hooks, ``hooks/bindings.json``: version 1, sorted by hook id."""

from __future__ import annotations

import json
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from palyra_events.identifiers import normalize_identifier
from palyra_events.index_file import Index, IndexFile, UnixMs, parse_index
from palyra_events.lifecycle import normalize_kind
from palyra_events.versioned_json import add_update_time

#: the version that is written
HOOK_INDEX_VERSION: Final = 1

_FORMAT = IndexFile("hook index", HOOK_INDEX_VERSION, {0: add_update_time})


class HookOperator(BaseModel):
    """What people noted about a hook; texts are trimmed, and blank ones are none."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    display_name: str | None = None
    notes: str | None = None
    owner_principal: str | None = None
    updated_by: str | None = None


class HookBindingRecord(BaseModel):
    """One hook in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    hook_id: str
    event: str
    plugin_id: str
    enabled: bool
    operator: HookOperator = HookOperator()
    created_at_unix_ms: UnixMs
    updated_at_unix_ms: UnixMs

    def document(self) -> dict[str, object]:
        """Return the record as JSON; notes that nobody made are left out."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


class HookBindingRequest(BaseModel):
    """A hook as somebody asks for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    hook_id: str
    event: str
    plugin_id: str
    enabled: bool = True
    operator: HookOperator = HookOperator()


class HookIndex(Index):
    """The content of the file."""

    schema_version: Literal[1] = HOOK_INDEX_VERSION
    updated_at_unix_ms: UnixMs
    entries: tuple[HookBindingRecord, ...] = ()

    def document(self) -> dict[str, object]:
        """Return the index as JSON."""
        return {**self.model_dump(mode="json"), "entries": [entry.document() for entry in self.entries]}


def parse_hook_index(document: bytes | str) -> HookIndex:
    """Return the index in a file of any version, sorted by hook id.

    Raises:
        InvalidJson, NotAnObject, InvalidSchemaVersion, UnsupportedSchemaVersion: it is no such file.
        InvalidIndex: it has other fields than it should, or one hook twice.
    """
    return parse_index(document, _FORMAT, HookIndex, lambda entry: entry.hook_id)


def format_hook_index(index: HookIndex, now_unix_ms: int) -> str:
    """Return the index as the file has it, changed ``now_unix_ms`` milliseconds after the epoch."""
    changed = index.model_copy(update={"updated_at_unix_ms": now_unix_ms})
    return json.dumps(changed.document(), ensure_ascii=False, indent=2) + "\n"


def upsert_hook(
    existing: HookBindingRecord | None, request: HookBindingRequest, now_unix_ms: int
) -> HookBindingRecord:
    """Return the record of a hook that is bound, or bound anew; it keeps the time of its making.

    Names are brought into the one spelling that `palyra hook bind` gives them too.

    Raises:
        InvalidIdentifier: hook or plugin cannot be called so.
        UnknownHookEvent: there is no such kind of event.
    """
    return HookBindingRecord(
        hook_id=normalize_identifier(request.hook_id, "hook"),
        event=normalize_kind(request.event).value,
        plugin_id=normalize_identifier(request.plugin_id, "plugin"),
        enabled=request.enabled,
        operator=_trimmed(request.operator),
        created_at_unix_ms=now_unix_ms if existing is None else existing.created_at_unix_ms,
        updated_at_unix_ms=now_unix_ms,
    )


def _trimmed(operator: HookOperator) -> HookOperator:
    texts = operator.model_dump(exclude_none=True)
    return HookOperator(**{name: text.strip() or None for name, text in texts.items()})
