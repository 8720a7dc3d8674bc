"""What every view is made of: tables, the events it wants, and what each of them writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, Self, TypeAlias

from sqlalchemy import MetaData, Table
from sqlalchemy.schema import SchemaItem

from palyra_events.event import Event
from projections.batch import Batch
from projections.fact import Fact

Handler: TypeAlias = Callable[[Fact[Any], Batch], None]

#: names of indexes and constraints hold the table's, and so the generation
_NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}


class Projection:
    """A view of the log; an instance is one generation of it, with tables of its own.

    A handler turns one event into writes. It knows no clock and does no input or output but for
    the batch and for texts that the event names, so that the same log always gives the same rows.
    """

    #: the view, as people name it
    name: ClassVar[str]
    #: to be raised with every change of tables or handlers: the view is then built anew
    version: ClassVar[int]
    #: True where something acts upon the view: then it stops at an event that it cannot take in
    is_decision: ClassVar[bool]
    #: what each event writes; other events leave the view as it is
    handlers: Mapping[type[Event], Handler]

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.metadata = MetaData(naming_convention=_NAMES)

    @classmethod
    def of(cls, generation: int) -> Self:
        """Return the one instance for a generation, so that its statements are compiled once."""
        # mypy looks for the hash of the instances, where it is the class that is hashed.
        instance: Self = _instance(cls, generation)  # type: ignore[arg-type]
        return instance

    def fold(self, fact: Fact[Any], batch: Batch) -> None:
        """Take in one event."""
        handler = self.handlers.get(type(fact.event))
        if handler is not None:
            handler(fact, batch)

    def table(self, name: str, *items: SchemaItem) -> Table:
        """Define a table of this generation, such as ``hook_g3``."""
        return Table(f"{name}_g{self.generation}", self.metadata, *items)

    def tables(self) -> dict[str, Table]:
        """Return the tables by the names that they have in every generation."""
        suffix = f"_g{self.generation}"
        return {table.name.removesuffix(suffix): table for table in self.metadata.sorted_tables}


@cache
def _instance(projection: Callable[[int], Any], generation: int) -> Any:
    return projection(generation)
