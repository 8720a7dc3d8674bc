"""Tables that remember: each row says from which event to which it held.

A row holds after the event at ``valid_from`` and until the event at ``valid_to``, which ended it;
the row that holds now has no ``valid_to``. So an event at position N met the rows with
``valid_from < N`` and ``valid_to`` absent or at least N, and the state after the event at P is what
the event at P + 1 would meet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Delete,
    Index,
    MetaData,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.schema import SchemaItem

from projections.column import Position

#: later than every position
POSITION_MAX = 2**63 - 1

#: where a table without a primary key tells the order of its rows
ORDER = "order"
#: where a table whose rows never change tells the column with the position that a row was added at
ADDED_BY = "added by"

_NOTHING: Mapping[str, object] = MappingProxyType({})


class Temporal:
    """A table with one row for each time that something changed.

    ``key`` are the columns that say what a row is about; no two rows of one key hold at the same time.
    Columns that say something only of rows that hold are named in ``while_it_holds``, each with the
    value that it has when the row is over. Where it does not keep ``history``, rows that are over are
    gone: for figures that nobody asks of the past.
    """

    def __init__(
        self,
        name: str,
        metadata: MetaData,
        key: Sequence[Column[Any]],
        *items: SchemaItem,
        while_it_holds: Mapping[str, object] = _NOTHING,
        history: bool = True,
    ) -> None:
        self.key = tuple(column.name for column in key)
        self.while_it_holds = while_it_holds
        self.keeps_history = history
        self.table = Table(
            name,
            metadata,
            *key,
            Column("valid_from", Position, nullable=False),
            Column("valid_to", Position),
            *items,
            info={ORDER: [*(column.name for column in key), "valid_from"]},
        )
        self._of_key = [self.table.c[column] for column in self.key]
        if history:
            Index(None, *self._of_key, self.table.c.valid_from, unique=True)
        now = self.now
        self.now_index = Index(
            f"ix_{self.table.name}_now", *self._of_key, unique=True, sqlite_where=now, postgresql_where=now
        )
        #: the question for the rows that hold of some things, whose keys are told by `asked`
        self.holding: Select[Any] = select(self.table).where(now, self._among())
        #: the statement that ends the row of one thing, told by `ended`
        self.ending = self._ending()

    @property
    def now(self) -> ColumnElement[bool]:
        """The condition of the rows that hold now."""
        return self.table.c.valid_to.is_(None)

    @property
    def until(self) -> ColumnElement[int]:
        """The end of a row, as a number that compares: what holds now ends never. Indexes may hold it."""
        return func.coalesce(self.table.c.valid_to, literal_column(str(POSITION_MAX)))

    def after(self, position: int | None) -> ColumnElement[bool]:
        """Return the condition of the rows that hold after the event at a position, or now."""
        if position is None:
            return self.now
        return (self.table.c.valid_from <= position) & (self.until > position)

    def asked(self, keys: Collection[tuple[Any, ...]]) -> dict[str, Any]:
        """Return the values of the question `holding` for these keys."""
        return {"asked": [key[0] for key in keys] if len(self.key) == 1 else list(keys)}

    def ended(self, key: tuple[Any, ...], position: int) -> dict[str, Any]:
        """Return the values of the statement `ending` for the row of a key, which an event ends."""
        of_key = {f"of_{name}": part for name, part in zip(self.key, key, strict=True)}
        return {**of_key, "ended": position} if self.keeps_history else of_key

    def _among(self) -> ColumnElement[bool]:
        of_key = self._of_key[0] if len(self._of_key) == 1 else tuple_(*self._of_key)
        return of_key.in_(bindparam("asked", expanding=True))

    def _ending(self) -> Update | Delete:
        meant = (self.now, *(column == bindparam(f"of_{column.name}") for column in self._of_key))
        if not self.keeps_history:
            return delete(self.table).where(*meant)
        over = {**self.while_it_holds, "valid_to": bindparam("ended")}
        return update(self.table).where(*meant).values(over)
