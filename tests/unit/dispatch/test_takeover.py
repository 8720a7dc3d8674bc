from __future__ import annotations

import pytest

from palyra_events.application import Intent
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryState,
    Failure,
)
from palyra_events.errors import StaleVersion
from palyra_runtime.dispatch import Attempted, Claim, Claims, Lease
from palyra_runtime.sandbox.session import HostCall
from tests.stage import PLUGIN, answering, guest, unchanged
from tests.unit.dispatch.attempting import attempt


def test_a_lost_attempt_is_recorded_and_counts(each_stage):
    """Whoever finds a dead worker's claim records the attempt as lost, once, and the next one follows."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()
    each_stage.claim_and_die("hook:greet", delivery_id, 1)

    count = each_stage.worker().take_over()

    assert count == 1
    (lost,) = each_stage.events(AttemptFailed)
    assert (lost.outcome, lost.attempt, lost.invocation) == ("worker_lost", 1, None)
    assert each_stage.standing_leases() == []
    each_stage.clock.moment = lost.retry_at
    assert attempt(each_stage) is DeliveryState.SUCCEEDED
    assert each_stage.views.delivery(delivery_id).attempts == 2


def test_a_lost_attempt_has_the_correlation_of_its_trigger(stage):
    """An attempt that died is found with the event that set it off, like any other."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.claim_and_die("hook:greet", delivery_id, 1)

    stage.worker().take_over()

    row = stage.views.delivery(delivery_id)
    started = stage.events(after=row.event_position - 1)[0]
    (lost,) = stage.events(AttemptFailed)
    assert lost.correlation_id == started.correlation_id
    assert lost.causation_id == f"position:{row.scheduled_position}"


def test_a_plugin_that_kills_its_worker_ends_as_a_dead_letter(stage):
    """A crash loop uses up the attempts: the last lost one is the end of it."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    for number in range(1, 6):
        stage.claim_and_die("hook:greet", delivery_id, number)
        stage.worker().take_over()

    assert stage.views.delivery(delivery_id).state is DeliveryState.DEAD
    assert [event.attempt for event in stage.events(AttemptFailed)] == [1, 2, 3, 4, 5]


def test_a_claim_whose_outcome_is_recorded_is_only_dropped(stage):
    """A worker that died after its outcome leaves a claim that means nothing."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    attempt(stage)
    lease = stage.claim_and_die("hook:greet", delivery_id, 1)
    assert stage.standing_leases() == [lease]

    with unchanged(stage.log):
        count = stage.worker().take_over()

    assert count == 0
    assert stage.standing_leases() == []


def test_a_claim_of_a_delivery_that_nobody_knows_is_dropped(stage):
    """A claim from before a restored backup does not stop the dispatcher."""
    stage.claim_and_die("hook:ghost", "99:ghost", 1)

    with unchanged(stage.log):
        count = stage.worker().take_over()

    assert count == 0
    assert stage.standing_leases() == []


def test_the_outcome_of_a_zombie_is_refused(each_stage):
    """A worker that was taken for dead cannot record a second outcome of its attempt."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()
    zombie = each_stage.application.delivery(delivery_id)
    each_stage.claim_and_die("hook:greet", delivery_id, 1)
    each_stage.worker().take_over()

    with pytest.raises(StaleVersion):
        each_stage.application.record_failure(zombie, Failure("guest_failed"), Intent("system:worker"))

    assert [event.outcome for event in each_stage.events(AttemptFailed)] == ["worker_lost"]


def test_a_delivery_that_somebody_else_closed_is_left_alone(stage):
    """What was due when it was claimed, and is closed when it is looked at, is not carried out again."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    claims = stage.claims()
    claim = claims.take()
    closed = stage.application.delivery(delivery_id)
    stage.application.record_failure(closed, Failure("denied"), Intent("system:worker"))

    attempted = stage.worker(claims=Handing(claim)).attempt_some()

    assert attempted == [Attempted(delivery_id, None)]
    assert len(stage.events(AttemptSucceeded, AttemptFailed)) == 1


class Handing(Claims):
    """Hands out one claim, whatever became of it meanwhile."""

    def __init__(self, claim: Claim) -> None:
        self._left = [claim]

    def take(self) -> Claim | None:
        return self._left.pop() if self._left else None

    def take_quick(self) -> Claim | None:
        return None

    def done(self, lease: Lease) -> None:
        pass


def test_two_workers_on_one_delivery_record_one_outcome(stage):
    """Of two workers that begin the same attempt one is refused, whatever the claims say."""
    stage.ready(guest("ask_clock"))
    delivery_id = stage.scheduled()

    class Meddling:
        """Lets another worker record the attempt as lost while the guest runs."""

        def answer(self, call: HostCall) -> bytes:
            lost = stage.application.delivery(delivery_id)
            stage.application.record_failure(lost, Failure("worker_lost"), Intent("system:worker"))
            return b'{"ok":"late"}'

    attempted = stage.worker(broker=Meddling()).attempt_some()

    assert attempted == [Attempted(delivery_id, None)]
    (lost,) = stage.events(AttemptSucceeded, AttemptFailed)
    assert (lost.outcome, lost.delivery_id) == ("worker_lost", delivery_id)


def test_a_worker_does_not_touch_what_another_has_claimed(each_stage):
    """Where another worker holds the ordering key, the attempt does not begin, and its claim stays."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()
    others = Lease("hook:greet", PLUGIN, delivery_id, 1)
    each_stage.another_process().claim([others])

    with unchanged(each_stage.log):
        attempted = each_stage.worker().attempt_some()

    assert attempted == []
    assert each_stage.standing_leases() == [others]


def test_what_another_has_claimed_is_taken_over_when_nothing_is_heard_of_him(each_stage):
    """An expired claim is recorded as lost by whoever looks for work, before it takes on anything."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()
    each_stage.claim_and_die("hook:greet", delivery_id, 1)

    attempted = each_stage.worker().attempt_some()

    assert attempted == []
    (lost,) = each_stage.events(AttemptFailed)
    assert (lost.delivery_id, lost.outcome) == (delivery_id, "worker_lost")
    each_stage.clock.moment = lost.retry_at
    assert attempt(each_stage) is DeliveryState.SUCCEEDED


def test_ctrl_c_while_a_guest_runs_leaves_a_claim_that_is_taken_over(stage):
    """An interrupt ends the drain; the next one records the attempt as lost and makes it again."""
    stage.ready(guest("ask_clock"))
    delivery_id = stage.scheduled()
    interrupted = stage.dispatcher(broker=Interrupting())

    with unchanged(stage.log), pytest.raises(KeyboardInterrupt):
        interrupted.drain()

    assert stage.standing_leases() == [Lease("hook:greet", PLUGIN, delivery_id, 1, 0)]
    report = stage.dispatcher().drain()
    assert (report.taken_over, report.waiting) == (1, 1)
    stage.clock.move(hours=1)
    assert stage.dispatcher().drain().succeeded == 1


class Interrupting:
    """Somebody presses Ctrl-C while the guest waits for an answer."""

    def answer(self, call: HostCall) -> bytes:
        raise KeyboardInterrupt
