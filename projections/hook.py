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

from sqlalchemy import (
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Insert,
    Integer,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from palyra_events.hook import Hook, HookBound, HookDisabled, HookEnabled, HookRebound, Target
from palyra_events.lifecycle import HookEventKind
from projections.batch import Batch
from projections.column import Id, Moment, Position
from projections.fact import Fact
from projections.projection import Projection


@dataclass(frozen=True, slots=True)
class HookRow:
    """What a hook was from one of its events to the next; ``valid_to`` is None for what it is now."""

    hook_id: str
    valid_from: int
    valid_to: int | None
    event_kind: HookEventKind
    plugin_id: str
    attempts_max: int
    is_enabled: bool
    bound_at: datetime
    changed_at: datetime

    @property
    def hook(self) -> Hook:
        """The hook, as the rules of scheduling know it."""
        target = Target(event_kind=self.event_kind, plugin_id=self.plugin_id, attempts_max=self.attempts_max)
        return Hook(self.hook_id, target, self.is_enabled)


class HookView(Projection):
    """The hooks index."""

    name = "hook"
    version = 1
    is_decision = True

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.hook = self.table(
            "hook",
            Column("hook_id", Id, primary_key=True),
            Column("valid_from", Position, primary_key=True, autoincrement=False),
            Column("valid_to", Position),
            Column("event_kind", Id, nullable=False),
            Column("plugin_id", Id, nullable=False),
            Column("attempts_max", Integer, nullable=False),
            Column("is_enabled", Boolean, nullable=False),
            Column("bound_at", Moment, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Index(None, "event_kind", "valid_to"),
            Index(None, "plugin_id", "valid_to"),
        )
        self.handlers = {
            HookBound: self._bound,
            HookRebound: self._rebound,
            HookEnabled: self._switched,
            HookDisabled: self._switched,
        }
        self._insert = insert(self.hook)
        self._end = (
            update(self.hook)
            .where(self.hook.c.hook_id == bindparam("which"), self.hook.c.valid_to.is_(None))
            .values(valid_to=bindparam("position"))
        )
        self._retarget = self._continue(
            event_kind=bindparam("event_kind", type_=Id),
            plugin_id=bindparam("plugin_id", type_=Id),
            attempts_max=bindparam("attempts_max", type_=Integer),
        )
        self._switch = self._continue(is_enabled=bindparam("is_enabled", type_=Boolean))

    def now(self, connection: Connection) -> list[HookRow]:
        """Return all hooks as they are, by id."""
        return self._rows(connection, self.hook.c.valid_to.is_(None))

    def met_by(self, connection: Connection, position: int) -> list[HookRow]:
        """Return all hooks that the event at ``position`` met, by id."""
        return self._rows(connection, self._holds(position))

    def of_kind(self, connection: Connection, kind: HookEventKind, position: int) -> list[HookRow]:
        """Return the hooks of one kind that the event at ``position`` met, by id."""
        return self._rows(connection, self.hook.c.event_kind == kind.value, self._holds(position))

    def of_plugin(self, connection: Connection, plugin_id: str, position: int) -> list[HookRow]:
        """Return the hooks of one plugin that the event at ``position`` met, by id."""
        return self._rows(connection, self.hook.c.plugin_id == plugin_id, self._holds(position))

    def _holds(self, position: int) -> ColumnElement[bool]:
        hook = self.hook.c
        return (hook.valid_from < position) & or_(hook.valid_to.is_(None), hook.valid_to >= position)

    def _rows(self, connection: Connection, *conditions: ColumnElement[bool]) -> list[HookRow]:
        query = select(self.hook).where(*conditions).order_by(self.hook.c.hook_id)
        return [_row(row) for row in connection.execute(query).mappings()]

    def _bound(self, fact: Fact[HookBound], batch: Batch) -> None:
        event = fact.event
        batch.write(
            self._insert,
            hook_id=event.hook_id,
            valid_from=fact.position,
            event_kind=event.target.event_kind.value,
            plugin_id=event.target.plugin_id,
            attempts_max=event.target.attempts_max,
            is_enabled=True,
            bound_at=event.timestamp,
            changed_at=event.timestamp,
        )

    def _rebound(self, fact: Fact[HookRebound], batch: Batch) -> None:
        target = fact.event.target
        changes = {
            "event_kind": target.event_kind.value,
            "plugin_id": target.plugin_id,
            "attempts_max": target.attempts_max,
        }
        self._change(fact, batch, self._retarget, **changes)

    def _switched(self, fact: Fact[HookEnabled | HookDisabled], batch: Batch) -> None:
        self._change(fact, batch, self._switch, is_enabled=isinstance(fact.event, HookEnabled))

    def _change(
        self,
        fact: Fact[HookRebound | HookEnabled | HookDisabled],
        batch: Batch,
        statement: Insert,
        **changes: object,
    ) -> None:
        """End the row that holds, and write the one that follows it."""
        place = {"which": fact.event.hook_id, "position": fact.position}
        batch.write(self._end, **place)
        batch.write(statement, **place, changed_at=fact.event.timestamp, **changes)

    def _continue(self, **changes: BindParameter[Any]) -> Insert:
        """Return the statement that copies the row that ends at a position, but for these columns."""
        changes = {
            "valid_from": bindparam("position", type_=Position),
            "changed_at": bindparam("changed_at", type_=Moment),
            **changes,
        }
        row = {c.name: changes.get(c.name, c) for c in self.hook.columns if c.name != "valid_to"}
        ended = select(*row.values()).where(
            self.hook.c.hook_id == bindparam("which"), self.hook.c.valid_to == bindparam("position")
        )
        return insert(self.hook).from_select(list(row), ended)


def _row(row: Mapping[Any, Any]) -> HookRow:
    return HookRow(**{**row, "event_kind": HookEventKind(row["event_kind"])})
