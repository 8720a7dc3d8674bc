from __future__ import annotations

from dataclasses import replace
from functools import reduce

import pytest

from palyra_events.delivery import (
    MESSAGE_LENGTH_MAX,
    PERMANENT_OUTCOMES,
    AttemptFailed,
    AttemptSucceeded,
    Delivery,
    DeliveryDeadLettered,
    DeliverySkipped,
    DeliveryState,
    Failure,
    evolve,
    record_failure,
    record_success,
    skip_delivery,
)
from palyra_events.errors import IllegalTransition, InvalidInput, UnknownDelivery
from palyra_events.hook import HookEnabled
from palyra_events.registry import REGISTRY
from palyra_events.retry import retry_at
from tests.sample_events import BARE_STAMP, EFFECTS, INVOCATION, MOMENT

CRASH = Failure("trapped:unreachable", "boom", INVOCATION)
OPEN = [DeliveryState.SCHEDULED, DeliveryState.RETRYING]
CLOSED = [DeliveryState.SUCCEEDED, DeliveryState.DEAD, DeliveryState.SKIPPED]


def succeed(delivery):
    return record_success(delivery, INVOCATION, EFFECTS, BARE_STAMP)


def fail(delivery, failure=CRASH):
    return record_failure(delivery, failure, BARE_STAMP)


def skip(delivery):
    return skip_delivery(delivery, "skill_quarantined", 44, BARE_STAMP)


def after(delivery, events):
    return reduce(evolve, events, delivery)


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize(
    ("command", "reached"),
    [(succeed, DeliveryState.SUCCEEDED), (fail, DeliveryState.RETRYING), (skip, DeliveryState.SKIPPED)],
)
def test_an_open_delivery_moves_as_designed(delivery_in, state, command, reached):
    """Each step from an open state leads to the one state that the diagram names."""
    delivery = delivery_in(state)
    assert after(delivery, command(delivery)).state is reached


@pytest.mark.parametrize("state", CLOSED)
@pytest.mark.parametrize("command", [succeed, fail, skip])
def test_a_closed_delivery_takes_no_outcome(delivery_in, state, command):
    """What is decided stays decided: a late worker is told so."""
    with pytest.raises(IllegalTransition) as refused:
        command(delivery_in(state))
    assert refused.value.details == {"delivery_id": "41:greet", "state": str(state)}


@pytest.mark.parametrize("command", [succeed, fail, skip])
def test_a_delivery_that_was_never_scheduled_is_unknown(command):
    """No outcome makes a delivery up."""
    with pytest.raises(UnknownDelivery):
        command(Delivery("41:greet"))


@pytest.mark.parametrize("state", list(DeliveryState))
def test_open_means_that_an_attempt_is_due(state):
    """Two states are open, three are closed."""
    assert state.is_open is (state in OPEN)


def test_a_success_is_one_event(delivery_in):
    """It has the number of its attempt, the whole record of the run, and all that it changed."""
    assert succeed(delivery_in(DeliveryState.RETRYING)) == [
        BARE_STAMP.on(
            AttemptSucceeded, delivery_id="41:greet", attempt=2, invocation=INVOCATION, effects=EFFECTS
        )
    ]


def test_a_failure_names_the_time_of_the_next_attempt(delivery_in):
    """The time is recorded, so that no process has to remember it."""
    delivery = delivery_in(DeliveryState.SCHEDULED)
    (failed,) = fail(delivery)
    assert failed == BARE_STAMP.on(
        AttemptFailed,
        delivery_id="41:greet",
        attempt=1,
        outcome="trapped:unreachable",
        message="boom",
        retry_at=retry_at(MOMENT, "41:greet", 1),
        invocation=INVOCATION,
    )
    assert evolve(delivery, failed).retry_at == failed.retry_at


def test_attempts_are_numbered_without_gaps_to_the_last(delivery_in):
    """Three attempts, and the third failure makes the dead letter in the same append."""
    delivery, appends = delivery_in(DeliveryState.SCHEDULED), []
    while delivery.state.is_open:
        appends.append(fail(delivery))
        delivery = after(delivery, appends[-1])
    assert [[type(event) for event in events] for events in appends] == [
        [AttemptFailed],
        [AttemptFailed],
        [AttemptFailed, DeliveryDeadLettered],
    ]
    assert [events[0].attempt for events in appends] == [1, 2, 3]
    assert (delivery.state, delivery.attempts, delivery.retry_at) == (DeliveryState.DEAD, 3, None)


def test_the_last_failure_promises_no_attempt(delivery_in):
    """A dead letter has no time at which it would be tried again."""
    delivery = replace(delivery_in(DeliveryState.RETRYING), attempts=2)
    failed, dead = fail(delivery)
    assert failed.retry_at is None
    assert (dead.attempts, dead.outcome) == (3, "trapped:unreachable")


@pytest.mark.parametrize("outcome", sorted(PERMANENT_OUTCOMES))
def test_a_permanent_outcome_is_not_tried_again(delivery_in, outcome):
    """The same bytes would fail the same way."""
    delivery = delivery_in(DeliveryState.SCHEDULED)
    failed, dead = fail(delivery, Failure(outcome))
    assert (failed.retry_at, dead.attempts, dead.outcome) == (None, 1, outcome)


def test_a_guest_can_decline_another_attempt(delivery_in):
    """An output that says that a retry is of no use makes a dead letter at once."""
    failed, dead = fail(
        delivery_in(DeliveryState.SCHEDULED), replace(CRASH, outcome="guest_failed", permanent=True)
    )
    assert (failed.outcome, failed.retry_at, dead.attempts) == ("guest_failed", None, 1)


@pytest.mark.parametrize(
    "outcome", ["worker_lost", "out_of_fuel", "deadline", "memory", "bad_output", "guest_failed"]
)
def test_other_outcomes_are_tried_again(delivery_in, outcome):
    """A dead worker, a full machine or a late answer may be better next time."""
    assert [type(event) for event in fail(delivery_in(DeliveryState.SCHEDULED), Failure(outcome))] == [
        AttemptFailed
    ]


def test_a_lost_worker_leaves_no_invocation(delivery_in):
    """Nothing is claimed about a run of which nothing is known, and yet it counts."""
    (failed,) = fail(delivery_in(DeliveryState.SCHEDULED), Failure("worker_lost"))
    assert (failed.invocation, failed.attempt) == (None, 1)


def test_a_skip_says_why_and_as_of_when(delivery_in):
    """An auditor can ask the log the same question at the same position."""
    assert skip(delivery_in(DeliveryState.SCHEDULED)) == [
        BARE_STAMP.on(DeliverySkipped, delivery_id="41:greet", cause="skill_quarantined", as_of=44)
    ]


def test_a_skip_counts_no_attempt(delivery_in):
    """The plugin was not invoked."""
    delivery = delivery_in(DeliveryState.RETRYING)
    assert after(delivery, skip(delivery)).attempts == 1


@pytest.mark.parametrize("character", ["x", "\x01", "😀", "\ud800"], ids=ascii)
def test_whatever_a_guest_says_its_failure_is_recorded(delivery_in, character):
    """A message of any length and of any characters fits into the event."""
    (failed,) = fail(delivery_in(DeliveryState.SCHEDULED), replace(CRASH, message=character * 100_000))
    assert len(failed.message) == MESSAGE_LENGTH_MAX
    assert REGISTRY.encode(failed)


def test_a_skip_before_the_log_began_is_refused():
    """A right was read at a position of the log, not before it."""
    with pytest.raises(InvalidInput):
        BARE_STAMP.on(DeliverySkipped, delivery_id="41:greet", cause="x", as_of=-1)


@pytest.mark.parametrize(
    "delivery_id", ["", "greet", ":greet", "41:", "x:greet", "41:a\n", "41:" + "a" * 161], ids=ascii
)
def test_a_delivery_id_is_a_position_and_a_hook(delivery_id):
    """Nothing else names a delivery in the log."""
    with pytest.raises(InvalidInput):
        BARE_STAMP.on(DeliverySkipped, delivery_id=delivery_id, cause="x", as_of=1)


def test_other_events_change_nothing(delivery_in):
    """A stream may come to hold events that this rule does not know."""
    delivery = delivery_in(DeliveryState.RETRYING)
    assert evolve(delivery, BARE_STAMP.on(HookEnabled, hook_id="greet")) == delivery
