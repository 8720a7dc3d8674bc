from __future__ import annotations

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, bindparam, event, insert, select, update

from palyra_events.errors import LogDamaged
from projections.batch import Batch
from projections.engine import reading, writing

TABLE = Table(
    "batch",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("value", Integer),
    Column("other", Integer),
)
INSERT = insert(TABLE)
UPDATE = update(TABLE).where(TABLE.c.id == bindparam("which"))
COPY = insert(TABLE).from_select(
    ["id", "value"],
    select(bindparam("to", type_=Integer), TABLE.c.value).where(TABLE.c.id == bindparam("which")),
)


@pytest.fixture
def table(engine: Engine) -> Table:
    """An empty table."""
    with writing(engine) as connection:
        TABLE.create(connection)
    return TABLE


def _rows(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(TABLE).order_by(TABLE.c.id))]


def test_writes_keep_their_order(engine: Engine, table: Table):
    """A row is changed after it was made, and copied as it is at that moment."""
    with writing(engine) as connection:
        batch = Batch(connection)
        batch.write(INSERT, id=1, value=10)
        batch.write(COPY, which=1, to=2)
        batch.write(UPDATE, which=1, value=11)
        batch.write(UPDATE, which=1, other=5)
        batch.write(INSERT, id=3, value=30)
        batch.flush()

    assert _rows(engine) == [(1, 11, 5), (2, 10, None), (3, 30, None)]


def test_neighbours_go_to_the_database_together(engine: Engine, table: Table):
    """A thousand events of one kind are not a thousand statements."""
    statements = []
    with writing(engine) as connection:
        event.listen(connection, "before_cursor_execute", lambda *call: statements.append(call[5]))
        batch = Batch(connection)
        for number in range(1000):
            batch.write(INSERT, id=number)
        batch.flush()

    assert statements == [True]


@pytest.mark.parametrize(
    ("statement", "values"),
    [(UPDATE, {"which": 7, "value": 1}), (COPY, {"which": 7, "to": 9})],
    ids=["update", "copy"],
)
def test_a_change_of_nothing_is_damage(engine: Engine, table: Table, statement, values):
    """An event about a thing that no event has made does not pass in silence."""
    with writing(engine) as connection:
        batch = Batch(connection)
        batch.write(statement, **values)

        with pytest.raises(LogDamaged):
            batch.flush()


def test_a_change_of_one_too_few_among_many_is_damage(engine: Engine, table: Table):
    """Rows are counted over all that went together."""
    with writing(engine) as connection:
        batch = Batch(connection)
        batch.write(INSERT, id=1)
        batch.write(UPDATE, which=1, value=1)
        batch.write(UPDATE, which=2, value=1)

        with pytest.raises(LogDamaged):
            batch.flush()


def test_an_adjustment_may_change_nothing(engine: Engine, table: Table):
    """What follows from an event may have nothing to do."""
    with writing(engine) as connection:
        batch = Batch(connection)
        batch.adjust(UPDATE, which=7, value=1)
        batch.flush()

    assert _rows(engine) == []
