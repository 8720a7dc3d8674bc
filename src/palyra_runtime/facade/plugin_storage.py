"""What plugins keep, as people look at it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from palyra_events.errors import NotFound
from palyra_events.identifiers import normalize_identifier
from palyra_events.store import EventLog
from palyra_runtime.blobs import kept_bytes
from palyra_runtime.facade.page import check_page
from projections import Point, StorageUse, StoredValue, Views


class UnknownStoredValue(NotFound):
    """The plugin keeps nothing under this path."""

    code = "UNKNOWN_STORED_VALUE"
    advice = "List what a plugin keeps with: palyra plugin storage list PLUGIN"


@dataclass(frozen=True, slots=True)
class StoredValueDetail:
    """A value that a plugin keeps; ``value`` is None where its bytes were erased, as ``is_erased`` says."""

    row: StoredValue
    value: Any
    is_erased: bool


class PluginStorage:
    """Look at what plugins keep. Only their outcomes write it."""

    def __init__(self, log: EventLog, views: Views) -> None:
        self._log = log
        self._views = views

    def use(self, plugin_id: str, *, at: Point | None = None) -> StorageUse:
        """Return how much a plugin keeps, or kept at a position or moment.

        Raises:
            InvalidIdentifier: this cannot be the name of a plugin.
            UnknownEvent: the log is not that long.
        """
        return self._views.storage_use(normalize_identifier(plugin_id, "plugin"), at)

    def list(
        self,
        plugin_id: str,
        *,
        prefix: str = "",
        after: str = "",
        limit: int = 100,
        at: Point | None = None,
    ) -> Sequence[StoredValue]:
        """Return values that a plugin keeps, whose paths begin so, by path, at most ``limit`` after a path.

        With ``at``, a position or moment, those that it kept then.

        Raises:
            InvalidIdentifier: this cannot be the name of a plugin.
            UnknownEvent: the log is not that long.
            PageOutOfRange: the number of rows makes no sense.
        """
        check_page(0, limit)
        plugin = normalize_identifier(plugin_id, "plugin")
        if not (_can_be_kept(prefix) and _can_be_kept(after)):
            return []
        return self._views.stored_values(plugin, beginning=prefix, after=after, limit=limit, at=at)

    def show(self, plugin_id: str, path: str, *, at: Point | None = None) -> StoredValueDetail:
        """Return a value that a plugin keeps, or kept at a position or moment.

        Raises:
            UnknownStoredValue: it keeps nothing there.
            UnknownEvent: the log is not that long.
        """
        plugin = normalize_identifier(plugin_id, "plugin")
        row = self._views.stored_value(plugin, path, at) if _can_be_kept(path) else None
        if row is None:
            raise UnknownStoredValue(f"Plugin {plugin} keeps nothing under {path[:160]!r}.", plugin_id=plugin)
        content = kept_bytes(self._log, row.sha256)
        return StoredValueDetail(row, None if content is None else json.loads(content), content is None)


def _can_be_kept(path: str) -> bool:
    """Tell whether databases take this for a path: some refuse U+0000, and halves of surrogate pairs."""
    return "\0" not in path and not any("\ud800" <= character <= "\udfff" for character in path)
