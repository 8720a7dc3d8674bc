from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest

from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_events.message import MessageSent
from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.config import GatewaySettings
from palyra_runtime.dispatch import DispatcherBusy, Lease, RunnerDisabled
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.running_gateway import gateway_in_a_thread, until_somebody_works, wait_for
from tests.stage import (
    HOOK,
    OPEN_POLICY,
    PLUGIN,
    Stage,
    StageClock,
    StageEntropy,
    answering,
    guest,
    unchanged,
)

#: fuel for longer than any deadline
ENDLESS = WasmPluginRunnerPolicy(fuel_budget=2**40)


def test_what_happens_while_it_runs_is_carried_out(each_stage: Stage):
    """An event of another process sets off its hooks at once, and so does the gateway's own start."""
    each_stage.ready(answering())

    with gateway_in_a_thread(each_stage.palyra, each_stage.log):
        wait_for(each_stage.log, AttemptSucceeded)
        each_stage.fire()
        wait_for(each_stage.log, AttemptSucceeded, 2)


def test_the_stop_is_recorded_with_its_cause(each_stage: Stage):
    """A program that asks for the stop reads so in the log and in the report."""
    with gateway_in_a_thread(each_stage.palyra, each_stage.log) as running:
        each_stage.palyra.gateway.stop()
        report = running.result()

    (started,), (stopped,) = each_stage.events(GatewayStarted), each_stage.events(GatewayStopped)
    assert (started.actor, stopped.actor) == ("system:gateway", "system:gateway")
    assert (stopped.gateway_id, stopped.cause) == (started.gateway_id, "request")
    assert (report.gateway_id, report.cause, report.unfinished) == (started.gateway_id, "request", ())


def test_what_is_being_done_at_the_stop_is_finished(tmp_path: Path):
    """The attempt that runs when the stop is asked for has its outcome recorded, and no lease is left."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=ENDLESS) as stage:
        ready_to_spin(stage, 500)
        with gateway_in_a_thread(stage.palyra, stage.log) as running:
            until_somebody_works(stage)
            stage.palyra.gateway.stop()
            report = running.result()

        (failed,) = stage.events(AttemptFailed)
        assert (failed.outcome, report.unfinished) == ("deadline", ())
        assert stage.standing_leases() == []


def test_what_outlives_the_grace_is_handed_back(tmp_path: Path):
    """An attempt that does not end in time is no attempt: nothing is recorded, and others begin at once."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=ENDLESS) as stage:
        ready_to_spin(stage, 1_000)
        stage.fire()
        hasty = Surroundings(stage.clock, StageEntropy("hasty"), ENDLESS, gateway=GatewaySettings(grace_ms=0))
        with Palyra.open(stage.url, home=tmp_path, surroundings=hasty) as palyra:
            # The module is compiled now, and what comes next is the guest.
            assert palyra.dispatch.drain().dead == 1
            with gateway_in_a_thread(palyra, stage.log) as running:
                until_somebody_works(stage)
                palyra.gateway.stop()
                report = running.result()

        assert "worker-1" in report.unfinished
        assert len(stage.events(AttemptFailed)) == 1
        assert stage.standing_leases() == []
        assert stage.events(GatewayStopped)[0].cause == "request"


def ready_to_spin(stage: Stage, timeout_ms: int) -> None:
    """Bind a plugin that never ends by itself to the start of a gateway."""
    quotas = {"fuel_budget": ENDLESS.fuel_budget, "wall_clock_timeout_ms": timeout_ms}
    stage.ready(guest("spin"), capabilities={"quotas": quotas})
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, attempts_max=1)


def test_a_gateway_runs_again_after_its_stop(stage: Stage):
    """One face can run several gateways, one after the other."""
    stage.ready(answering())

    for count in (1, 2):
        with gateway_in_a_thread(stage.palyra, stage.log):
            wait_for(stage.log, AttemptSucceeded, count)

    assert [event.cause for event in stage.events(GatewayStopped)] == ["request", "request"]


def test_a_retry_is_made_when_it_is_due(tmp_path: Path):
    """Nothing happens in the log when a retry falls due; the gateway wakes by the clock."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, clock=RealClock()) as stage:
        stage.ready(answering(64), hook="again")
        with gateway_in_a_thread(stage.palyra, stage.log):
            first, second = wait_for(stage.log, AttemptFailed, 2)

    assert second.timestamp >= first.retry_at


class RealClock(StageClock):
    def __call__(self) -> datetime:
        return clock.now()


def test_messages_are_sent_while_it_runs(tmp_path: Path):
    """The outbox is a service of its own: what a plugin sends arrives without a drain."""
    sent: list[str] = []

    class Receiver:
        def send(self, outgoing):
            sent.append(outgoing.message_id)

    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as stage:
        stage.ready_with_effects(guest("tally"))
        sending = Surroundings(stage.clock, StageEntropy("sender"), OPEN_POLICY, senders={"ops": Receiver()})
        with (
            Palyra.open(stage.url, home=tmp_path, surroundings=sending) as palyra,
            gateway_in_a_thread(palyra, stage.log),
        ):
            wait_for(stage.log, MessageSent)

        assert [event.message_id for event in stage.events(MessageSent)] == sent


def test_views_are_folded_although_nobody_asks(stage: Stage):
    """A report view is at the head soon after an event that sets off nothing."""
    with gateway_in_a_thread(stage.palyra, stage.log):
        head = stage.fire()
        waiting = threading.Event()
        while any(row.position < head for row in stage.views.status()):
            assert not waiting.wait(0.01)


def test_a_second_gateway_over_one_file_is_refused(stage: Stage):
    """It is told which process has the role and since when, and records no start."""
    second = stage.open("second gateway")

    with (
        gateway_in_a_thread(stage.palyra, stage.log),
        unchanged(stage.log),
        pytest.raises(DispatcherBusy, match=r"A gateway \(pid \d+, since 2026-03-01"),
    ):
        second.gateway.run()


@pytest.mark.postgres
def test_several_gateways_over_one_server_share_the_work(postgres, tmp_path):
    """Both are up at once; one of them schedules, and when it stops the other one does."""
    with Stage(postgres.schema(), tmp_path) as stage:
        stage.ready(answering())
        second = stage.open("second gateway")
        with gateway_in_a_thread(second, stage.log):
            with gateway_in_a_thread(stage.palyra, stage.log):
                wait_for(stage.log, AttemptSucceeded, 2)
                both = stage.palyra.gateway.status()
            stage.fire()
            wait_for(stage.log, AttemptSucceeded, 3)
            one = stage.palyra.gateway.status()

    assert [row.state for row in both.runs] == ["up", "up"]
    # The event of the test is a start as well, without a gateway.
    assert [row.state for row in one.runs] == ["ended without stopping", "stopped", "up"]
    assert one.role.gateway_id == one.runs[2].gateway_id


def test_a_gateway_that_may_run_nothing_does_not_start(stage: Stage):
    """With the runner switched off, no start is recorded."""
    off = stage.open("off", policy=WasmPluginRunnerPolicy(enabled=False))

    with unchanged(stage.log), pytest.raises(RunnerDisabled):
        off.gateway.run()


def test_attempts_of_a_dead_gateway_are_taken_over_at_the_start(stage: Stage):
    """What it had begun is recorded as lost before its lease would have expired."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    row = stage.views.delivery(delivery_id)
    stage.leases.claim([Lease(row.ordering_key, row.plugin_id, delivery_id, 1, 0)])

    with gateway_in_a_thread(stage.palyra, stage.log):
        (lost,) = wait_for(stage.log, AttemptFailed)

    assert (lost.delivery_id, lost.outcome) == (delivery_id, "worker_lost")
