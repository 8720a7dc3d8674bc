from __future__ import annotations

from pathlib import Path

import pytest

from palyra_events.delivery import AttemptFailed
from palyra_runtime.dispatch import Holder
from palyra_runtime.dispatch.role import dispatcher_role
from palyra_runtime.gateway import Bystander, GatewayStuck
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.running_gateway import gateway_in_a_thread, until_somebody_works
from tests.stage import Stage, answering, guest

#: fuel for longer than any deadline
ENDLESS = WasmPluginRunnerPolicy(fuel_budget=2**40)
GATEWAY = Holder(part="gateway", pid=4711)


def test_a_drain_waits_until_the_gateway_has_done_what_is_due(tmp_path: Path):
    """It is told who does it, and reports what that one did meanwhile."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=ENDLESS) as stage:
        quotas = {"fuel_budget": ENDLESS.fuel_budget, "wall_clock_timeout_ms": 1_500}
        stage.ready(guest("spin"), capabilities={"quotas": quotas})
        beside, told = stage.open("beside"), list[Holder]()
        with gateway_in_a_thread(stage.palyra, stage.log):
            until_somebody_works(stage)
            report = beside.dispatch.drain(told.append)

        assert [holder.part for holder in told] == ["gateway"]
        assert (report.retrying, report.waiting) == (1, 1)
        assert len(stage.events(AttemptFailed)) == 1


def test_without_a_gateway_nothing_is_waited_for(stage: Stage):
    """A drain then does everything itself."""
    stage.ready(answering())
    stage.fire()

    assert stage.palyra.dispatch.drain().succeeded == 1


def test_a_gateway_that_ends_meanwhile_leaves_it_to_the_drain(stage: Stage):
    """Who waited takes the role and carries out what is due."""
    stage.ready(answering())
    stage.fire()
    role = dispatcher_role(stage.engine, stage.log, holder=GATEWAY)
    role.__enter__()

    report = stage.palyra.dispatch.drain(lambda _: role.__exit__(None, None, None))

    assert report.succeeded == 1


@pytest.mark.parametrize("due", [True, False])
def test_a_gateway_that_does_nothing_is_reported(stage: Stage, due):
    """A drain does not wait for ever for one that has something to do, and not at all without that."""
    stage.ready(answering())
    if due:
        stage.fire()
    bystander = Bystander(
        log=stage.log,
        views=stage.views,
        open_scheduler=stage.scheduler,
        outbox=stage.outbox(),
        role_holder=lambda: GATEWAY,
        now=stage.clock,
        stuck_s=0.01,
    )

    if due:
        with pytest.raises(GatewayStuck, match="pid 4711"):
            bystander.wait()
    else:
        assert bystander.wait().waiting == 0
