from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.application import Application, Intent
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.delivery import AttemptSucceeded
from palyra_events.plugin import Plugin
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities import AttemptHost, HostServices
from palyra_runtime.dispatch import Exclusion, Lease, PluginBusy, PluginTakenOver, ToolCall, ToolRunner
from palyra_runtime.sandbox.session import HostCall
from tests.stage import OPEN_POLICY, PLUGIN, Stage, StageEntropy, answering, guest, no_ways_out, unchanged

KEY = f"plugin:{PLUGIN}"
LEASE = Lease(KEY, PLUGIN)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def open_stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A stage whose policy allows storage, over a database of either kind."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/open.db" if is_sqlite else request.getfixturevalue("postgres").schema()
    with Stage(url, tmp_path, policy=OPEN_POLICY) as opened:
        yield opened


def runner(stage: Stage, *, wait_ms: int = 0, broker: object = None) -> ToolRunner:
    """Return what runs tools in the second process, with the host of a deliveries' worker or another one."""
    services = HostServices(
        log=stage.log,
        views=stage.views,
        now=stage.clock,
        random_bytes=StageEntropy("tools"),
        ways_out=no_ways_out(),
    )
    return ToolRunner(
        log=stage.log,
        application=stage.application,
        artifacts=Artifacts(stage.log),
        host=services.open if broker is None else lambda _: AttemptHost(broker),
        policy=stage.policy,
        exclusion=Exclusion(stage.leases, stage.lost, wait_ms=wait_ms),
        entropy=StageEntropy("runs"),
    )


def run(stage: Stage, **options: object) -> str:
    return runner(stage, **options).run(ToolCall(PLUGIN, None, {}), Intent("operator:alice")).outcome


def test_a_tool_run_is_refused_while_a_delivery_of_the_plugin_is_carried_out(open_stage: Stage):
    """Nobody waits for ever: the error says that the plugin is at work, and nothing was recorded."""
    open_stage.ready_with_effects(guest("tally"))
    open_stage.scheduled()
    claim = open_stage.claims().take()
    assert claim.lease.key == KEY

    with unchanged(open_stage.log), pytest.raises(PluginBusy, match=PLUGIN):
        run(open_stage)

    assert open_stage.standing_leases() == [claim.lease]


def test_a_tool_run_waits_until_the_delivery_is_done(open_stage: Stage):
    """A run that finds its plugin at work goes on as soon as that ends."""
    open_stage.ready_with_effects(guest("tally"))
    open_stage.another_process().claim([LEASE])
    ending = threading.Timer(0.1, open_stage.expire_leases)
    ending.start()

    outcome = run(open_stage, wait_ms=60_000)

    ending.join()
    assert outcome == "ok"
    assert open_stage.standing_leases() == []


def test_no_delivery_of_the_plugin_begins_while_a_tool_runs(open_stage: Stage):
    """What the run reads and writes is its own until it is recorded; then the delivery finds it."""
    open_stage.ready_with_effects(guest("tally"))
    open_stage.scheduled()
    other = open_stage.another_process()
    other.claim([LEASE])

    assert not open_stage.worker().work()

    other.drop([LEASE])
    assert run(open_stage) == "ok"
    assert open_stage.worker().work()
    (outcome,) = open_stage.events(AttemptSucceeded)
    assert open_stage.document(outcome.invocation.output.sha256)["result"]["ok"]["value"] == "xx"


def test_a_plugin_without_storage_needs_no_lease(stage: Stage):
    """Runs of a plugin that keeps nothing go on beside its deliveries."""
    stage.ready(answering(0, '{"result":{}}'))
    stage.scheduled()
    claim = stage.claims().take()

    assert run(stage) == "ok"
    assert stage.standing_leases() == [claim.lease]


def test_a_run_that_others_went_on_without_is_not_recorded(open_stage: Stage):
    """A process that was still for longer than its lease records nothing, and says so."""
    open_stage.ready_with_effects(guest("ask_clock"))

    class Stalled:
        """While the guest waits, the lease runs out and somebody else takes it."""

        def answer(self, call: HostCall) -> bytes:
            open_stage.expire_leases()
            other = open_stage.another_process()
            assert other.take_over(other.standing()) == [LEASE]
            return b'{"ok":"late"}'

    with unchanged(open_stage.log), pytest.raises(PluginTakenOver):
        run(open_stage, broker=Stalled())

    assert open_stage.standing_leases() == [LEASE]
    assert open_stage.events(PluginInvoked) == []


def test_the_lease_of_a_dead_run_is_taken_over_without_a_record(open_stage: Stage):
    """A tool run whose process died had no effect and leaves no attempt; its plugin goes on."""
    open_stage.ready_with_effects(guest("tally"))
    open_stage.scheduled()
    open_stage.claim_and_die(KEY, None, None)

    (with_lease,) = open_stage.worker().attempt_some()

    assert with_lease.state == "succeeded"


def test_storage_that_is_granted_while_a_run_begins_is_not_used_by_it(open_stage: Stage):
    """A run that began without the plugin's lease is refused; the next one takes it."""
    open_stage.ready_with_effects(guest("tally"))
    bound = open_stage.application.plugin(PLUGIN)

    class Before(Application):
        """Sees the plugin as it was before it got storage."""

        def plugin(self, plugin_id: str, as_of: int | None = None) -> Plugin:
            return Plugin(plugin_id, bound.binding.model_copy(update={"grants": PluginCapabilityProfile()}))

    open_stage.application = Before(open_stage.log, now=open_stage.clock, entropy=StageEntropy("before"))

    with unchanged(open_stage.log), pytest.raises(PluginBusy, match="bound anew"):
        run(open_stage)
