"""What every view is made of: tables, the events it wants, and what each of them changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Self, TypeAlias

from sqlalchemy import Column, Connection, MetaData, Table
from sqlalchemy.schema import CreateIndex, CreateTable, Index, SchemaItem

from palyra_events.event import Event
from projections.fact import Fact
from projections.rows import Rows, Touched
from projections.temporal import ADDED_BY, ORDER, Temporal

Handler: TypeAlias = Callable[[Fact[Any], Rows], None]

#: names of indexes and constraints hold the table's, and so the generation
_NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}


class Projection:
    """A view of the log; an instance is one generation of it, with tables of its own.

    A handler turns one event into changes of rows. It knows no clock and does no input or output but
    for texts that the event names, so that the same log always gives the same rows.
    """

    #: the view, as people name it
    name: ClassVar[str]
    #: to be raised with every change of tables or handlers: the view is then built anew
    version: ClassVar[int]
    #: True where something acts upon the view: then it stops at an event that it cannot take in
    is_decision: ClassVar[bool]
    #: False where no row has a text that an event names, so that it need not be built anew when one is erased
    holds_texts: ClassVar[bool] = True
    #: what each event changes; other events leave the view as it is
    handlers: Mapping[type[Event], Handler]

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.metadata = MetaData(naming_convention=_NAMES)
        self.temporals: list[Temporal] = []

    @classmethod
    def of(cls, generation: int) -> Self:
        """Return the one instance for a generation, so that its statements are compiled once."""
        # mypy looks for the hash of the instances, where it is the class that is hashed.
        instance: Self = _instance(cls, generation)  # type: ignore[arg-type]
        return instance

    def fold(self, fact: Fact[Any], rows: Rows) -> None:
        """Take in one event."""
        handler = self.handlers.get(fact.kind)
        if handler is not None:
            handler(fact, rows)

    def settle(self, connection: Connection, touched: Touched | None) -> None:
        """Derive what follows from rows that changed, or from all where ``touched`` is None.

        Views that keep nothing but what their handlers write have nothing to do here.
        """

    def table(
        self, name: str, *items: SchemaItem, order: Sequence[str] = (), added_by: str = "position"
    ) -> Table:
        """Define a table of this generation, such as ``audit_g3``, whose rows never change.

        ``order`` are the columns that tell its rows apart where it has no primary key; ``added_by`` is the
        column, if it has one, with the position of the event that a row was added by.
        """
        table = Table(self._named(name), self.metadata, *items, info={ORDER: list(order)})
        table.info[ADDED_BY] = added_by if added_by in table.columns else None
        return table

    def temporal(self, name: str, key: Sequence[Column[Any]], *items: SchemaItem, **traits: Any) -> Temporal:
        """Define a table of this generation that remembers what its rows were; see `Temporal`."""
        temporal = Temporal(self._named(name), self.metadata, key, *items, **traits)
        self.temporals.append(temporal)
        return temporal

    def tables(self) -> dict[str, Table]:
        """Return the tables by the names that they have in every generation."""
        suffix = self._named("")
        return {table.name.removesuffix(suffix): table for table in self.metadata.sorted_tables}

    def create(self, connection: Connection) -> None:
        """Make the tables, without indexes: rows come faster into a table that has none."""
        for table in self.metadata.sorted_tables:
            connection.execute(CreateTable(table))
            if connection.dialect.name == "postgresql":
                _leave_unsampled(connection, table)

    def indexes(self) -> list[Index]:
        """Return the indexes of all tables, in a fixed order."""
        found = (index for table in self.metadata.sorted_tables for index in table.indexes)
        return sorted(found, key=lambda index: str(index.name))

    def create_indexes(self, connection: Connection, indexes: Sequence[Index] | None = None) -> None:
        """Make indexes, or all of them."""
        for index in self.indexes() if indexes is None else indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))

    def _named(self, name: str) -> str:
        return f"{name}_g{self.generation}"


def _leave_unsampled(connection: Connection, table: Table) -> None:
    for column in table.columns:
        if column.info.get("is_unsampled"):
            statement = f"ALTER TABLE {table.name} ALTER COLUMN {column.name} SET STATISTICS 0"
            connection.exec_driver_sql(statement)


@cache
def _instance(projection: Callable[[int], Any], generation: int) -> Any:
    return projection(generation)
