from __future__ import annotations

import pytest
from sqlalchemy import Engine

from palyra_events.hook import HookBound
from palyra_events.store import EventLog
from projections import DeadLetter, Projector, dead_letters, discard_dead_letters
from tests.fragile_view import FragileReport
from tests.journal import Journal
from tests.sample_events import TARGET

LETTERS = [
    DeadLetter("report", 1, "ValueError: bad is bad"),
    DeadLetter("report", 3, "ValueError: bad2 is bad"),
]


@pytest.fixture
def reported(engine: Engine, log: EventLog, journal: Journal) -> Projector:
    """A report that went on without two events."""
    for name in ("bad", "a", "bad2"):
        journal.add(HookBound, hook_id=name, target=TARGET)
    projector = Projector(engine, log, projections=[FragileReport])
    projector.catch_up()
    return projector


@pytest.mark.usefixtures("reported")
def test_what_a_report_went_on_without_is_listed(engine: Engine):
    """By view and position, with the error."""
    assert dead_letters(engine) == dead_letters(engine, "report") == LETTERS
    assert dead_letters(engine, "audit") == []


@pytest.mark.parametrize(("positions", "left"), [([1], LETTERS[1:]), (None, []), ([2], LETTERS)])
@pytest.mark.usefixtures("reported")
def test_dead_letters_are_forgotten_on_request(engine: Engine, positions, left):
    """One, or all; what is not there is not forgotten."""
    gone = discard_dead_letters(engine, "report", positions)

    assert dead_letters(engine, "report") == left
    assert gone == [letter for letter in LETTERS if letter not in left]


def test_a_rebuild_takes_in_what_can_be_taken_in_now(
    reported: Projector, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    """The dead letters of a build go with it."""
    monkeypatch.setattr("tests.fragile_view._BAD", "bad2")

    reported.rebuild()

    assert dead_letters(engine) == LETTERS[1:]
