"""Bindings as the reference system's files have them; the same bindings always make the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from palyra_events.hook_index import HookBindingRecord, HookIndex, format_hook_index
from palyra_events.plugin_index import PluginBindingRecord, PluginIndex, format_plugin_index
from projections import BindingChange, HookRow, PluginRow


def hook_document(change: BindingChange, rows: Sequence[HookRow]) -> str:
    """Return ``hooks/bindings.json`` as of the last change of a hook."""
    records = tuple(
        HookBindingRecord(
            hook_id=row.hook_id,
            event=row.event_kind.value,
            plugin_id=row.plugin_id,
            enabled=row.is_enabled,
            created_at_unix_ms=_unix_ms(row.bound_at),
            updated_at_unix_ms=_unix_ms(row.changed_at),
        )
        for row in rows
    )
    changed_at = _unix_ms(change.timestamp)
    return format_hook_index(HookIndex(updated_at_unix_ms=changed_at, entries=records), changed_at)


def plugin_document(change: BindingChange, rows: Sequence[PluginRow]) -> str:
    """Return ``plugins/bindings.json`` as of the last change of a plugin.

    No version of a skill is named, as a plugin runs in whichever release is enabled.
    """
    records = tuple(
        PluginBindingRecord(
            plugin_id=row.plugin_id,
            enabled=row.is_enabled,
            skill_id=row.skill_id,
            module_path=row.module_path,
            entrypoint=row.entrypoint,
            capability_profile=row.grants,
            created_at_unix_ms=_unix_ms(row.bound_at),
            updated_at_unix_ms=_unix_ms(row.changed_at),
        )
        for row in rows
    )
    changed_at = _unix_ms(change.timestamp)
    return format_plugin_index(PluginIndex(updated_at_unix_ms=changed_at, entries=records), changed_at)


def _unix_ms(moment: datetime | None) -> int:
    """Return milliseconds since 1970, 0 where there is no time."""
    return 0 if moment is None else round(moment.timestamp() * 1000)
