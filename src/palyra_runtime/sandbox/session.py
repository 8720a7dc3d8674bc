"""What a guest asks its host and what it is told: the side of the host."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from palyra_runtime.sandbox.allowance import LATE_ANSWER, LIMIT_ANSWER, CallAllowance
from palyra_runtime.sandbox.grants import CapabilityGrantSet
from palyra_runtime.sandbox.limits import Limits


@dataclass(frozen=True, slots=True)
class HostCall:
    """One request of a guest to its host.

    ``index`` counts the calls of the invocation from 0. An answer of more than ``answer_bytes_max``
    bytes is thrown away, so a broker looks at that before it does anything that cannot be undone.
    ``seconds_left`` is the time that the broker may take.
    """

    index: int
    request: bytes
    grants: CapabilityGrantSet
    answer_bytes_max: int
    seconds_left: float


class Broker(Protocol):
    """Whoever answers a guest's requests: live, or from a transcript."""

    def answer(self, call: HostCall) -> bytes:
        """Return the JSON answer. A refusal is an answer; an exception ends the invocation."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, as the transcript keeps them."""

    request: bytes
    answer: bytes


class Exchanges:
    """The requests of one invocation: within its limits they go to the broker, and into the transcript.

    ``deadline`` is on the clock of ``time.monotonic``.
    """

    __slots__ = ("_allowance", "_broker", "_deadline", "_grants", "transcript")

    def __init__(self, broker: Broker, grants: CapabilityGrantSet, limits: Limits, deadline: float) -> None:
        self._broker = broker
        self._grants = grants
        self._deadline = deadline
        self._allowance = CallAllowance(limits.host_calls_max, limits.transcript_bytes_max)
        self.transcript: list[Exchange] = []

    def exchange(self, request: bytes) -> bytes:
        """Return the answer to one request.

        Raises:
            BaseException: whatever the broker raised.
        """
        room = self._allowance.room(request)
        if room is None:
            return LIMIT_ANSWER
        answer = self._ask(request, room)
        self.transcript.append(Exchange(request, answer))
        self._allowance.take(request, answer)
        return answer

    def _ask(self, request: bytes, room: int) -> bytes:
        seconds = self._deadline - monotonic()
        if seconds <= 0:
            return LATE_ANSWER
        answer = self._broker.answer(HostCall(len(self.transcript), request, self._grants, room, seconds))
        return answer if len(answer) <= room else LIMIT_ANSWER
