from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import IntegrityError

from projections.code import code_hash
from projections.engine import reading, writing
from projections.generation import (
    DEAD_LETTER,
    GENERATION,
    Generation,
    Status,
    advance,
    begin,
    bury,
    drop,
    generations,
    go_live,
    hold,
    prepare,
)
from projections.hook import HookView
from projections.plugin import PluginView


@pytest.fixture(autouse=True)
def prepared(engine: Engine) -> None:
    """The bookkeeping tables are there."""
    prepare(engine)


@pytest.fixture
def building(engine: Engine) -> Generation:
    """A generation of the hooks that is being built."""
    with writing(engine) as connection:
        return begin(connection, HookView, head=7)


def _all(engine: Engine) -> list[Generation]:
    with reading(engine) as connection:
        return generations(connection, *Status)


def _tables(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [name for name in inspect(connection).get_table_names() if "_g" in name]


def test_to_prepare_twice_changes_nothing(engine: Engine, building: Generation):
    """Each start prepares."""
    prepare(engine)

    assert _all(engine) == [building]


def test_a_new_generation_is_empty_and_nobody_reads_it(engine: Engine, building: Generation):
    """It has tables of its own, begins before the first event, and remembers where the log was."""
    assert building == Generation(
        "hook", 1, HookView.version, Status.BUILDING, 0, 7, ("hook_g1",), code_hash(HookView), is_paused=False
    )
    assert _all(engine) == [building]
    assert _tables(engine) == ["hook_g1"]


def test_a_generation_is_held_only_as_expected(engine: Engine, building: Generation):
    """Who comes with an old position stands back."""
    with writing(engine) as connection:
        advance(connection, [building], 5)

    with writing(engine) as connection:
        held = hold(connection, [building])
        moved = hold(connection, generations(connection, Status.BUILDING))

    assert (held, moved) == (False, True)


def test_to_advance_one_view_leaves_the_others(engine: Engine, building: Generation):
    """Positions are per view and per status."""
    with writing(engine) as connection:
        go_live(connection, building)
        rebuilt = begin(connection, HookView, head=7)
        begin(connection, PluginView, head=7)
        advance(connection, [rebuilt], 5)

    assert [(g.projection, g.number, g.position) for g in _all(engine)] == [
        ("hook", 1, 0),
        ("hook", 2, 5),
        ("plugin", 1, 0),
    ]


def test_the_live_generation_retires_when_another_one_goes_live(engine: Engine, building: Generation):
    """One is read, one is kept, and older ones are there for who reads them still."""
    with writing(engine) as connection:
        go_live(connection, building)
        for _ in range(2):
            go_live(connection, begin(connection, HookView, head=7))

    assert [(g.number, g.status) for g in _all(engine)] == [
        (1, Status.LEFT),
        (2, Status.RETIRED),
        (3, Status.LIVE),
    ]
    assert sorted(_tables(engine)) == ["hook_g1", "hook_g2", "hook_g3"]


def test_a_dropped_generation_leaves_nothing(engine: Engine, building: Generation):
    """Neither tables nor dead letters of it stay, and those of another one do."""
    with writing(engine) as connection:
        other = begin(connection, PluginView, head=7)
        bury(connection, building, 3, "bad")
        bury(connection, other, 4, "bad")

        drop(connection, building)

    with reading(engine) as connection:
        buried = [tuple(row) for row in connection.execute(select(DEAD_LETTER))]
    assert buried == [("plugin", 1, 4, "bad")]
    assert _tables(engine) == ["plugin_g1"]
    assert _all(engine) == [other]


def test_a_generation_whose_tables_are_gone_can_be_dropped(engine: Engine, building: Generation):
    """A rebuild mends what somebody has dropped by hand."""
    with writing(engine) as connection:
        HookView.of(1).hook.table.drop(connection)
        drop(connection, building)

    assert _all(engine) == []


@pytest.mark.parametrize("status", [Status.LIVE, Status.BUILDING])
def test_the_database_refuses_a_second_generation_of_a_status(engine: Engine, status: Status):
    """Whatever goes wrong in a program, a view never has two truths."""
    row = {"projection": "hook", "version": 1, "status": status.value, "position": 0, "started_position": 0}
    row |= {"code_hash": "", "is_paused": False}
    rows = [{**row, "number": number, "tables": []} for number in (1, 2)]

    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(GENERATION.insert(), rows)
