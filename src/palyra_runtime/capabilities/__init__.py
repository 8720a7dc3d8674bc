"""What the host does for a guest that asks: one broker, behind which the services stand."""

from __future__ import annotations

from palyra_runtime.capabilities.broker import HostBroker

__all__ = ["HostBroker"]
