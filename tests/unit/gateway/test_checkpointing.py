from __future__ import annotations

import logging
from collections.abc import Callable

from palyra_events.errors import LogDamaged
from palyra_runtime.gateway.checkpointing import CheckpointSchedule, CheckpointService
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.structured_log import TextFormatter
from palyra_runtime.gateway.tenure import Tenure
from palyra_runtime.ledger import LedgerForked
from tests.stage import Stage


class FreeRole:
    """A role that is always to be had."""

    def take(self) -> bool:
        return True


def service(
    stage: Stage, stop: Stop, checkpoint: Callable[[], int], *, interval_s: float, idle_s: float = 3600
) -> CheckpointService:
    """The service of a gateway that has the role."""
    tenure = Tenure(FreeRole())
    tenure.take()
    return CheckpointService(stage.log, tenure, checkpoint, CheckpointSchedule(interval_s, idle_s))


def test_what_comes_is_signed(stage: Stage):
    """A log that grows is signed again and again, each time at its head."""
    stage.fire()
    stop, sizes = Stop(stage.log), []

    def checkpoint() -> int:
        sizes.append(stage.palyra.ledger.checkpoint().checkpoint.size)
        stage.fire() if len(sizes) < 3 else stop.ask("request")
        return sizes[-1]

    service(stage, stop, checkpoint, interval_s=0.01).run(stop)
    assert sizes == [1, 2, 3]


def test_a_quiet_log_is_signed_before_its_time(stage: Stage, monkeypatch):
    """When nothing more has come for a moment, nobody waits for the interval to pass."""
    monkeypatch.setattr("palyra_runtime.gateway.checkpointing.QUIET_S", 0.001)
    stage.fire()
    stop, sizes = Stop(stage.log), []

    def checkpoint() -> int:
        sizes.append(stage.palyra.ledger.checkpoint().checkpoint.size)
        stop.ask("request")
        return sizes[-1]

    service(stage, stop, checkpoint, interval_s=3600).run(stop)
    assert sizes == [1]


def test_an_idle_log_is_signed_again(stage: Stage):
    """Where nothing comes, the head is signed anew from time to time, with the time."""
    stage.fire()
    stop, sizes = Stop(stage.log), []

    def checkpoint() -> int:
        sizes.append(stage.palyra.ledger.checkpoint().checkpoint.size)
        if len(sizes) == 2:
            stop.ask("request")
        return sizes[-1]

    service(stage, stop, checkpoint, interval_s=0.001, idle_s=0.01).run(stop)
    assert sizes == [1, 1]


def test_a_forked_log_is_an_alarm(stage: Stage, monkeypatch, caplog):
    """A log that contradicts what was signed is told loudly, each time, and the gateway works on."""
    monkeypatch.setattr("palyra_runtime.gateway.checkpointing.ALARM_BACK_OFF_S", 0.001)
    stage.fire()
    stop, errors = Stop(stage.log), [LedgerForked(), LogDamaged("Position 2 is missing.")]

    def checkpoint() -> int:
        error = errors.pop(0)
        if not errors:
            stop.ask("request")
        raise error

    service(stage, stop, checkpoint, interval_s=0.001, idle_s=0.001).run(stop)
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL] * 2
    lines = [TextFormatter().format(record) for record in caplog.records]
    assert [line.endswith(" alarm=True") for line in lines] == [True, True]
