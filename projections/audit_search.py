"""The view behind searches in the audit trail: the words of each event, and who, what and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Index,
    Select,
    Text,
    cast,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from palyra_events.event import Event
from projections.column import UNSAMPLED, Position
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows
from projections.search import Search
from projections.summary import summarize
from projections.term import joined_terms

_LEXEME = re.compile(r"'([^']+)':([0-9,]+)")


class Terms(TypeDecorator[str]):
    """The terms of a row, joined by spaces; on PostgreSQL a ``tsvector`` with their places."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return how a database keeps them."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the terms as the database takes them."""
        if value is None or dialect.name == "sqlite":
            return value
        # Written with its places, as PostgreSQL would take words apart by rules of its own.
        return " ".join([f"'{term}':{place}" for place, term in enumerate(value.split(), start=1)])

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the terms in their order."""
        if value is None or dialect.name == "sqlite":
            return value
        places = [(int(at), term) for term, ats in _LEXEME.findall(value) for at in ats.split(",")]
        return " ".join(term for _, term in sorted(places))


class AuditSearchView(Projection):
    """The index of the audit trail.

    On SQLite its one table is an FTS5 index that keeps its texts, with the position as the number of
    its rows; on PostgreSQL it is a table with a GIN index.
    """

    name = "audit_search"
    version = 1
    is_decision = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.search = self.table(
            "audit_search",
            Column("rowid", Position, primary_key=True, autoincrement=False),
            Column("terms", Terms, nullable=False, info=dict(UNSAMPLED)),
            added_by="rowid",
        )
        Index(f"ix_{self.search.name}_terms", self.search.c.terms, postgresql_using="gin")

    def create(self, connection: Connection) -> None:
        """Make the table."""
        if connection.dialect.name == "sqlite":
            # The tokenizer leaves everything beyond ASCII as it is: the terms are words already.
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE {self.search.name} USING fts5(terms, tokenize='ascii', columnsize=0)"
            )
        else:
            super().create(connection)

    def create_indexes(self, connection: Connection, indexes: Sequence[Index] | None = None) -> None:
        """Make the index; on SQLite the table is one."""
        if connection.dialect.name != "sqlite":
            super().create_indexes(connection, indexes)

    def positions(self, connection: Connection, search: Search) -> Select[tuple[int]]:
        """Return the question for the positions of the events that a search finds."""
        row = self.search.c
        found: ColumnElement[bool]
        if connection.dialect.name == "sqlite":
            found = literal_column(self.search.name).op("MATCH")(search.for_sqlite())
        else:
            found = row.terms.op("@@")(cast(search.for_postgresql(), TSQUERY))
        return select(row.rowid).where(found)

    def fold(self, fact: Fact[Event], rows: Rows) -> None:
        """Write the terms of an event, of whatever type. A reason that was erased is not among them."""
        event = fact.event
        summary = summarize(event, fact.kind)
        rows.add(
            self.search,
            rowid=fact.position,
            terms=joined_terms(
                [
                    summary.text,
                    None if event.reason is None else fact.open(event.reason),
                    f"{summary.subject.kind} {summary.subject.id}",
                    event.actor,
                    fact.topic,
                    event.correlation_id,
                    event.causation_id,
                    fact.stream,
                ]
            ),
        )
