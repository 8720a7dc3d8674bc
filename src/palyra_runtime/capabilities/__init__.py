"""What the host does for a guest that asks: one broker, behind which the services stand."""

from __future__ import annotations

from palyra_runtime.capabilities.broker import HostBroker
from palyra_runtime.capabilities.effects import EffectCollector
from palyra_runtime.capabilities.services import (
    AttemptHost,
    Caller,
    HostOpener,
    HostServices,
    WaysOut,
)

__all__ = [
    "AttemptHost",
    "Caller",
    "EffectCollector",
    "HostBroker",
    "HostOpener",
    "HostServices",
    "WaysOut",
]
