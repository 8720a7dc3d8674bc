from __future__ import annotations

from palyra_events.errors import DatabaseUnavailable
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.tenure import Tenure
from tests.stage import Stage


class Role:
    """A role that is free or not as a test says, and that can be lost."""

    def __init__(self, stop: Stop, *answers: bool | Exception) -> None:
        self._stop = stop
        self._answers = list(answers)

    def take(self):
        return bool(self._answers.pop(0))

    def check(self):
        if not self._answers:
            self._stop.ask("request")
        elif isinstance(self._answers[0], Exception):
            raise self._answers.pop(0)


def test_a_tenure_has_a_number_of_its_own(stage: Stage):
    """Who gets the role again is in another tenure: what began under the old one is not current."""
    import pytest

    stop = Stop(stage.log)
    tenure = Tenure(Role(stop, True, DatabaseUnavailable(), True))

    with pytest.raises(DatabaseUnavailable):
        tenure.run(stop)
    assert not tenure.is_current(1)

    tenure.run(stop)
    assert tenure.is_current(2)


def test_who_waits_at_the_stop_goes_home(stage: Stage):
    """A service that waits for the role does not keep the gateway from stopping."""
    stop = Stop(stage.log)
    stop.ask("signal")

    assert Tenure(Role(stop)).wait(stop) is None


def test_standing_by_is_told_once(stage: Stage, monkeypatch, caplog):
    """A gateway that stands by looks again and again, and says so once."""
    import logging

    monkeypatch.setattr("palyra_runtime.gateway.tenure.LOOK_S", 0.001)
    stop = Stop(stage.log)

    with caplog.at_level(logging.INFO):
        Tenure(Role(stop, False, False, False, True)).run(stop)

    assert [record.getMessage() for record in caplog.records] == [
        "another gateway schedules; this one stands by",
        "this gateway schedules",
    ]
