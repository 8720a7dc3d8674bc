from __future__ import annotations

from functools import reduce

import pytest

from palyra_events.errors import IllegalTransition
from palyra_events.message import (
    TRIES_MAX,
    Message,
    MessageFailed,
    MessageSent,
    MessageState,
    evolve,
    record_failure,
    record_sent,
)
from palyra_events.retry import retry_at
from tests.sample_events import BARE_STAMP, MOMENT

FRESH = Message("47.1")


def fail(message):
    return record_failure(message, "ops", "connect", "Nobody is there.", BARE_STAMP)


def failed(times):
    return reduce(lambda message, _: evolve(message, fail(message)[0]), range(times), FRESH)


def test_a_message_that_is_taken_is_sent():
    """The record names the message, its channel and the try that brought it there."""
    (sent,) = record_sent(failed(2), "ops", BARE_STAMP)

    assert sent == BARE_STAMP.on(MessageSent, message_id="47.1", channel="ops", attempt=3)
    assert evolve(failed(2), sent) == Message("47.1", MessageState.SENT, 3)


def test_a_failed_try_names_the_time_of_the_next_one():
    """The time is recorded, and drawn from the message's id, as for deliveries."""
    (event,) = fail(FRESH)

    due = retry_at(MOMENT, "47.1", 1)
    assert event == BARE_STAMP.on(
        MessageFailed,
        message_id="47.1",
        channel="ops",
        attempt=1,
        outcome="connect",
        error="Nobody is there.",
        retry_at=due,
    )
    assert evolve(FRESH, event) == Message("47.1", MessageState.RETRYING, 1, due)


def test_the_last_try_gives_the_message_up():
    """After so many tries there is no next one."""
    (event,) = fail(failed(TRIES_MAX - 1))

    assert (event.attempt, event.retry_at) == (TRIES_MAX, None)
    assert failed(TRIES_MAX).state is MessageState.DEAD


@pytest.mark.parametrize("record", [fail, lambda message: record_sent(message, "ops", BARE_STAMP)])
@pytest.mark.parametrize("message", [failed(TRIES_MAX), Message("47.1", MessageState.SENT, 1)])
def test_no_try_is_recorded_of_a_message_that_is_done_with(message, record):
    """Each try has one record, and the last one is the last."""
    with pytest.raises(IllegalTransition, match=r"47\.1"):
        record(message)


def test_an_error_is_cut_to_its_place():
    """What a receiver says cannot grow an event, nor break it."""
    (event,) = record_failure(FRESH, "ops", "http_500", "\ud800" + "x" * 2000, BARE_STAMP)

    assert event.error == "?" + "x" * 999
