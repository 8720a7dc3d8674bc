from __future__ import annotations

from functools import reduce

import pytest

from palyra_events.errors import IllegalTransition, ReasonRequired
from palyra_events.message import (
    TRIES_MAX,
    Message,
    MessageDiscarded,
    MessageFailed,
    MessageRequeued,
    MessageSent,
    MessageState,
    discard_message,
    evolve,
    record_failure,
    record_sent,
    requeue_message,
)
from palyra_events.retry import retry_at
from tests.sample_events import BARE_STAMP, FULL_STAMP, MOMENT

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
@pytest.mark.parametrize(
    "message",
    [
        failed(TRIES_MAX),
        Message("47.1", MessageState.SENT, 1),
        Message("47.1", MessageState.DISCARDED),
    ],
)
def test_no_try_is_recorded_of_a_message_that_is_done_with(message, record):
    """Each try has one record, and the last one is the last."""
    with pytest.raises(IllegalTransition, match=r"47\.1"):
        record(message)


@pytest.mark.parametrize("times", [1, TRIES_MAX])
def test_a_message_that_failed_is_tried_again_as_often_as_at_first(times):
    """Whether it was given up or waits: it is due at once, and the numbers of its tries go on."""
    (requeued,) = requeue_message(failed(times), BARE_STAMP)
    again = evolve(failed(times), requeued)
    story = [again]
    while story[-1].state is MessageState.RETRYING:
        story.append(evolve(story[-1], fail(story[-1])[0]))

    assert requeued == BARE_STAMP.on(MessageRequeued, message_id="47.1")
    assert again == Message("47.1", MessageState.RETRYING, times, None, times)
    assert (story[-1].state, story[-1].attempts) == (MessageState.DEAD, times + TRIES_MAX)
    assert story[1].retry_at == retry_at(MOMENT, "47.1", 1)


@pytest.mark.parametrize("state", [MessageState.WAITING, MessageState.SENT, MessageState.DISCARDED])
def test_only_a_message_that_failed_is_requeued(state):
    """What waits is tried anyway, and what is done with stays so."""
    with pytest.raises(IllegalTransition, match="only one that failed"):
        requeue_message(Message("47.1", state), BARE_STAMP)


@pytest.mark.parametrize("message", [FRESH, failed(1), failed(TRIES_MAX)])
def test_a_message_that_is_not_sent_is_discarded_for_a_reason(message):
    """It never comes back, so somebody has to say why."""
    (discarded,) = discard_message(message, FULL_STAMP)

    assert discarded == FULL_STAMP.on(MessageDiscarded, message_id="47.1")
    assert evolve(message, discarded).state is MessageState.DISCARDED
    with pytest.raises(ReasonRequired, match="say why"):
        discard_message(message, BARE_STAMP)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.DISCARDED])
def test_what_is_done_with_is_not_discarded(state):
    """What somebody has cannot be taken back."""
    with pytest.raises(IllegalTransition, match="it cannot be discarded"):
        discard_message(Message("47.1", state), FULL_STAMP)


def test_an_error_is_cut_to_its_place():
    """What a receiver says cannot grow an event, nor break it."""
    (event,) = record_failure(FRESH, "ops", "http_500", "\ud800" + "x" * 2000, BARE_STAMP)

    assert event.error == "?" + "x" * 999
