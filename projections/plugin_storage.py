"""The view of what plugins have stored: one row for each value that is kept now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Text, func, select

from palyra_events.blob import BlobRef
from palyra_events.delivery import AttemptSucceeded
from palyra_events.tool_run import PluginInvoked
from projections.column import Id, Moment
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A value that a plugin keeps, under the path that its prefix and key make.

    ``sha256`` names the blob with its JSON text; ``changed_position`` is the outcome that wrote it.
    """

    plugin_id: str
    path: str
    sha256: str
    size: int
    changed_at: datetime
    changed_position: int

    @property
    def blob(self) -> BlobRef:
        """The name of its bytes."""
        return BlobRef(sha256=self.sha256, size=self.size)


@dataclass(frozen=True, slots=True)
class StorageUse:
    """How much a plugin keeps."""

    keys: int
    size: int


class PluginStorageView(Projection):
    """The values that plugins keep: a fold of the effects of their outcomes."""

    name = "plugin_storage"
    version = 1
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.storage = self.temporal(
            "plugin_storage",
            [Column("plugin_id", Id, nullable=False), Column("path", Id, nullable=False)],
            Column("sha256", Text, nullable=False),
            Column("size", BigInteger, nullable=False),
            Column("changed_at", Moment, nullable=False),
        )
        self.handlers = {AttemptSucceeded: self._succeeded, PluginInvoked: self._succeeded}

    def use(self, connection: Connection, plugin_id: str, at: int | None = None) -> StorageUse:
        """Return how much a plugin keeps, now or after an event."""
        row = self.storage.table.c
        query = select(func.count(), func.coalesce(func.sum(row.size), 0))
        keys, size = connection.execute(query.where(self.storage.after(at), row.plugin_id == plugin_id)).one()
        return StorageUse(keys, int(size))

    def one(
        self, connection: Connection, plugin_id: str, path: str, at: int | None = None
    ) -> StoredValue | None:
        """Return the value at a path, now or after an event, or None where none is kept."""
        row = self.storage.table.c
        query = select(self.storage.table).where(self.storage.after(at))
        query = query.where(row.plugin_id == plugin_id, row.path == path)
        return next((_value(found) for found in connection.execute(query).mappings()), None)

    def page(  # noqa: PLR0913, PLR0917 - the filters of a listing
        self,
        connection: Connection,
        plugin_id: str,
        beginning: str,
        after: str,
        limit: int,
        at: int | None = None,
    ) -> list[StoredValue]:
        """Return at most ``limit`` values whose paths begin so and come after another, in byte order."""
        row = self.storage.table.c
        query = (
            select(self.storage.table)
            .where(self.storage.after(at))
            .where(row.plugin_id == plugin_id, row.path >= beginning, row.path > after)
        )
        rows = connection.execute(query.order_by(row.path).limit(limit)).mappings()
        found: Iterator[StoredValue] = map(_value, rows)
        return list(takewhile(lambda value: value.path.startswith(beginning), found))

    def _succeeded(self, fact: Fact[AttemptSucceeded | PluginInvoked], rows: Rows) -> None:
        event = fact.event
        plugin_id = event.invocation.plugin_id
        for path, value in {write.path: write.value for write in event.effects.storage}.items():
            if value is None:
                rows.discard(self.storage, plugin_id, path)
            else:
                kept = {"sha256": value.sha256, "size": value.size}
                rows.put(self.storage, plugin_id, path, **kept, changed_at=event.timestamp)


def _value(row: Mapping[Any, Any]) -> StoredValue:
    values = {name: value for name, value in row.items() if name not in {"valid_from", "valid_to"}}
    return StoredValue(**values, changed_position=row["valid_from"])
