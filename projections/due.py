"""Which deliveries may be carried out now, in an order that is fair between hooks.

Of those that wait for their first attempt each hook has its turn, round and round in the order of hook
ids; so a hook for which thousands are waiting takes no more turns than one for which one is. One that
keeps no order has up to four deliveries in a turn. Retries come when their time has come, the one that is
due first before the others, and every other turn is a retry's.

What it costs depends on what is asked for and on what is being carried out, and not on how many wait:
partial indexes hold what may be carried out, and a recursion leaps from hook to hook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, zip_longest
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    RowMapping,
    Select,
    Table,
    bindparam,
    exists,
    func,
    literal,
    select,
)

from projections.column import Moment
from projections.index import partial_index

#: deliveries that a hook without an order has in its turn beside the first, while others wait for theirs
_MORE_IN_A_TURN = 3

#: follows every hook id: none has a character so late
_AFTER_ALL_HOOKS = "~"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Busy:
    """What may not be carried out at this moment: under which ordering keys, and of which plugins."""

    keys: Collection[str] = ()
    plugin_ids: Collection[str] = ()


NOT_BUSY = Busy()


class DueDeliveries:
    """The questions which deliveries are due, on one generation of their table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        row = table.c
        partial_index("fresh", _is_fresh(table), row.hook_id, row.scheduled_position)
        partial_index("retry", row.is_next.is_(True), row.retry_at)
        self._first_of_hooks = _leap(table)
        place = row.scheduled_position
        self._more_of_hook = (
            select(table)
            .where(_is_fresh(table), _is_free(table), row.hook_id == bindparam("hook"))
            .where(place > bindparam("after"))
            .order_by(place)
            .limit(bindparam("limit"))
        )
        self._retries = (
            select(table)
            .where(row.is_next.is_(True), row.retry_at <= bindparam("now", type_=Moment), _is_free(table))
            .order_by(row.retry_at)
            .limit(bindparam("limit"))
        )

    def rows(
        self, connection: Connection, now: datetime, limit: int, *, after_hook: str, busy: Busy
    ) -> list[RowMapping]:
        """Return at most ``limit`` deliveries, at most one of each ordering key.

        The turn is at the first hook after ``after_hook``.
        """
        values = {
            "busy_keys": list(busy.keys),
            "busy_plugins": list(busy.plugin_ids),
            "now": now,
            "limit": limit,
        }
        retries = connection.execute(self._retries, values).mappings().all()
        fresh = self._in_turn(connection, limit, after_hook, values)
        return list(islice(_alternating([fresh, retries]), limit))

    def has_any(self, connection: Connection, now: datetime, until: int) -> bool:
        """Return whether something that an event up to ``until`` set off may be carried out at ``now``."""
        row = self._table.c
        is_due = row.retry_at.is_(None) | (row.retry_at <= now)
        found = exists().where(row.is_next.is_(True), is_due, row.event_position <= until)
        return bool(connection.scalar(select(found)))

    def next_retry_at(self, connection: Connection, after: datetime | None) -> datetime | None:
        """Return when the first of the retries that can be made is due; of those after a time, if given."""
        row = self._table.c
        query = select(func.min(row.retry_at)).where(row.is_next.is_(True))
        if after is not None:
            query = query.where(row.retry_at > after)
        moment: datetime | None = connection.scalar(query)
        return moment

    def _in_turn(
        self, connection: Connection, limit: int, after_hook: str, values: Mapping[str, object]
    ) -> list[RowMapping]:
        """Return first attempts: one of each hook, and again one, for as long as there are any."""
        rows = self._of_hooks(connection, values, limit, after_hook, _AFTER_ALL_HOOKS)
        if len(rows) < limit and after_hook:
            rows += self._of_hooks(connection, values, limit - len(rows), "", after_hook)
        # A hook that keeps an order has one that may be carried out; another one has as many as wait.
        unordered = [row for row in rows if row["ordering_key"] == row["delivery_id"]]
        room = limit - len(rows)
        if unordered and room:
            each = -(-room // len(unordered))
            if len(unordered) < len(rows):
                each = min(each, _MORE_IN_A_TURN)
            rows += _alternating(
                connection.execute(
                    self._more_of_hook,
                    {**values, "hook": row["hook_id"], "after": row["scheduled_position"], "limit": each},
                ).mappings()
                for row in unordered
            )
        return rows

    def _of_hooks(
        self, connection: Connection, values: Mapping[str, object], limit: int, after: str, until: str
    ) -> list[RowMapping]:
        turn = {**values, "leaps": limit, "after_hook": after, "until_hook": until}
        return list(connection.execute(self._first_of_hooks, turn).mappings())


def _is_fresh(table: FromClause) -> ColumnElement[bool]:
    """Return the condition of a first attempt; SQLite takes a partial index for its very words."""
    return table.c.is_next.is_(True) & table.c.retry_at.is_(None)


def _is_free(table: FromClause) -> ColumnElement[bool]:
    keys: BindParameter[str] = bindparam("busy_keys", expanding=True)
    plugin_ids: BindParameter[str] = bindparam("busy_plugins", expanding=True)
    return table.c.ordering_key.not_in(keys) & table.c.plugin_id.not_in(plugin_ids)


def _leap(table: Table) -> Select[Any]:
    """Return the query for the first delivery of each hook in a range, of at most ``leaps`` hooks.

    Each step finds the next hook by the index, so that nothing is read of the other deliveries of one.
    """
    first = _first_after(table, bindparam("after_hook")).subquery()
    steps = select(first.c.scheduled_position.label("place"), literal(1, Integer).label("step"))
    leap = steps.cte("leap", recursive=True)
    here = table.alias("here")
    # Subqueries: for a join SQLite would read all of the table, to know beforehand what is not in it.
    hook = select(here.c.hook_id).where(here.c.valid_to.is_(None), here.c.scheduled_position == leap.c.place)
    following = _first_after(table, hook.correlate(leap).scalar_subquery()).scalar_subquery()
    leap = leap.union_all(
        select(following, leap.c.step + 1).where(leap.c.place.is_not(None), leap.c.step < bindparam("leaps"))
    )
    is_meant = table.c.scheduled_position.in_(select(leap.c.place))
    return select(table).where(table.c.valid_to.is_(None), is_meant).order_by(table.c.hook_id)


def _first_after(table: Table, hook: Any) -> Select[Any]:
    there = table.alias("there")
    return (
        select(there.c.scheduled_position)
        .where(_is_fresh(there), _is_free(there), there.c.hook_id > hook)
        .where(there.c.hook_id <= bindparam("until_hook"))
        .order_by(there.c.hook_id, there.c.scheduled_position)
        .limit(1)
    )


def _alternating(lines: Iterable[Iterable[_T]]) -> Iterator[_T]:
    """Take one of each line in turn, until all are empty."""
    return (each for each in chain.from_iterable(zip_longest(*lines)) if each is not None)
