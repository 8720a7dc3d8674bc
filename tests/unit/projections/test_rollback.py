from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect

from palyra_events.hook import HookBound
from palyra_events.store import EventLog
from projections import (
    NothingToGoBackTo,
    Projector,
    Status,
    UnknownProjection,
    Views,
    content_digest,
    drop_builds,
    roll_back,
)
from projections.engine import reading
from projections.generation import generations
from projections.hook import HookView
from tests.fragile_view import FragileReport
from tests.journal import Journal
from tests.sample_events import TARGET


@pytest.fixture
def rebuilt(projector: Projector, journal: Journal) -> Projector:
    """A view that was rebuilt, and has folded an event since then."""
    journal.add(HookBound, hook_id="a", target=TARGET)
    projector.catch_up()
    projector.rebuild(["hook"])
    journal.add(HookBound, hook_id="b", target=TARGET)
    projector.catch_up()
    return projector


def _builds(engine: Engine) -> list[tuple[int, Status, int]]:
    with reading(engine) as connection:
        found = generations(connection, *Status)
    return [(g.number, g.status, g.position) for g in found if g.projection == "hook"]


def test_going_back_is_no_step_back_in_time(rebuilt: Projector, engine: Engine, views: Views):
    """The old build has taken in what happened since, before anybody reads it."""
    roll_back(rebuilt.folder, HookView, wait_s=0)

    assert _builds(engine) == [(1, Status.LIVE, 2), (2, Status.RETIRED, 2)]
    assert [row.hook_id for row in views.hooks()] == ["a", "b"]
    assert content_digest(engine, "hook", 1) == content_digest(engine, "hook", 2)


def test_going_back_twice_undoes_it(rebuilt: Projector, engine: Engine):
    """The build that was left is kept in the place of the other one."""
    for _ in range(2):
        roll_back(rebuilt.folder, HookView, wait_s=0)

    assert _builds(engine) == [(1, Status.RETIRED, 2), (2, Status.LIVE, 2)]


def test_a_view_that_was_never_rebuilt_cannot_go_back(projector: Projector):
    """There is nothing to go back to."""
    projector.catch_up()

    with pytest.raises(NothingToGoBackTo):
        roll_back(projector.folder, HookView, wait_s=0)


def test_what_nobody_reads_can_be_dropped(rebuilt: Projector, engine: Engine):
    """Its tables are gone, and the live build stays."""
    dropped = drop_builds(rebuilt.folder, "hook", with_live=False, wait_s=0)

    with reading(engine) as connection:
        tables = inspect(connection).get_table_names()
    assert [build.number for build in dropped] == [1]
    assert ("hook_g1" in tables, "hook_g2" in tables) == (False, True)


def test_a_view_that_is_dropped_is_built_when_somebody_asks(rebuilt: Projector, views: Views):
    """The log has all of it."""
    drop_builds(rebuilt.folder, "hook", with_live=True, wait_s=0)

    assert [row.hook_id for row in views.hooks()] == ["a", "b"]


def test_a_view_that_no_code_knows_any_more_can_be_dropped(
    engine: Engine, log: EventLog, projector: Projector
):
    """What a program has left behind does not stay for ever."""
    Projector(engine, log, projections=[FragileReport]).catch_up()

    dropped = drop_builds(projector.folder, "report", with_live=True, wait_s=0)

    assert [build.tables for build in dropped] == [("fragile_g1",)]


def test_what_does_not_exist_cannot_be_dropped(projector: Projector):
    """A name that nothing has is an error."""
    with pytest.raises(UnknownProjection):
        drop_builds(projector.folder, "hooks", with_live=True, wait_s=0)
