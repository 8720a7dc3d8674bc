from __future__ import annotations

import pytest

from palyra_events.delivery import AttemptSucceeded, DeliveryScheduled
from palyra_events.errors import StalePosition
from palyra_runtime.dispatch import DispatcherBusy, RunnerDisabled
from palyra_runtime.dispatch.role import dispatcher_role
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from projections import open_engine
from tests.stage import Stage, answering, guest, unchanged


def test_a_drain_schedules_and_carries_out_all_that_is_due(each_stage: Stage):
    """One call brings every event to every hook, and says how many of them ended how."""
    each_stage.ready(answering())
    each_stage.ready(answering(64, '{"retry":false}'), hook="bad", plugin="bad", skill_id="acme.bad")
    for _ in range(3):
        each_stage.fire()

    report = each_stage.dispatcher().drain()

    assert (report.scheduled, report.succeeded, report.dead) == (6, 3, 3)
    assert (report.skipped, report.retrying, report.taken_over, report.waiting) == (0, 0, 0, 0)
    assert report.next_retry_at is None
    assert each_stage.standing_leases() == []


def test_a_drain_with_nothing_to_do_writes_nothing(stage: Stage):
    """Draining twice is draining once."""
    stage.ready(answering())
    stage.fire()
    stage.dispatcher().drain()

    with unchanged(stage.log):
        report = stage.dispatcher().drain()

    assert (report.scheduled, report.succeeded) == (0, 0)


def test_a_drain_goes_past_the_first_page(stage: Stage):
    """More deliveries than are looked up at once are carried out in one drain."""
    stage.ready(answering())
    for number in range(1, 121):
        stage.palyra.hooks.bind(f"hook{number:03}", event="gateway:startup", plugin="echo")
    stage.fire()

    report = stage.dispatcher().drain()

    assert (report.succeeded, report.waiting) == (121, 0)


def test_what_waits_for_its_next_attempt_is_counted_and_dated(stage: Stage):
    """A retry that is due later is left, and the report says how many wait and until when."""
    stage.ready(guest("patient"))
    delivery_id = stage.scheduled()

    report = stage.dispatcher().drain()

    assert (report.retrying, report.waiting) == (1, 1)
    assert report.next_retry_at == stage.views.delivery(delivery_id).retry_at
    stage.clock.moment = report.next_retry_at
    assert stage.dispatcher().drain().retrying == 1


def test_one_poison_plugin_among_twenty_hurts_nobody(stage: Stage):
    """The hooks of nineteen good plugins get their outcomes beside one that traps."""
    stage.ready(guest("unreachable"), hook="hook00", plugin="poison", skill_id="acme.poison")
    stage.ready(answering(), hook="hook01")
    for number in range(2, 20):
        stage.palyra.hooks.bind(f"hook{number:02}", event="gateway:startup", plugin="echo")
    stage.fire()

    report = stage.dispatcher().drain()

    assert (report.succeeded, report.retrying) == (19, 1)


def test_a_quarantine_during_a_drain_holds_for_what_comes_after(stage: Stage):
    """The right to run is read anew for each attempt, also within one drain."""
    stage.ready(answering())
    stage.palyra.hooks.bind("later", event="gateway:startup", plugin="echo")
    stage.scheduled()
    worker = stage.worker()
    worker.attempt_some()
    stage.palyra.skills.quarantine("acme.echo")

    (second,) = worker.attempt_some()

    assert second.state == "skipped"
    assert len(stage.events(AttemptSucceeded)) == 1


def test_a_drain_takes_over_what_a_dead_dispatcher_began(stage: Stage):
    """The claim of a dispatcher that died is an attempt; the drain records it and says so."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.claim_and_die("hook:greet", delivery_id, 1)

    report = stage.dispatcher().drain()

    assert (report.taken_over, report.succeeded, report.waiting) == (1, 0, 1)


def test_a_runner_that_is_switched_off_takes_no_role(stage: Stage):
    """With ``enabled = false`` nothing is scheduled, skipped or failed: it waits."""
    stage.ready(answering())
    stage.fire()
    off = stage.open("off", policy=WasmPluginRunnerPolicy(enabled=False))

    with unchanged(stage.log), pytest.raises(RunnerDisabled):
        off.dispatch.drain()

    assert stage.palyra.dispatch.drain().succeeded == 1


def test_a_dispatcher_without_the_role_is_fenced(each_stage: Stage):
    """If a lock should ever fail, the log itself lets only one of two dispatchers schedule."""
    each_stage.ready(answering())
    scheduler = each_stage.scheduler()
    each_stage.fire()
    each_stage.dispatcher().drain()
    head = each_stage.log.head()

    with pytest.raises(StalePosition):
        scheduler.catch_up()

    assert each_stage.log.head() == head
    assert len(each_stage.events(DeliveryScheduled)) == 1


def test_the_role_is_asked_for_and_given_back(each_stage: Stage):
    """A dispatcher that finds the role taken is refused; it can be had again afterwards."""
    other = open_engine(each_stage.url)
    dispatcher = each_stage.dispatcher()
    with (
        dispatcher_role(other, each_stage.log),
        pytest.raises(DispatcherBusy),
        dispatcher.role(wait_ms=0),
    ):
        pass

    with dispatcher.role(wait_ms=0):
        report = dispatcher.drain()

    other.dispose()
    assert report.scheduled == 0
