"""The view of hooks over time: which hooks an event met.

Each row holds from the event after ``valid_from`` to the event ``valid_to``: an event at position
N meets the rows with ``valid_from < N`` and ``valid_to`` absent or at least N. A hook that is
disabled has rows too, that say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Connection, Index, Integer, select

from palyra_events.hook import (
    Hook,
    HookBound,
    HookDisabled,
    HookEnabled,
    HookRebound,
    HookUnbound,
    OnFailure,
    Ordering,
    Target,
)
from palyra_events.lifecycle import HookEventKind
from projections.column import Id, Moment
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows


@dataclass(frozen=True, slots=True)
class HookRow:
    """What a hook was from one of its events to the next; ``valid_to`` is None for what it is now."""

    hook_id: str
    valid_from: int
    valid_to: int | None
    event_kind: HookEventKind
    plugin_id: str
    attempts_max: int
    ordering: Ordering
    on_failure: OnFailure
    is_enabled: bool
    bound_at: datetime
    changed_at: datetime

    @property
    def hook(self) -> Hook:
        """The hook, as the rules of scheduling know it."""
        target = Target(
            event_kind=self.event_kind,
            plugin_id=self.plugin_id,
            attempts_max=self.attempts_max,
            ordering=self.ordering,
            on_failure=self.on_failure,
        )
        return Hook(self.hook_id, target, self.is_enabled)


class HookView(Projection):
    """The hooks index."""

    name = "hook"
    version = 1
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.hook = self.temporal(
            "hook",
            [Column("hook_id", Id, nullable=False)],
            Column("event_kind", Id, nullable=False),
            Column("plugin_id", Id, nullable=False),
            Column("attempts_max", Integer, nullable=False),
            Column("ordering", Id, nullable=False),
            Column("on_failure", Id, nullable=False),
            Column("is_enabled", Boolean, nullable=False),
            Column("bound_at", Moment, nullable=False),
            Column("changed_at", Moment, nullable=False),
        )
        row = self.hook.table.c
        Index(f"ix_{self.hook.table.name}_kind", row.event_kind, self.hook.until)
        Index(f"ix_{self.hook.table.name}_plugin", row.plugin_id, self.hook.until)
        self.handlers = {
            HookBound: self._bound,
            HookRebound: self._rebound,
            HookEnabled: self._enabled,
            HookDisabled: self._disabled,
            HookUnbound: self._unbound,
        }

    def now(self, connection: Connection) -> list[HookRow]:
        """Return all hooks as they are, by id."""
        return self._rows(connection, self.hook.now)

    def met_by(self, connection: Connection, position: int) -> list[HookRow]:
        """Return all hooks that the event at ``position`` met, by id."""
        return self._rows(connection, self._holds(position))

    def of_kind(self, connection: Connection, kind: HookEventKind, position: int) -> list[HookRow]:
        """Return the hooks of one kind that the event at ``position`` met, by id."""
        return self._rows(connection, self.hook.table.c.event_kind == kind.value, self._holds(position))

    def of_plugin(self, connection: Connection, plugin_id: str, position: int) -> list[HookRow]:
        """Return the hooks of one plugin that the event at ``position`` met, by id."""
        return self._rows(connection, self.hook.table.c.plugin_id == plugin_id, self._holds(position))

    def _holds(self, position: int) -> ColumnElement[bool]:
        return self.hook.after(position - 1)

    def _rows(self, connection: Connection, *conditions: ColumnElement[bool]) -> list[HookRow]:
        query = select(self.hook.table).where(*conditions).order_by(self.hook.table.c.hook_id)
        return [_row(row) for row in connection.execute(query).mappings()]

    def _bound(self, fact: Fact[HookBound], rows: Rows) -> None:
        event = fact.event
        rows.begin(
            self.hook,
            event.hook_id,
            is_enabled=True,
            bound_at=event.timestamp,
            changed_at=event.timestamp,
            **_target(event.target),
        )

    def _rebound(self, fact: Fact[HookRebound], rows: Rows) -> None:
        event = fact.event
        rows.change(self.hook, event.hook_id, changed_at=event.timestamp, **_target(event.target))

    def _enabled(self, fact: Fact[HookEnabled], rows: Rows) -> None:
        rows.change(self.hook, fact.event.hook_id, changed_at=fact.event.timestamp, is_enabled=True)

    def _disabled(self, fact: Fact[HookDisabled], rows: Rows) -> None:
        rows.change(self.hook, fact.event.hook_id, changed_at=fact.event.timestamp, is_enabled=False)

    def _unbound(self, fact: Fact[HookUnbound], rows: Rows) -> None:
        rows.end(self.hook, fact.event.hook_id)


def _target(target: Target) -> dict[str, object]:
    return {
        "event_kind": target.event_kind.value,
        "plugin_id": target.plugin_id,
        "attempts_max": target.attempts_max,
        "ordering": target.ordering.value,
        "on_failure": target.on_failure.value,
    }


def _row(row: Mapping[Any, Any]) -> HookRow:
    named = {
        "event_kind": HookEventKind(row["event_kind"]),
        "ordering": Ordering(row["ordering"]),
        "on_failure": OnFailure(row["on_failure"]),
    }
    return HookRow(**{**row, **named})
