from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, select

from projections.column import Id, Moment, Words
from projections.engine import reading, writing

SAMPLE = Table(
    "sample",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("id", Id),
    Column("moment", Moment),
    Column("words", Words),
)


def _kept(engine: Engine, column: Column, values: list[object]) -> list[object]:
    """Write values into one column and read them in its order."""
    with writing(engine) as connection:
        SAMPLE.create(connection)
        connection.execute(insert(SAMPLE), [{column.name: value} for value in values])
    with reading(engine) as connection:
        return list(connection.scalars(select(column).order_by(column)))


def test_ids_sort_by_their_bytes(engine: Engine):
    """Two machines with other locales list in the same order."""
    assert _kept(engine, SAMPLE.c.id, ["b", "_", "a.b", "a-b", "ab", "10", "9"]) == [
        "10", "9", "_", "a-b", "a.b", "ab", "b",
    ]  # fmt: skip


def test_moments_come_back_in_utc_and_in_order(engine: Engine):
    """A time given in any zone is kept to the microsecond and sorts by when it was."""
    east = datetime(2026, 3, 1, 1, 0, 0, 1, timezone(timedelta(hours=9)))
    utc = datetime(2026, 2, 28, 17, 0, 0, 0, UTC)

    kept = _kept(engine, SAMPLE.c.moment, [utc, east])

    assert [moment.isoformat() for moment in kept] == [
        "2026-02-28T16:00:00.000001+00:00",
        "2026-02-28T17:00:00+00:00",
    ]


def test_words_keep_all_but_the_null_character(engine: Engine):
    """What PostgreSQL cannot keep is replaced, alike on both databases."""
    assert _kept(engine, SAMPLE.c.words, ["nul:\0 größer 🎉"]) == ["nul:\ufffd größer 🎉"]


@pytest.mark.parametrize("column", [SAMPLE.c.moment, SAMPLE.c.words], ids=["moment", "words"])
def test_nothing_stays_nothing(engine: Engine, column: Column):
    """An absent value comes back as absent."""
    assert _kept(engine, column, [None]) == [None]
