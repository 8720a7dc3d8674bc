"""What the handlers of a view write: the one thing that they can do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table

from palyra_events.errors import LogDamaged
from projections.loader import load, one_or_all
from projections.sheet import Row, Sheet, Written
from projections.temporal import Temporal

#: rows that changed, as they are now, by table
Touched: TypeAlias = Mapping[Temporal, Collection[Row]]

#: keys of one question to the database
_KEYS_MAX = 500


class Rows:
    """The writes of one view for some events, in their order.

    ``position`` is that of the event that is being folded; every change takes place there. Nothing
    reaches the database before `write_ended` or `write_all`, so an event that cannot be folded leaves
    nothing behind.
    """

    def __init__(self, *, is_whole: bool = False) -> None:
        self.position = 0
        self._is_whole = is_whole
        self._piles: defaultdict[Table, list[Row]] = defaultdict(list)
        self._sheets: dict[Temporal, Sheet] = {}

    def add(self, table: Table, **values: object) -> None:
        """Add a row that never changes, with a value for each column."""
        self._piles[table].append(values)

    def begin(self, temporal: Temporal, *key: object, **values: object) -> None:
        """Let something come into being; it must not be there."""
        self._sheet(temporal).evolve(self.position, key, lambda row: _absent(row, values))

    def ensure(self, temporal: Temporal, *key: object, **values: object) -> None:
        """Let something come into being where it is not there."""
        self._sheet(temporal).evolve(self.position, key, lambda row: values if row is None else row, key)

    def put(self, temporal: Temporal, *key: object, **values: object) -> None:
        """Let something be so from now on, whether it was there or not."""
        self._sheet(temporal).evolve(self.position, key, lambda _: values, key)

    def lift(self, temporal: Temporal, *key: object, **values: Any) -> None:
        """Let columns have no lower values than these from now on, whether something was there or not."""

        def lifted(row: Row | None) -> Row:
            is_lifted = row is None or any(row[name] < value for name, value in values.items())
            return values if row is None or is_lifted else row

        self._sheet(temporal).evolve(self.position, key, lifted, key)

    def change(self, temporal: Temporal, *key: object, **values: object) -> None:
        """Let some columns of what is there have other values from now on."""
        self._sheet(temporal).evolve(self.position, key, lambda row: {**_there(row), **values}, key)

    def revise(self, temporal: Temporal, *key: object, by: Callable[[Row], Row]) -> None:
        """Let some columns have values that follow from the row as it was."""
        self._sheet(temporal).evolve(self.position, key, lambda row: {**_there(row), **by(_there(row))}, key)

    def succeed(
        self, temporal: Temporal, before: Sequence[object], after: Sequence[object], **values: object
    ) -> None:
        """Let something be what another thing is, but for some columns, whether it was there or not."""
        sheet, old, new = self._sheet(temporal), tuple(before), tuple(after)
        sheet.evolve(self.position, new, lambda _: {**_there(sheet.holding(old)), **values}, old, new)

    def become(self, temporal: Temporal, *key: object, by: Callable[[Row | None], Row | None]) -> None:
        """Let something be what follows from what it was, None where it was not there."""
        self._sheet(temporal).evolve(self.position, key, by, key)

    def end(self, temporal: Temporal, *key: object) -> None:
        """Let something that is there be gone."""
        self._sheet(temporal).evolve(self.position, key, _gone, key)

    def discard(self, temporal: Temporal, *key: object) -> None:
        """Let something be gone, whether it was there or not."""
        self._sheet(temporal).evolve(self.position, key, lambda _: None, key)

    def add_about(self, table: Table, temporal: Temporal, *key: object, values: Callable[[Row], Row]) -> None:
        """Add a row that never changes, with values that follow from what something is at this point."""

        def added(row: Row | None) -> Row:
            there = _there(row)
            self._piles[table].append(values(there))
            return there

        self._sheet(temporal).evolve(self.position, key, added, key)

    def __len__(self) -> int:
        """Return how many rows are in memory."""
        return sum(map(len, self._piles.values())) + sum(map(len, self._sheets.values()))

    def fold(self, connection: Connection) -> Touched:
        """Make the changes, and return the rows that hold after them, by table.

        Raises:
            LogDamaged: an event changes something that no event before it has made, or makes it twice.
        """
        return {temporal: self._fold(connection, temporal, sheet) for temporal, sheet in self._sheets.items()}

    def write_ended(self, connection: Connection) -> None:
        """Bring to the database what never changes again; what holds stays in memory."""
        self._write(connection, {temporal: sheet.take_ended() for temporal, sheet in self._sheets.items()})

    def write_all(self, connection: Connection) -> None:
        """Bring everything to the database; nothing stays in memory."""
        self._is_whole = False
        self._write(connection, {temporal: sheet.take_all() for temporal, sheet in self._sheets.items()})

    def _sheet(self, temporal: Temporal) -> Sheet:
        sheet = self._sheets.get(temporal)
        if sheet is None:
            sheet = self._sheets[temporal] = Sheet(temporal, is_whole=self._is_whole)
        return sheet

    def _fold(self, connection: Connection, temporal: Temporal, sheet: Sheet) -> Collection[Row]:
        missing = list(sheet.missing())
        for start in range(0, len(missing), _KEYS_MAX):
            asked = temporal.asked(missing[start : start + _KEYS_MAX])
            sheet.know([dict(row) for row in connection.execute(temporal.holding, asked).mappings()])
        return sheet.apply()

    def _write(self, connection: Connection, written: Mapping[Temporal, Written]) -> None:
        for table, rows in self._piles.items():
            load(connection, table, rows)
        self._piles.clear()
        for temporal, each in written.items():
            if each.ends:
                ends = [temporal.ended(*end) for end in each.ends]
                connection.execute(temporal.ending, one_or_all(ends))
            load(connection, temporal.table, each.rows)


def _absent(row: Row | None, values: Row) -> Row:
    if row is not None:
        raise LogDamaged("An event makes something that is there already.")
    return values


def _there(row: Row | None) -> Row:
    if row is None:
        raise LogDamaged("An event changes something that no event before it has made.")
    return row


def _gone(row: Row | None) -> None:
    _there(row)
