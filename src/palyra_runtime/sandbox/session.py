"""One invocation as its host calls see it: input, output, log lines, answers and transcript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from palyra_runtime.sandbox.contract import HOST_CAPABILITIES_IMPORT_MODULE, HOST_IO_IMPORT_MODULE
from palyra_runtime.sandbox.grants import HANDLE_BASES, CapabilityClass, CapabilityGrantSet
from palyra_runtime.sandbox.guest_memory import GuestMemory
from palyra_runtime.sandbox.limits import Limits

#: what a function gives that cannot do what it was asked
REFUSED = -1

_LEVEL_INFO = 2
_LEVELS = range(5)

#: said by the sandbox itself, so that every broker and every replay says the same
LIMIT_ANSWER = b'{"error":{"code":"limit","message":"This invocation has no host calls left."}}'
LATE_ANSWER = b'{"error":{"code":"deadline","message":"This invocation has no time left."}}'
_ANSWER_BYTES_MIN = max(len(LIMIT_ANSWER), len(LATE_ANSWER))


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


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line that the guest logged; ``level`` is 0 trace, 1 debug, 2 info, 3 warning, 4 error."""

    level: int
    text: str


@dataclass(slots=True)
class Session:
    """The state of one invocation; nothing of it outlives the invocation.

    ``deadline`` is on the clock of ``time.monotonic``.
    """

    input: bytes
    grants: CapabilityGrantSet
    limits: Limits
    broker: Broker
    deadline: float
    output: bytearray = field(default_factory=bytearray)
    logs: list[LogLine] = field(default_factory=list)
    log_lines_dropped: int = 0
    transcript: list[Exchange] = field(default_factory=list)
    _log_bytes: int = 0
    _transcript_bytes: int = 0
    _answer: bytes = b""

    def input_size(self, _memory: GuestMemory) -> int:
        """Return the size of the input."""
        return len(self.input)

    def input_read(self, memory: GuestMemory, pointer: int, capacity: int) -> int:
        """Copy the whole input, or nothing."""
        return _copied(memory, pointer, capacity, self.input)

    def output_write(self, memory: GuestMemory, pointer: int, size: int) -> int:
        """Append to the output and return the bytes appended: all of them, or none."""
        data = memory.read(pointer, size)
        if len(self.output) + size > self.limits.output_bytes_max:
            return REFUSED
        self.output += data
        return size

    def log(self, memory: GuestMemory, level: int, pointer: int, size: int) -> int:
        """Keep one log line; what is past the limits is cut off or counted as dropped."""
        data = memory.read(pointer, size)
        room = self.limits.log_bytes_max - self._log_bytes
        if len(self.logs) >= self.limits.log_lines_max or room <= 0:
            self.log_lines_dropped += 1
            return 0
        kept = data[:room]
        self._log_bytes += len(kept)
        shown = level if level in _LEVELS else _LEVEL_INFO
        self.logs.append(LogLine(shown, kept.decode("utf-8", errors="replace")))
        return 0

    def call(self, memory: GuestMemory, pointer: int, size: int) -> int:
        """Carry out one host call and return the size of its answer."""
        request = memory.read(pointer, size)
        self._answer = self._exchange(request)
        return len(self._answer)

    def call_read(self, memory: GuestMemory, pointer: int, capacity: int) -> int:
        """Copy the whole answer of the last call, or nothing."""
        return _copied(memory, pointer, capacity, self._answer)

    def _exchange(self, request: bytes) -> bytes:
        """Ask the broker and keep both sides in the transcript.

        A call past the limits is not kept: that there were too many follows from the transcript, and
        a guest in a loop must not fill the log with them.
        """
        room = self.limits.transcript_bytes_max - self._transcript_bytes - len(request)
        if len(self.transcript) >= self.limits.host_calls_max or room < _ANSWER_BYTES_MIN:
            return LIMIT_ANSWER
        answer = self._ask(
            HostCall(len(self.transcript), request, self.grants, room, self.deadline - monotonic())
        )
        self.transcript.append(Exchange(request, answer))
        self._transcript_bytes += len(request) + len(answer)
        return answer

    def _ask(self, call: HostCall) -> bytes:
        if call.seconds_left <= 0:
            return LATE_ANSWER
        answer = self.broker.answer(call)
        return answer if len(answer) <= call.answer_bytes_max else LIMIT_ANSWER


def _copied(memory: GuestMemory, pointer: int, capacity: int, data: bytes) -> int:
    return len(data) if memory.write(pointer, capacity, data) else REFUSED


def _count(name: CapabilityClass) -> Callable[..., int]:
    def count(session: Session, _memory: GuestMemory) -> int:
        return len(session.grants.of_class(name))

    return count


def _handle(name: CapabilityClass) -> Callable[..., int]:
    def handle(session: Session, _memory: GuestMemory, index: int) -> int:
        # An index with the sign bit is a negative number to the guest, and no list is that long.
        return session.grants.handle(name, index)

    return handle


def _operations() -> dict[tuple[str, str], Callable[..., int]]:
    found: dict[tuple[str, str], Callable[..., int]] = {
        (HOST_IO_IMPORT_MODULE, "input-size"): Session.input_size,
        (HOST_IO_IMPORT_MODULE, "input-read"): Session.input_read,
        (HOST_IO_IMPORT_MODULE, "output-write"): Session.output_write,
        (HOST_IO_IMPORT_MODULE, "log"): Session.log,
        (HOST_IO_IMPORT_MODULE, "call"): Session.call,
        (HOST_IO_IMPORT_MODULE, "call-read"): Session.call_read,
    }
    for name in HANDLE_BASES:
        for spelling in (f"{name}-", f"host_capability_{name}_"):
            found[HOST_CAPABILITIES_IMPORT_MODULE, f"{spelling}count"] = _count(name)
            found[HOST_CAPABILITIES_IMPORT_MODULE, f"{spelling}handle"] = _handle(name)
    return found


#: what each function of the contract does, by the two names of an import
OPERATIONS = _operations()
