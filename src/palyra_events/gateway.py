"""A gateway's run, from the moment it is up to the moment it stops."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from palyra_events.errors import IllegalTransition
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Identifier

#: it was asked to drain and has; the system or the program around it asked it to stop; it could not go on
StopCause: TypeAlias = Literal["drained", "signal", "request", "failure"]


class GatewayStarted(Event):
    """A gateway is up; its startup hooks see this event."""

    gateway_id: Identifier
    version: str


class GatewayStopped(Event):
    """A gateway stopped on its own accord; one that was killed leaves no such event."""

    gateway_id: Identifier
    cause: StopCause


@dataclass(frozen=True, slots=True)
class Gateway:
    """A run of a gateway as its events tell it."""

    gateway_id: str
    is_up: bool = False


def evolve(gateway: Gateway, event: Event) -> Gateway:
    """Return the run after ``event``."""
    if isinstance(event, GatewayStarted | GatewayStopped):
        return replace(gateway, is_up=isinstance(event, GatewayStarted))
    return gateway


def start_gateway(gateway: Gateway, version: str, stamp: Stamp) -> list[Event]:
    """Record that a gateway is up. Each run has an id of its own, so it starts once."""
    return [stamp.on(GatewayStarted, gateway_id=gateway.gateway_id, version=version)]


def stop_gateway(gateway: Gateway, cause: StopCause, stamp: Stamp) -> list[Event]:
    """Record that a gateway stopped on its own accord.

    Raises:
        IllegalTransition: it was never started, or has stopped.
    """
    if not gateway.is_up:
        raise IllegalTransition(f"Gateway {gateway.gateway_id} is not up.", gateway_id=gateway.gateway_id)
    return [stamp.on(GatewayStopped, gateway_id=gateway.gateway_id, cause=cause)]
