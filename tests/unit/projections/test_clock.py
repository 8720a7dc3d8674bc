from __future__ import annotations

from datetime import timedelta

import pytest

from palyra_events.errors import UnknownEvent
from palyra_events.hook import HookBound
from palyra_events.store import EventLog
from projections import Views
from tests.journal import Journal
from tests.sample_events import BARE_STAMP, MOMENT, TARGET

#: seconds of the events at positions 1, 2, …: the third bears the time of what set it off
SECONDS = (10, 30, 20, 40)


@pytest.fixture
def told(log: EventLog) -> EventLog:
    """A log whose times do not rise with its positions."""
    journal = Journal(log)
    for number, seconds in enumerate(SECONDS):
        event = BARE_STAMP.on(HookBound, hook_id=f"h{number}", target=TARGET)
        journal.append([event.model_copy(update={"timestamp": MOMENT + timedelta(seconds=seconds)})])
    return log


@pytest.mark.parametrize(
    ("seconds", "position"), [(9, 0), (10, 1), (20, 1), (29, 1), (30, 3), (39, 3), (40, 4), (99, 4)]
)
@pytest.mark.usefixtures("told")
def test_a_moment_is_the_last_position_up_to_which_no_event_is_later(
    views: Views, seconds: int, position: int
):
    """An event that bears an earlier time than the one before it is not reached before that one."""
    assert views.position_at(MOMENT + timedelta(seconds=seconds)) == position


@pytest.mark.usefixtures("told")
def test_a_listing_of_a_moment_is_that_of_its_position(views: Views):
    """Whoever asks by the clock gets what was there."""
    then = MOMENT + timedelta(seconds=29)

    assert [row.hook_id for row in views.hooks(at=then)] == ["h0"]
    assert views.hooks(at=then) == views.hooks(at=1)


@pytest.mark.parametrize("position", [-1, 5])
@pytest.mark.usefixtures("told")
def test_a_position_that_the_log_does_not_have_is_refused(views: Views, position: int):
    """The future has no state, and nothing was before the beginning."""
    with pytest.raises(UnknownEvent):
        views.hooks(at=position)


@pytest.mark.parametrize(("position", "seconds"), [(1, 10), (2, 30), (3, 30), (4, 40)])
@pytest.mark.usefixtures("told")
def test_the_moment_of_a_position_is_the_latest_up_to_it(views: Views, position: int, seconds: int):
    """It rises with positions, and means a position that is not before it; a moment means itself."""
    moment = MOMENT + timedelta(seconds=seconds)

    assert views.moment_at(position) == moment
    assert views.moment_at(moment) == moment
    assert views.position_at(moment) >= position


@pytest.mark.usefixtures("told")
def test_before_the_first_event_there_is_no_moment(views: Views):
    """Nothing tells the time there."""
    with pytest.raises(UnknownEvent):
        views.moment_at(0)
