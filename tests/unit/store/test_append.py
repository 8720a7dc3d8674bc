from __future__ import annotations

from dataclasses import replace

from palyra_events.record import NewEvent
from palyra_events.store import EventLog
from palyra_events.store.append import Append, recorded_before
from tests.new_events import new_events


def before(log: EventLog, append: Append) -> list[int] | None:
    found = recorded_before(append, log._backend)
    return None if found is None else list(found)


def test_lost_answer_is_recognised(log: EventLog):
    """An append whose answer was lost is known by all of its rows, and counts as done."""
    events = new_events(3)
    log.append(events)
    assert before(log, Append(events, unsure=True)) == [1, 2, 3]


def test_sending_it_again_succeeds_once(log: EventLog):
    """A second try of a recorded append returns the positions of the first and records nothing."""
    append = Append(new_events(3), tracking=("scheduler", 1))
    log._backend.record(append)
    again = list(log._backend.record(replace(append, unsure=True)))
    assert (again, log.head()) == ([1, 2, 3], 3)


def test_first_try_is_a_conflict(log: EventLog):
    """Equal rows are no excuse for an append that was not tried before."""
    log.append(new_events(1))
    assert before(log, Append(new_events(1))) is None


def test_one_other_byte_is_a_conflict(log: EventLog):
    """A row with another topic or state is somebody else's."""
    log.append(new_events(2))
    first, second = new_events(2)
    others = [second._replace(state=b"{}"), second._replace(topic="Other@1")]
    assert [before(log, Append([first, other], unsure=True)) for other in others] == [None, None]


def test_half_of_it_is_a_conflict(log: EventLog):
    """An append is recorded as a whole or it was not this one."""
    log.append(new_events(2))
    assert before(log, Append(new_events(3), unsure=True)) is None


def test_rows_apart_are_a_conflict(log: EventLog):
    """Equal rows that were not recorded together are not this append."""
    first, second = new_events(2)
    other = NewEvent(*new_events(1, number=2)[0])
    for event in (first, other, second):
        log.append([event])
    assert before(log, Append([first, second], unsure=True)) is None


def test_position_alone_is_not_recognised(log: EventLog):
    """A consumer's position leaves nothing to tell who recorded it, so the second try stands back."""
    log.append([], tracking=("scheduler", 3))
    assert before(log, Append([], tracking=("scheduler", 3), unsure=True)) is None
