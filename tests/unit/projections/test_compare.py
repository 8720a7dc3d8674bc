from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from palyra_events.hook import HookBound, HookDisabled
from palyra_events.store import EventLog
from projections import (
    Difference,
    NothingToGoBackTo,
    Projector,
    ViewBehind,
    compare_builds,
    verify,
)
from projections.engine import reading, writing
from projections.generation import Status, generations
from projections.hook import HookView
from tests.fragile_view import FragileReport, FragileView
from tests.journal import Journal
from tests.sample_events import TARGET

FORGED = [
    ("UPDATE hook_g1 SET attempts_max = 99 WHERE hook_id = 'b'", ("b", "attempts_max", 99, 3)),
    ("DELETE FROM hook_g1 WHERE hook_id = 'b'", ("b", None, None, "b")),
    ("UPDATE hook_g1 SET hook_id = 'x' WHERE hook_id = 'c' AND valid_to IS NULL", ("c", None, None, "c")),
]


@pytest.fixture
def folded(projector: Projector, journal: Journal) -> Projector:
    """Three hooks, one of which was changed."""
    journal.add_all([(HookBound, {"hook_id": name, "target": TARGET}) for name in "abc"])
    journal.add(HookDisabled, hook_id="a")
    projector.catch_up()
    return projector


def _found(folder: Projector, *names: str) -> list[Difference]:
    views = folder.views_named(names or None)
    return [each for v in verify(folder.folder, views, wait_s=0) for each in v.differences]


def test_views_that_nobody_touched_are_what_the_log_gives(folded: Projector):
    """Each view is compared as far as it has come, and nothing is found."""
    verdicts = verify(folded.folder, folded.views_named(), wait_s=0)

    assert {(v.position, v.differences_count, v.is_good) for v in verdicts} == {(4, 0, True)}


@pytest.mark.parametrize(("forgery", "told"), FORGED)
def test_each_difference_is_named(folded: Projector, engine: Engine, forgery: str, told):
    """Table, key and column, what is there and what the log gives."""
    with writing(engine) as connection:
        connection.execute(text(forgery))

    first = _found(folded, "hook")[0]

    derived = first.derived if first.column else first.derived and first.derived["hook_id"]
    assert (first.view, first.table) == ("hook", "hook")
    assert (first.key["hook_id"], first.column, first.live, derived) == told


def test_a_row_too_many_is_told(folded: Projector, engine: Engine):
    """What the log does not give has no derived row."""
    with writing(engine) as connection:
        connection.execute(text("UPDATE hook_g1 SET hook_id = 'd' WHERE hook_id = 'c'"))

    found = _found(folded, "hook")

    assert [(each.key["hook_id"], each.live is None, each.derived is None) for each in found] == [
        ("c", True, False),
        ("d", False, True),
    ]


def test_nothing_is_left_of_a_comparison(folded: Projector, engine: Engine):
    """The tables that it made are gone, and the next build has the number that they had."""
    _found(folded)

    with reading(engine) as connection:
        assert {(g.number, g.status) for g in generations(connection, *Status)} == {(1, Status.LIVE)}


def test_a_view_is_compared_as_far_as_it_is(folded: Projector, journal: Journal):
    """Events that it has not folded yet are no differences."""
    journal.add(HookDisabled, hook_id="b")

    (verdict,) = verify(folded.folder, [HookView], wait_s=0)

    assert (verdict.position, verdict.is_good) == (4, True)


def test_a_view_that_was_never_built_cannot_be_compared(projector: Projector):
    """There is nothing to look at."""
    with pytest.raises(ViewBehind):
        verify(projector.folder, [HookView], wait_s=0)


def test_a_report_with_a_hole_is_what_the_log_gives(engine: Engine, log: EventLog, journal: Journal):
    """An event that it cannot take in is passed over both times."""
    journal.add_all([(HookBound, {"hook_id": name, "target": TARGET}) for name in ("a", "bad", "c")])
    projector = Projector(engine, log, projections=[FragileReport])
    projector.catch_up()

    (verdict,) = verify(projector.folder, [FragileReport], wait_s=0)

    assert verdict.is_good


def test_a_view_that_cannot_be_derived_says_why(
    engine: Engine, log: EventLog, journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    """What was folded once and cannot be folded now is a finding."""
    journal.add(HookBound, hook_id="a", target=TARGET)
    projector = Projector(engine, log, projections=[FragileView])
    projector.catch_up()
    monkeypatch.setattr(FragileView, "fold", lambda *_: 1 // 0)

    (verdict,) = verify(projector.folder, [FragileView], wait_s=0)

    assert (verdict.is_good, verdict.failure) == (
        False,
        "The view fragile cannot take in event 1: ZeroDivisionError: integer division or modulo by zero",
    )


def test_two_builds_are_compared(folded: Projector, engine: Engine):
    """The one before the live one, and what a rebuild has mended in it."""
    with writing(engine) as connection:
        connection.execute(text("UPDATE hook_g1 SET attempts_max = 99 WHERE hook_id = 'b'"))
    folded.rebuild(["hook"])

    verdict = compare_builds(folded.folder, HookView)

    assert [(each.column, each.live, each.derived) for each in verdict.differences] == [
        ("attempts_max", 3, 99)
    ]


def test_there_is_nothing_to_compare_with_before_a_rebuild(folded: Projector):
    """One build is no two builds."""
    with pytest.raises(NothingToGoBackTo):
        compare_builds(folded.folder, HookView)
