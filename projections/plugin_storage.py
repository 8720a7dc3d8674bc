"""The view of what plugins have stored: one row for each value that is kept now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import BigInteger, Column, Connection, Text, bindparam, delete, func, insert, select

from palyra_events.blob import BlobRef
from palyra_events.delivery import AttemptSucceeded
from palyra_events.tool_run import PluginInvoked
from projections.batch import Batch
from projections.column import Id, Moment, Position
from projections.fact import Fact
from projections.projection import Projection


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

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.storage = self.table(
            "plugin_storage",
            Column("plugin_id", Id, primary_key=True),
            Column("path", Id, primary_key=True),
            Column("sha256", Text, nullable=False),
            Column("size", BigInteger, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Column("changed_position", Position, nullable=False),
        )
        row = self.storage.c
        self.handlers = {AttemptSucceeded: self._succeeded, PluginInvoked: self._succeeded}
        self._insert = insert(self.storage)
        self._delete = delete(self.storage).where(
            row.plugin_id == bindparam("of_plugin"), row.path == bindparam("of_path")
        )

    def use(self, connection: Connection, plugin_id: str) -> StorageUse:
        """Return how much a plugin keeps."""
        row = self.storage.c
        query = select(func.count(), func.coalesce(func.sum(row.size), 0)).where(row.plugin_id == plugin_id)
        keys, size = connection.execute(query).one()
        return StorageUse(keys, int(size))

    def one(self, connection: Connection, plugin_id: str, path: str) -> StoredValue | None:
        """Return the value at a path, or None where none is kept."""
        row = self.storage.c
        query = select(self.storage).where(row.plugin_id == plugin_id, row.path == path)
        return next((StoredValue(**found) for found in connection.execute(query).mappings()), None)

    def page(
        self, connection: Connection, plugin_id: str, beginning: str, after: str, limit: int
    ) -> list[StoredValue]:
        """Return at most ``limit`` values whose paths begin so and come after another, in byte order."""
        row = self.storage.c
        query = select(self.storage).where(
            row.plugin_id == plugin_id, row.path >= beginning, row.path > after
        )
        rows = connection.execute(query.order_by(row.path).limit(limit)).mappings()
        found: Iterator[StoredValue] = (StoredValue(**each) for each in rows)
        return list(takewhile(lambda value: value.path.startswith(beginning), found))

    def _succeeded(self, fact: Fact[AttemptSucceeded | PluginInvoked], batch: Batch) -> None:
        event = fact.event
        plugin_id = event.invocation.plugin_id
        writes = {write.path: write.value for write in event.effects.storage}
        for path in writes:
            batch.adjust(self._delete, of_plugin=plugin_id, of_path=path)
        for path, value in writes.items():
            if value is not None:
                batch.write(
                    self._insert,
                    plugin_id=plugin_id,
                    path=path,
                    sha256=value.sha256,
                    size=value.size,
                    changed_at=event.timestamp,
                    changed_position=fact.position,
                )
