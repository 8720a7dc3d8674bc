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
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryHastened,
    DeliveryRequeued,
    DeliverySkipped,
    DeliveryState,
    Failure,
    cancel_delivery,
    discard_delivery,
    evolve,
    record_failure,
    record_success,
    requeue_delivery,
    retry_delivery,
    skip_delivery,
)
from palyra_events.errors import IllegalTransition, InvalidInput, ReasonRequired, UnknownDelivery
from palyra_events.hook import HookEnabled
from palyra_events.registry import REGISTRY
from palyra_events.retry import retry_at
from tests.sample_events import BARE_STAMP, EFFECTS, FULL_STAMP, INVOCATION, MOMENT

CRASH = Failure("trapped:unreachable", "boom", INVOCATION)
OPEN = [DeliveryState.SCHEDULED, DeliveryState.RETRYING]
CLOSED = [DeliveryState.SUCCEEDED, DeliveryState.DEAD, DeliveryState.SKIPPED, DeliveryState.CANCELLED]


def succeed(delivery):
    return record_success(delivery, INVOCATION, EFFECTS, BARE_STAMP)


def fail(delivery, failure=CRASH):
    return record_failure(delivery, failure, BARE_STAMP)


def skip(delivery):
    return skip_delivery(delivery, "skill_quarantined", 44, BARE_STAMP)


def cancel(delivery):
    return cancel_delivery(delivery, BARE_STAMP)


def discard(delivery):
    return discard_delivery(delivery, FULL_STAMP)


def requeue(delivery):
    return requeue_delivery(delivery, BARE_STAMP)


def retry(delivery):
    return retry_delivery(delivery, BARE_STAMP)


def after(delivery, events):
    return reduce(evolve, events, delivery)


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize(
    ("command", "reached"),
    [
        (succeed, DeliveryState.SUCCEEDED),
        (fail, DeliveryState.RETRYING),
        (skip, DeliveryState.SKIPPED),
        (cancel, DeliveryState.CANCELLED),
    ],
)
def test_an_open_delivery_moves_as_designed(delivery_in, state, command, reached):
    """Each step from an open state leads to the one state that the diagram names."""
    delivery = delivery_in(state)
    assert after(delivery, command(delivery)).state is reached


@pytest.mark.parametrize("state", CLOSED)
@pytest.mark.parametrize("command", [succeed, fail, skip, cancel])
def test_a_closed_delivery_takes_no_outcome(delivery_in, state, command):
    """What is decided stays decided: a late worker is told so."""
    with pytest.raises(IllegalTransition) as refused:
        command(delivery_in(state))
    assert refused.value.details == {"delivery_id": "41:greet", "state": str(state)}


@pytest.mark.parametrize("command", [succeed, fail, skip, cancel, discard, requeue, retry])
def test_a_delivery_that_was_never_scheduled_is_unknown(command):
    """No outcome makes a delivery up, and nobody can change its course."""
    with pytest.raises(UnknownDelivery):
        command(Delivery("41:greet"))


@pytest.mark.parametrize("state", list(DeliveryState))
def test_open_means_that_an_attempt_is_due(state):
    """Two states are open, the others are closed."""
    assert state.is_open is (state in OPEN)


@pytest.mark.parametrize("state", CLOSED)
def test_whatever_came_to_an_end_can_be_carried_out_once_more(delivery_in, state):
    """A new round begins with the limit of attempts before it, and goes on with their numbers."""
    delivery = delivery_in(state)

    (requeued,) = requeue(delivery)
    again = evolve(delivery, requeued)

    assert requeued == BARE_STAMP.on(DeliveryRequeued, delivery_id="41:greet", round=2)
    assert (again.state, again.round, again.retry_at) == (DeliveryState.SCHEDULED, 2, None)
    assert (again.attempts, again.attempts_before) == (delivery.attempts, delivery.attempts)


@pytest.mark.parametrize("state", OPEN)
def test_what_is_open_is_not_requeued(delivery_in, state):
    """It is carried out anyway, and a second round would be one too many."""
    with pytest.raises(IllegalTransition, match="it will be carried out anyway"):
        requeue(delivery_in(state))


def test_each_round_has_all_its_attempts(delivery_in):
    """Three in each of two rounds, numbered 1 to 6, and the delays begin anew."""
    delivery, numbers, due = delivery_in(DeliveryState.SCHEDULED), [], []
    for _ in range(2):
        while delivery.state.is_open:
            failed, *_ = events = fail(delivery)
            numbers.append(failed.attempt)
            due.append(failed.retry_at)
            delivery = after(delivery, events)
        delivery = after(delivery, requeue(delivery))

    assert numbers == [1, 2, 3, 4, 5, 6]
    assert due[:3] == due[3:] == [retry_at(MOMENT, "41:greet", 1), retry_at(MOMENT, "41:greet", 2), None]
    assert delivery.round == 3


def test_requests_to_the_world_are_known_by_delivery_and_round(delivery_in):
    """Every attempt of a round has the same id, and the next round another one."""
    first = delivery_in(DeliveryState.SCHEDULED)
    second = after(first, [*skip(first)])

    assert first.work_id == delivery_in(DeliveryState.RETRYING).work_id == "41:greet.1"
    assert after(second, requeue(second)).work_id == "41:greet.2"


@pytest.mark.parametrize("state", OPEN)
def test_a_cancelled_delivery_says_where_it_stood(delivery_in, state):
    """What was waiting is not told apart by hindsight."""
    (cancelled,) = cancel(delivery_in(state))

    assert cancelled == BARE_STAMP.on(DeliveryCancelled, delivery_id="41:greet", was=state)


def test_a_dead_letter_is_discarded_for_a_reason(delivery_in):
    """It is closed either way, but nobody has to look after it any more."""
    dead = delivery_in(DeliveryState.DEAD)

    (discarded,) = discard(dead)

    assert discarded.was is DeliveryState.DEAD
    assert evolve(dead, discarded).state is DeliveryState.CANCELLED
    with pytest.raises(ReasonRequired, match="say why"):
        discard_delivery(dead, BARE_STAMP)


@pytest.mark.parametrize("state", [*OPEN, *(state for state in CLOSED if state is not DeliveryState.DEAD)])
def test_only_a_dead_letter_is_discarded(delivery_in, state):
    """What succeeded, or is still to come, is no letter of the dead."""
    with pytest.raises(IllegalTransition, match="only a dead one"):
        discard(delivery_in(state))


def test_a_dead_letter_is_retried_in_a_new_round(delivery_in):
    """Its attempts are used up, so it gets those of another round."""
    assert retry(delivery_in(DeliveryState.DEAD)) == requeue(delivery_in(DeliveryState.DEAD))


def test_a_waiting_delivery_is_retried_at_once_in_its_round(delivery_in):
    """It waits no longer, and the world knows the next attempt by the same ids."""
    waiting = delivery_in(DeliveryState.RETRYING)

    (hastened,) = retry(waiting)
    due = evolve(waiting, hastened)

    assert hastened == BARE_STAMP.on(DeliveryHastened, delivery_id="41:greet")
    assert (due.state, due.retry_at, due.work_id) == (DeliveryState.RETRYING, None, waiting.work_id)


def test_what_is_due_already_is_left_alone(delivery_in):
    """To retry twice, or too late, changes nothing."""
    waiting = delivery_in(DeliveryState.RETRYING)
    late = replace(BARE_STAMP, timestamp=waiting.retry_at)

    assert retry_delivery(waiting, late) == []
    assert retry(after(waiting, retry(waiting))) == []


@pytest.mark.parametrize(
    "state",
    [DeliveryState.SCHEDULED, DeliveryState.SUCCEEDED, DeliveryState.SKIPPED, DeliveryState.CANCELLED],
)
def test_what_did_not_fail_is_not_retried(delivery_in, state):
    """To carry out once more what did not fail is to redeliver it."""
    with pytest.raises(IllegalTransition, match="only a dead or a waiting one"):
        retry(delivery_in(state))


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
