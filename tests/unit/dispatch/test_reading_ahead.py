from __future__ import annotations

import json
from dataclasses import replace
from itertools import count

import pytest

from palyra_events.application import Intent
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryState,
    Failure,
)
from palyra_events.errors import StorageFailed
from palyra_runtime.dispatch import Claims, Worker
from palyra_runtime.sandbox import Execution, invoke
from palyra_runtime.sandbox import Invocation as SandboxInvocation
from tests.stage import HOOK, PLUGIN, Stage, answering
from tests.unit.dispatch.attempting import due


def flood(stage: Stage, module: bytes, count: int) -> Claims:
    """Let deliveries wait that need no order, of a plugin that is known to be quick."""
    stage.ready(module)
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, ordering="none")
    for _ in range(count):
        stage.fire()
    stage.scheduler().catch_up()
    stage.pace.note(PLUGIN, 0)
    return stage.claims(plugin_concurrency_max=100)


def work_off(worker: Worker) -> None:
    """Carry out whatever is due."""
    while worker.work():
        pass


def steady(module: bytes, call: SandboxInvocation) -> Execution:
    """Run a guest, and say that it took no time, however busy the machine is."""
    return replace(invoke(module, call), duration_us=0)


def test_quick_plugins_are_claimed_ahead(each_stage):
    """One commit claims for a thread and for those that come next; each claim is durable before its guest."""
    claims = flood(each_stage, answering(), 5)

    first = claims.take()

    assert len(each_stage.standing_leases()) == 5
    assert claims.take_quick() != first


def test_a_plugin_that_takes_its_time_is_not_claimed_ahead(each_stage):
    """What would have to wait for a slow guest is left to others."""
    claims = flood(each_stage, answering(), 5)
    each_stage.pace.note(PLUGIN, 1_000_000)

    claim = claims.take()

    assert each_stage.standing_leases() == [claim.lease]
    assert claims.take_quick() is None


def test_only_first_attempts_are_claimed_ahead(each_stage):
    """A plugin that kills its worker costs the deliveries beside it one attempt at the most."""
    claims = flood(each_stage, answering(75, '{"retry":true}'), 3)
    work_off(each_stage.worker(claims=claims, run=steady))
    each_stage.clock.move(hours=1)

    claim = claims.take()

    assert claim.row.attempts == 1
    assert each_stage.standing_leases() == [claim.lease]


def test_outcomes_of_quick_plugins_are_in_the_log_when_work_returns(each_stage):
    """Whoever is told that deliveries were carried out finds each of their outcomes."""
    worker = each_stage.worker(claims=flood(each_stage, answering(), 20), run=steady)
    attempted = []

    while some := worker.attempt_some():
        attempted += some
        outcomes_now = each_stage.events(AttemptSucceeded)
        assert [event.delivery_id for event in outcomes_now] == [each.delivery_id for each in attempted]

    assert [each.state for each in attempted] == [DeliveryState.SUCCEEDED] * 20
    assert each_stage.standing_leases() == []


def test_one_late_outcome_does_not_keep_the_others_away(each_stage):
    """Of outcomes that are recorded together, those that nobody disputes are there."""
    claims = flood(each_stage, answering(), 3)
    disputed: list[str] = []

    def overtaken(module: bytes, call: SandboxInvocation) -> Execution:
        if not disputed:
            disputed.append(json.loads(call.input)["delivery_id"])
            lost = each_stage.application.delivery(disputed[0])
            each_stage.application.record_failure(lost, Failure("worker_lost"), Intent("system:worker"))
        return steady(module, call)

    worker = each_stage.worker(claims=claims, run=overtaken)
    states = {}
    while some := worker.attempt_some():
        states |= {each.delivery_id: each.state for each in some}

    assert states.pop(disputed[0]) is None
    assert list(states.values()) == [DeliveryState.SUCCEEDED] * 2
    assert len(each_stage.events(AttemptSucceeded, AttemptFailed)) == 3


def test_a_host_that_cannot_go_on_records_what_has_ended_and_gives_back_the_rest(each_stage):
    """An error at the second of three guests: the first has its outcome, and nobody holds the others."""
    claims = flood(each_stage, answering(), 3)
    runs = count()

    def failing(module: bytes, call: SandboxInvocation) -> Execution:
        if next(runs) == 1:
            raise StorageFailed
        return steady(module, call)

    worker = each_stage.worker(claims=claims, run=failing)

    with pytest.raises(StorageFailed):
        work_off(worker)

    assert len(each_stage.events(AttemptSucceeded)) == 1
    assert each_stage.standing_leases() == []
    assert len(due(each_stage)) == 2


def test_what_is_claimed_ahead_is_given_back_with_the_rest(each_stage):
    """Whoever hands back holds nothing any more, also of what he had not begun."""
    claims = flood(each_stage, answering(), 4)
    worker = each_stage.worker(claims=claims)
    claims.take()

    handed_back = worker.hand_back()

    assert handed_back == 4
    assert each_stage.standing_leases() == []
