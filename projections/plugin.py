"""The view of plugins: what each of them runs, and what it was granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Index, Text, select

from palyra_events.capabilities import CAPABILITY_CLASSES, PluginCapabilityProfile
from palyra_events.plugin import (
    PluginBound,
    PluginDisabled,
    PluginEnabled,
    PluginRebound,
    PluginUnbound,
)
from projections.column import Id, Moment, Words
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows


@dataclass(frozen=True, slots=True)
class PluginRow:
    """A plugin as it is bound; ``changed_position`` is the event that made it so."""

    plugin_id: str
    skill_id: str
    module_path: str
    module_sha256: str
    entrypoint: str | None
    grants: PluginCapabilityProfile
    is_enabled: bool
    bound_at: datetime
    changed_at: datetime
    changed_position: int


class PluginView(Projection):
    """The bindings of modules to plugin ids."""

    name = "plugin"
    version = 1
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.plugin = self.temporal(
            "plugin",
            [Column("plugin_id", Id, nullable=False)],
            Column("skill_id", Id, nullable=False),
            Column("module_path", Words, nullable=False),
            Column("module_sha256", Text, nullable=False),
            Column("entrypoint", Words),
            Column("grants", JSON, nullable=False),
            Column("is_enabled", Boolean, nullable=False),
            Column("bound_at", Moment, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Index(None, "skill_id"),
        )
        self.handlers = {
            PluginBound: self._bound,
            PluginRebound: self._rebound,
            PluginEnabled: self._enabled,
            PluginDisabled: self._disabled,
            PluginUnbound: self._unbound,
        }

    def now(
        self, connection: Connection, skill_id: str | None = None, at: int | None = None
    ) -> list[PluginRow]:
        """Return all plugins, or those of one skill, by id, as they are bound, or were after an event."""
        row = self.plugin.table.c
        query = select(self.plugin.table).where(self.plugin.after(at)).order_by(row.plugin_id)
        if skill_id is not None:
            query = query.where(row.skill_id == skill_id)
        return [_row(row) for row in connection.execute(query).mappings()]

    def _bound(self, fact: Fact[PluginBound], rows: Rows) -> None:
        event = fact.event
        rows.begin(self.plugin, event.plugin_id, is_enabled=True, bound_at=event.timestamp, **_binding(event))

    def _rebound(self, fact: Fact[PluginRebound], rows: Rows) -> None:
        rows.change(self.plugin, fact.event.plugin_id, **_binding(fact.event))

    def _enabled(self, fact: Fact[PluginEnabled], rows: Rows) -> None:
        rows.change(self.plugin, fact.event.plugin_id, is_enabled=True, changed_at=fact.event.timestamp)

    def _disabled(self, fact: Fact[PluginDisabled], rows: Rows) -> None:
        rows.change(self.plugin, fact.event.plugin_id, is_enabled=False, changed_at=fact.event.timestamp)

    def _unbound(self, fact: Fact[PluginUnbound], rows: Rows) -> None:
        rows.end(self.plugin, fact.event.plugin_id)


def _binding(event: PluginBound | PluginRebound) -> dict[str, object]:
    binding = event.binding
    return {
        "skill_id": binding.skill_id,
        "module_path": binding.module_path,
        "module_sha256": binding.module_sha256,
        "entrypoint": binding.entrypoint,
        "grants": {name: list(getattr(binding.grants, name)) for name in CAPABILITY_CLASSES},
        "changed_at": event.timestamp,
    }


def _row(row: Mapping[Any, Any]) -> PluginRow:
    values = {name: value for name, value in row.items() if name not in {"valid_from", "valid_to"}}
    grants = PluginCapabilityProfile.model_validate(row["grants"])
    return PluginRow(**{**values, "grants": grants, "changed_position": row["valid_from"]})
