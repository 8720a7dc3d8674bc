"""The operation ``channel.send``: a message that leaves the host once the outcome is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palyra_runtime.capabilities.effects import EffectCollector, json_text
from palyra_runtime.capabilities.request import Asked, understood
from palyra_runtime.sandbox.grants import Grant
from palyra_runtime.sandbox.session import HostCall


class _Send(Asked):
    message: Any


class ChannelService:
    """The channels of one attempt. Whether a sender is configured for one is no matter of the guest's."""

    def __init__(self, effects: EffectCollector) -> None:
        self._effects = effects

    def send(self, _call: HostCall, grant: Grant, request: Mapping[str, Any]) -> bool:
        """Make a message part of the outcome.

        Raises:
            Refused: ``bad_request``, ``too_large``, ``limit``.
        """
        self._effects.send(grant.value, json_text(understood(_Send, request).message))
        return True
