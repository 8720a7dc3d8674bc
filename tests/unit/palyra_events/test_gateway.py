from __future__ import annotations

import pytest

from palyra_events.errors import IllegalTransition, InvalidInput
from palyra_events.gateway import Gateway, GatewayStarted, GatewayStopped, evolve, start_gateway, stop_gateway
from tests.sample_events import BARE_STAMP


def test_a_gateway_run_has_an_id_and_a_version():
    """A run is told from the one before it, and by which program it was."""
    event = BARE_STAMP.on(GatewayStarted, gateway_id="0f1e2d", version="0.1.0")
    assert (event.gateway_id, event.version) == ("0f1e2d", "0.1.0")


@pytest.mark.parametrize("cause", ["drained", "signal"])
def test_a_gateway_stops_for_a_known_cause(cause):
    """It had nothing more to do, or somebody asked it to."""
    assert BARE_STAMP.on(GatewayStopped, gateway_id="0f1e2d", cause=cause).cause == cause


def test_a_gateway_does_not_record_its_own_death():
    """A killed gateway leaves no event, so there is no such cause."""
    with pytest.raises(InvalidInput):
        BARE_STAMP.on(GatewayStopped, gateway_id="0f1e2d", cause="killed")


def test_a_gateway_that_is_up_stops_once():
    """What has stopped, or never started, cannot stop."""
    gateway = Gateway("0f1e2d")
    (started,) = start_gateway(gateway, "0.1.0", BARE_STAMP)
    up = evolve(gateway, started)
    (stopped,) = stop_gateway(up, "drained", BARE_STAMP)
    assert (up.is_up, evolve(up, stopped).is_up) == (True, False)


@pytest.mark.parametrize("events", [[], ["start", "stop"]])
def test_a_gateway_that_is_not_up_cannot_stop(events):
    """A second stop of a run would be a second end of it."""
    gateway = Gateway("0f1e2d")
    for event in events:
        rule = {"start": (start_gateway, "0.1.0"), "stop": (stop_gateway, "drained")}[event]
        for fact in rule[0](gateway, rule[1], BARE_STAMP):
            gateway = evolve(gateway, fact)
    with pytest.raises(IllegalTransition):
        stop_gateway(gateway, "signal", BARE_STAMP)
