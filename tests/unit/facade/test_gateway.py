from __future__ import annotations

import pytest

from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.version import VERSION
from tests.stage import Stage, answering, unchanged


def test_a_run_starts_drains_and_stops(each_stage: Stage):
    """The startup hooks see the start; the stop is recorded when everything is done."""
    each_stage.ready(answering())
    head = each_stage.log.head()

    report = each_stage.palyra.gateway.run_once()

    assert report.succeeded == 1
    assert each_stage.topics(after=head) == [
        "GatewayStarted",
        "DeliveryScheduled",
        "AttemptSucceeded",
        "GatewayStopped",
    ]
    (started,), (stopped,) = each_stage.events(GatewayStarted), each_stage.events(GatewayStopped)
    assert (started.version, started.actor) == (VERSION, "system:gateway")
    assert (stopped.gateway_id, stopped.cause) == (started.gateway_id, "drained")


def test_each_run_has_an_id_of_its_own(stage: Stage):
    """Two runs are two gateways."""
    stage.palyra.gateway.run_once()
    stage.palyra.gateway.run_once()

    first, second = stage.events(GatewayStarted)
    assert first.gateway_id != second.gateway_id


def test_a_gateway_that_may_run_nothing_does_not_start(stage: Stage):
    """With the runner switched off, no start is recorded."""
    from palyra_runtime.dispatch import RunnerDisabled

    off = stage.open("off", policy=WasmPluginRunnerPolicy(enabled=False))

    with unchanged(stage.log), pytest.raises(RunnerDisabled):
        off.gateway.run_once()


def test_a_run_that_is_interrupted_leaves_no_stop(stage: Stage, monkeypatch):
    """Only a gateway that stopped on its own accord says that it did; the next one carries on."""
    stage.ready(answering())

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("palyra_runtime.sandbox.Sandbox.invoke", interrupt)
    interrupted = stage.open("interrupted")
    with pytest.raises(KeyboardInterrupt):
        interrupted.gateway.run_once()
    monkeypatch.undo()

    assert stage.events(GatewayStopped) == []
    stage.clock.move(hours=1)
    assert stage.palyra.gateway.run_once().taken_over == 1
