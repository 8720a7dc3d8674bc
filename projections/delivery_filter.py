"""Which deliveries somebody asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Table

from palyra_events.delivery import DeliveryState
from palyra_events.lifecycle import HookEventKind

#: a moment, or a position in the log
Point: TypeAlias = datetime | int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """What is asked of a delivery; all of it has to hold, and what is None or empty asks nothing.

    ``event`` is the kind of the lifecycle event, or its position. ``since`` and ``until`` bound when it
    was scheduled, ``changed_since`` and ``changed_until`` when it last changed; both ends are included.
    """

    states: frozenset[DeliveryState] = frozenset()
    hook_id: str | None = None
    plugin_id: str | None = None
    event: HookEventKind | int | None = None
    since: Point | None = None
    until: Point | None = None
    changed_since: Point | None = None
    changed_until: Point | None = None

    def conditions(self, table: Table) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on the table of deliveries."""
        row = table.c
        if self.states:
            yield row.state.in_(sorted(state.value for state in self.states))
        if self.hook_id is not None:
            yield row.hook_id == self.hook_id
        if self.plugin_id is not None:
            yield row.plugin_id == self.plugin_id
        if isinstance(self.event, int):
            yield row.event_position == self.event
        elif self.event is not None:
            yield row.event_kind == self.event.value
        yield from _between(self.since, self.until, row.scheduled_position, row.scheduled_at)
        yield from _between(self.changed_since, self.changed_until, row.valid_from, row.changed_at)


#: every delivery
EVERY_DELIVERY = DeliveryFilter()


def _between(
    since: Point | None, until: Point | None, position: ColumnElement[Any], moment: ColumnElement[Any]
) -> Iterator[ColumnElement[bool]]:
    if since is not None:
        yield (position if isinstance(since, int) else moment) >= since
    if until is not None:
        yield (position if isinstance(until, int) else moment) <= until
