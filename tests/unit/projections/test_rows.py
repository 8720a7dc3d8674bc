from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Connection, Engine, Integer, MetaData, Table, select
from sqlalchemy.exc import IntegrityError

from palyra_events.errors import LogDamaged
from projections.column import Id, Moment, Position, Words
from projections.engine import writing
from projections.loader import load
from projections.rows import Rows
from projections.temporal import Temporal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Tables(NamedTuple):
    """A temporal table with a key of two columns, and one that only grows."""

    metadata: MetaData
    thing: Temporal
    note: Table


class Change(NamedTuple):
    """What one event does to a thing."""

    verb: str
    key: tuple[str, str]
    colour: str


@pytest.fixture
def tables(engine: Engine) -> Iterator[Tables]:
    metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})
    key = [Column("owner", Id), Column("name", Id)]
    thing = Temporal("thing", metadata, key, Column("colour", Words), Column("is_new", Boolean))
    note = Table(
        "note",
        metadata,
        Column("position", Position, primary_key=True, autoincrement=False),
        Column("at", Moment),
        Column("text", Words),
        Column("count", Integer),
    )
    with writing(engine) as connection:
        metadata.create_all(connection)
    yield Tables(metadata, thing, note)
    with writing(engine) as connection:
        metadata.drop_all(connection)


def contents(connection: Connection, temporal: Temporal, *conditions: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a temporal table, in the order of keys and of time."""
    row = temporal.table.c
    query = select(temporal.table).where(*conditions).order_by(row.owner, row.name, row.valid_from)
    return [tuple(found) for found in connection.execute(query)]


def put_down(rows: Rows, thing: Temporal, position: int, change: Change) -> None:
    """Do what a handler does."""
    rows.position = position
    values = {"colour": change.colour, "is_new": change.verb == "begin"}
    if change.verb == "end":
        rows.end(thing, *change.key)
    else:
        getattr(rows, change.verb)(thing, *change.key, **values)


def by_pages(engine: Engine, thing: Temporal, changes: Sequence[Change], size: int) -> None:
    """Fold as the live views do: each page reads what it needs and writes all it has."""
    for start in range(0, len(changes), size):
        with writing(engine) as connection:
            rows = Rows()
            for position, change in enumerate(changes[start : start + size], start + 1):
                put_down(rows, thing, position, change)
            rows.fold(connection)
            rows.write_all(connection)


def at_once(engine: Engine, thing: Temporal, changes: Sequence[Change], size: int, limit: int) -> None:
    """Fold as a rebuild does: what holds stays in memory, unless that is more than ``limit`` rows."""
    rows = Rows(is_whole=True)
    for start in range(0, len(changes), size):
        with writing(engine) as connection:
            for position, change in enumerate(changes[start : start + size], start + 1):
                put_down(rows, thing, position, change)
            rows.fold(connection)
            rows.write_ended(connection)
            if len(rows) > limit:
                rows.write_all(connection)
    with writing(engine) as connection:
        rows.write_all(connection)


@st.composite
def histories(draw: Callable[[Any], Any]) -> list[Change]:
    """Return changes that follow from one another."""
    there: set[tuple[str, str]] = set()
    changes = []
    for _ in range(draw(st.integers(0, 30))):
        key = (draw(st.sampled_from("ab")), draw(st.sampled_from("xyz")))
        verb = draw(st.sampled_from(["change", "end"])) if key in there else "begin"
        (there.discard if verb == "end" else there.add)(key)
        changes.append(Change(verb, key, draw(st.sampled_from(["red", "green", "blue\0"]))))
    return changes


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=histories(), live=st.integers(1, 9), rebuilt=st.integers(1, 9), limit=st.integers(0, 9))
def test_pages_and_memory_give_the_same_rows(
    engine: Engine, tables: Tables, changes: list[Change], live: int, rebuilt: int, limit: int
):
    """However the events are divided, and wherever rows are kept meanwhile, the table is the same."""
    found = []
    for fold in (
        lambda: by_pages(engine, tables.thing, changes, live),
        lambda: at_once(engine, tables.thing, changes, rebuilt, limit),
    ):
        with writing(engine) as connection:
            connection.execute(tables.thing.table.delete())
        fold()
        with engine.connect() as connection:
            found.append(contents(connection, tables.thing))
    assert found[0] == found[1]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=histories(), size=st.integers(1, 9))
def test_state_after_any_event_is_told(engine: Engine, tables: Tables, changes: list[Change], size: int):
    """The rows that held after an event are those that folding up to it gives."""
    with writing(engine) as connection:
        connection.execute(tables.thing.table.delete())
    by_pages(engine, tables.thing, changes, size)
    held: dict[tuple[str, str], str] = {}
    with engine.connect() as connection:
        for position, change in enumerate(changes, 1):
            if change.verb == "end":
                del held[change.key]
            else:
                held[change.key] = change.colour.replace("\0", "\ufffd")
            rows = contents(connection, tables.thing, tables.thing.after(position))
            assert {row[:2]: row[4] for row in rows} == held
        assert contents(connection, tables.thing, tables.thing.now) == contents(
            connection, tables.thing, tables.thing.after(len(changes))
        )


@pytest.mark.parametrize("verb", ["change", "end"])
@pytest.mark.parametrize("rows", [Rows(), Rows(is_whole=True)], ids=["page", "rebuild"])
def test_what_was_never_made_cannot_change(engine: Engine, tables: Tables, verb: str, rows: Rows):
    """An event about something that no event has made is damage, and nothing is written."""
    put_down(rows, tables.thing, 1, Change(verb, ("a", "x"), "red"))
    with pytest.raises(LogDamaged), writing(engine) as connection:
        rows.fold(connection)


def test_what_is_there_cannot_be_made_again_in_a_page(engine: Engine, tables: Tables):
    """Two beginnings of one thing are damage."""
    rows = Rows()
    put_down(rows, tables.thing, 1, Change("begin", ("a", "x"), "red"))
    put_down(rows, tables.thing, 2, Change("begin", ("a", "x"), "green"))
    with pytest.raises(LogDamaged), writing(engine) as connection:
        rows.fold(connection)


def test_what_is_there_cannot_be_made_again_in_another_page(engine: Engine, tables: Tables):
    """The database refuses a second row that holds."""
    twice = [Change("begin", ("a", "x"), "red"), Change("begin", ("a", "x"), "green")]
    with pytest.raises(IntegrityError):
        by_pages(engine, tables.thing, twice, 1)


def test_two_changes_by_one_event_are_one_row(engine: Engine, tables: Tables):
    """A row that never held is not kept."""
    rows = Rows()
    rows.position = 1
    rows.begin(tables.thing, "a", "x", colour="red", is_new=True)
    rows.change(tables.thing, "a", "x", colour="green")
    with writing(engine) as connection:
        rows.fold(connection)
        rows.write_all(connection)
    with engine.connect() as connection:
        assert contents(connection, tables.thing) == [("a", "x", 1, None, "green", True)]


@pytest.mark.parametrize("count", [0, 1, 19, 20, 500])
def test_many_rows_are_kept_as_few_are(engine: Engine, tables: Tables, count: int):
    """The fast way into the database keeps exactly what the usual one keeps."""
    rows = [
        {"position": n, "at": None if n % 7 == 0 else NOON, "text": "a\0b" if n % 3 else None, "count": n}
        for n in range(1, count + 1)
    ]
    with writing(engine) as connection:
        load(connection, tables.note, rows)
    with engine.connect() as connection:
        fast = [tuple(row) for row in connection.execute(select(tables.note).order_by("position"))]
    with writing(engine) as connection:
        connection.execute(tables.note.delete())
        for row in rows:
            connection.execute(tables.note.insert(), row)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(select(tables.note).order_by("position"))] == fast


def test_rows_are_counted_where_they_are(engine: Engine, tables: Tables):
    """Whoever bounds memory knows how much is in it."""
    rows = Rows(is_whole=True)
    put_down(rows, tables.thing, 1, Change("begin", ("a", "x"), "red"))
    rows.add(tables.note, position=1, at=NOON, text="one", count=1)
    with writing(engine) as connection:
        rows.fold(connection)
        assert len(rows) == 2
        rows.write_ended(connection)
        assert len(rows) == 1
        rows.write_all(connection)
    assert len(rows) == 0
