"""The view of plugins: what each of them runs, and what it was granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Text, bindparam, insert, select, update

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.plugin import PluginBound, PluginRebound
from projections.batch import Batch
from projections.column import Id, Moment, Position, Words
from projections.fact import Fact
from projections.projection import Projection


@dataclass(frozen=True, slots=True)
class PluginRow:
    """A plugin as it is bound; ``changed_position`` is the event that bound it so."""

    plugin_id: str
    skill_id: str
    module_path: str
    module_sha256: str
    entrypoint: str | None
    grants: PluginCapabilityProfile
    bound_at: datetime
    changed_at: datetime
    changed_position: int


class PluginView(Projection):
    """The bindings of modules to plugin ids."""

    name = "plugin"
    version = 1
    is_decision = True

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.plugin = self.table(
            "plugin",
            Column("plugin_id", Id, primary_key=True),
            Column("skill_id", Id, nullable=False),
            Column("module_path", Words, nullable=False),
            Column("module_sha256", Text, nullable=False),
            Column("entrypoint", Words),
            Column("grants", JSON, nullable=False),
            Column("bound_at", Moment, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Column("changed_position", Position, nullable=False),
        )
        self.handlers = {PluginBound: self._bound, PluginRebound: self._rebound}
        self._insert = insert(self.plugin)
        self._update = update(self.plugin).where(self.plugin.c.plugin_id == bindparam("which"))

    def now(self, connection: Connection) -> list[PluginRow]:
        """Return all plugins as they are bound, by id."""
        query = select(self.plugin).order_by(self.plugin.c.plugin_id)
        return [_row(row) for row in connection.execute(query).mappings()]

    def _bound(self, fact: Fact[PluginBound], batch: Batch) -> None:
        event = fact.event
        batch.write(self._insert, plugin_id=event.plugin_id, bound_at=event.timestamp, **_binding(fact))

    def _rebound(self, fact: Fact[PluginRebound], batch: Batch) -> None:
        batch.write(self._update, which=fact.event.plugin_id, **_binding(fact))


def _binding(fact: Fact[PluginBound | PluginRebound]) -> dict[str, object]:
    return {
        **fact.event.binding.model_dump(mode="json"),
        "changed_at": fact.event.timestamp,
        "changed_position": fact.position,
    }


def _row(row: Mapping[Any, Any]) -> PluginRow:
    return PluginRow(**{**row, "grants": PluginCapabilityProfile.model_validate(row["grants"])})
