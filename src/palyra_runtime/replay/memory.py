"""The host of a trial: it remembers what the world said to the run that was, and does nothing."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from palyra_runtime.capabilities import EffectCollector, HostBroker
from palyra_runtime.capabilities.channels import ChannelService
from palyra_runtime.sandbox import Exchange, HostCall

_UNAVAILABLE = b'"code":"unavailable"'


class RecallingBroker:
    """Gives recorded answers to the same requests, in whatever order another module makes them.

    To others it says what a host can say that knows nothing of the world: the time of the event, random
    bytes that are the same in each trial, and that a message will be sent. To the rest there is no
    answer; ``unanswered`` counts those.
    """

    def __init__(self, recorded: Iterable[Exchange], document: bytes) -> None:
        self._answers: dict[bytes, deque[bytes]] = {}
        for exchange in recorded:
            self._answers.setdefault(exchange.request, deque()).append(exchange.answer)
        self._moment = _moment(document)
        self._seed = hashlib.sha256(document).digest()
        services = {"channel.send": ChannelService(EffectCollector()).send}
        self._host = HostBroker(lambda: self._moment, self._random_bytes, services)
        self.unanswered = 0

    def answer(self, call: HostCall) -> bytes:
        """Return the next answer that is known, or the last one once more; or what a host can say."""
        known = self._answers.get(call.request)
        if known:
            return known.popleft() if len(known) > 1 else known[0]
        answer = self._host.answer(call)
        self.unanswered += _UNAVAILABLE in answer
        return answer

    def _random_bytes(self, size: int) -> bytes:
        return hashlib.shake_256(self._seed).digest(size)


def _moment(document: bytes) -> datetime:
    """Return when that happened which the guest is told of; a tool run is told no time."""
    try:
        value: Any = json.loads(document)
        return datetime.fromisoformat(value["event"]["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return datetime.fromtimestamp(0, UTC)
