"""The view that tells when hooks and plugins were last bound otherwise: what a file of them is as of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, select

from palyra_events.event import Event
from palyra_events.hook import HookBound, HookDisabled, HookEnabled, HookRebound, HookUnbound
from palyra_events.plugin import PluginBound, PluginDisabled, PluginEnabled, PluginRebound, PluginUnbound
from projections.column import Id, Moment
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows


class BindingKind(StrEnum):
    """What is bound under a name."""

    HOOK = "hook"
    PLUGIN = "plugin"


#: the events that change what is bound
BINDING_EVENTS: dict[type[Event], BindingKind] = {
    HookBound: BindingKind.HOOK,
    HookRebound: BindingKind.HOOK,
    HookEnabled: BindingKind.HOOK,
    HookDisabled: BindingKind.HOOK,
    HookUnbound: BindingKind.HOOK,
    PluginBound: BindingKind.PLUGIN,
    PluginRebound: BindingKind.PLUGIN,
    PluginEnabled: BindingKind.PLUGIN,
    PluginDisabled: BindingKind.PLUGIN,
    PluginUnbound: BindingKind.PLUGIN,
}


@dataclass(frozen=True, slots=True)
class BindingChange:
    """The last event that changed what is bound; position 0 and no time where there was none."""

    position: int = 0
    timestamp: datetime | None = None


class BindingsView(Projection):
    """One row for hooks, one for plugins; the bindings themselves are in views of their own."""

    name = "bindings"
    version = 1
    is_decision = False
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.change = self.temporal(
            "binding_change",
            [Column("kind", Id, nullable=False)],
            Column("changed_at", Moment, nullable=False),
            history=False,
        )

    def last(self, connection: Connection, kind: BindingKind) -> BindingChange:
        """Return the last change of hooks, or of plugins."""
        row = self.change.table.c
        query = select(row.valid_from, row.changed_at).where(self.change.now, row.kind == kind.value)
        found = connection.execute(query).one_or_none()
        return BindingChange() if found is None else BindingChange(*found)

    def fold(self, fact: Fact[Event], rows: Rows) -> None:
        """Take in one event, if it is one of these."""
        kind = BINDING_EVENTS.get(fact.kind)
        if kind is not None:
            rows.put(self.change, kind.value, changed_at=fact.event.timestamp)
