from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from palyra_events.errors import DatabaseLocked, DatabaseReadOnly, LogDamaged
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.supervisor import Supervisor
from projections import ProjectionFailed
from tests.running_gateway import PATIENCE_S
from tests.stage import Stage


class Scripted:
    """A service that does one thing after the other, each time it is run."""

    name = "scripted"

    def __init__(self, *deeds: Callable[[Stop], None]) -> None:
        self._deeds = iter(deeds)

    def run(self, stop: Stop) -> None:
        next(self._deeds)(stop)


def failing(error: Exception) -> Callable[[Stop], None]:
    def deed(stop: Stop) -> None:
        raise error

    return deed


def ending(stop: Stop) -> None:
    stop.ask("request")


@pytest.fixture
def stop(stage: Stage) -> Stop:
    """The stop of a gateway that is not there."""
    return Stop(stage.log)


def supervise(stop: Stop, *deeds: Callable[[Stop], None]) -> Supervisor:
    """Run one service until the stop, and return its supervisor."""
    supervisor = Supervisor([Scripted(*deeds)], stop)
    supervisor.start()
    stop.wait()
    assert supervisor.join(PATIENCE_S) == []
    return supervisor


def test_what_is_in_the_way_for_a_while_is_waited_for(stop: Stop, caplog):
    """A service whose database is locked is run again, after longer and longer pauses, each in the log."""
    supervisor = supervise(stop, failing(DatabaseLocked()), failing(DatabaseLocked()), ending)

    waits = [record.getMessage().split(":")[0] for record in caplog.records]
    assert waits == ["scripted is tried again in 0.1 s", "scripted is tried again in 0.2 s"]
    assert supervisor.error is None


@pytest.mark.parametrize(
    "error", [LogDamaged("Position 7 is missing."), DatabaseReadOnly(), KeyError("slip")]
)
def test_what_stays_in_the_way_ends_the_gateway(stop: Stop, error, caplog):
    """An error that does not pass is told, is kept for the exit code, and asks all to stop."""
    supervisor = supervise(stop, failing(error))

    assert (supervisor.error, stop.cause) == (error, "failure")
    assert caplog.records[-1].levelno == logging.CRITICAL


def test_a_view_that_stands_still_is_an_alarm(stop: Stop, caplog):
    """The service stands still with it, and the gateway stays up: an operator is called."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("palyra_runtime.gateway.supervisor.ALARM_BACK_OFF_S", 0.01)
        supervisor = supervise(
            stop, failing(ProjectionFailed("The view hook cannot take in event 7.")), ending
        )

    (alarm,) = caplog.records
    assert alarm.levelno == logging.CRITICAL
    assert alarm.palyra_fields == {"code": "PROJECTION_FAILED", "alarm": True}
    assert supervisor.error is None


def test_who_does_not_end_in_time_is_named(stop: Stop, stage: Stage):
    """The supervisor waits for the grace, and no longer."""
    from threading import Event

    released = Event()
    supervisor = Supervisor([Scripted(lambda _: released.wait() and None)], stop)
    supervisor.start()
    stop.ask("request")

    assert supervisor.join(0.01) == ["scripted"]
    released.set()
    assert supervisor.join(PATIENCE_S) == []


def test_the_first_cause_counts(stop: Stop):
    """A failure while the gateway stops does not change why it does."""
    stop.ask("signal")
    stop.ask("failure")

    assert stop.cause == "signal"
