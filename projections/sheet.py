"""Rows of a temporal table in memory, while some events are folded into them.

Handlers say how a row evolves; nothing is read or written for each event. What is needed of the
table is read once, what came of it is written once, and a rebuild keeps the rows that hold from page
to page and never reads any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from projections.temporal import Temporal

Key: TypeAlias = tuple[Any, ...]
Row: TypeAlias = dict[str, Any]
#: tells the row after an event from the row before it; None is none. Where it is the same, nothing changed.
Evolve: TypeAlias = Callable[[Row | None], Row | None]


@dataclass(slots=True)
class Written:
    """What has to be brought to the table: new rows, and the ends of rows that are in it."""

    rows: list[Row] = field(default_factory=list)
    ends: list[tuple[Key, int]] = field(default_factory=list)


class Sheet:
    """The rows of one temporal table that hold now, and what happens to them.

    With ``is_whole`` it begins with an empty table, so what is not in memory does not exist.
    """

    def __init__(self, temporal: Temporal, *, is_whole: bool = False) -> None:
        self._temporal = temporal
        self._is_whole = is_whole
        self._blank = {column.name: None for column in temporal.table.columns}
        self._holding: dict[Key, Row] = {}
        #: keys whose row is in the table, as it is here
        self._stored: set[Key] = set()
        self._changes: list[tuple[int, Key, Evolve]] = []
        #: keys whose row must be known before the changes can be made
        self._asked: set[Key] = set()
        self._written = Written()

    def __len__(self) -> int:
        return len(self._holding)

    def evolve(self, position: int, key: Key, evolve: Evolve, *asked: Key) -> None:
        """Let a row evolve with the event at a position; the rows of ``asked`` have to be known for that."""
        self._changes.append((position, key, evolve))
        self._asked.update(asked)

    def holding(self, key: Key) -> Row | None:
        """Return the row that holds, for who has asked for it, while the changes are made."""
        return self._holding.get(key)

    def missing(self) -> set[Key]:
        """Return the keys whose rows must be looked up in the table."""
        return set() if self._is_whole else self._asked - self._holding.keys()

    def know(self, rows: Collection[Row]) -> None:
        """Take over rows that the table holds now."""
        for row in rows:
            key = tuple(row[name] for name in self._temporal.key)
            self._holding[key] = row
            self._stored.add(key)

    def apply(self) -> Collection[Row]:
        """Let all rows evolve, in the order of events, and return those that changed and hold now.

        Raises:
            LogDamaged: an event changes something that no event before it has made, or makes it twice.
        """
        touched = set()
        for position, key, evolve in self._changes:
            before = self._holding.get(key)
            after = evolve(before)
            if after is not before:
                self._replace(position, key, before, after)
                touched.add(key)
        self._changes.clear()
        self._asked.clear()
        return [self._holding[key] for key in touched if key in self._holding]

    def take_ended(self) -> Written:
        """Return what will never change again, for the table; it is no longer here."""
        written, self._written = self._written, Written()
        return written

    def take_all(self) -> Written:
        """Return all that the table does not have yet; what holds is looked up there from now on."""
        written = self.take_ended()
        written.rows.extend(row for key, row in self._holding.items() if key not in self._stored)
        self._holding.clear()
        self._stored.clear()
        self._is_whole = False
        return written

    def _replace(self, position: int, key: Key, before: Row | None, after: Row | None) -> None:
        if before is not None:
            self._close(position, key, before)
        if after is not None:
            of_key = dict(zip(self._temporal.key, key, strict=True))
            derived = self._temporal.while_it_holds
            self._holding[key] = {**self._blank, **after, **derived, **of_key, "valid_from": position}

    def _close(self, position: int, key: Key, row: Row) -> None:
        """End the row that holds; one that began with this very event never held."""
        del self._holding[key]
        if key in self._stored:
            self._stored.discard(key)
            self._written.ends.append((key, position))
        elif row["valid_from"] != position and self._temporal.keeps_history:
            # The row that follows is another dict, and nobody else has this one.
            row.update(self._temporal.while_it_holds)
            row["valid_to"] = position
            self._written.rows.append(row)
