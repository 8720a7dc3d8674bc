"""One invocation as its host calls see it: input, output, log lines and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_runtime.sandbox.allowance import LIMIT_ANSWER, CallAllowance
from palyra_runtime.sandbox.contract import HOST_CAPABILITIES_IMPORT_MODULE, HOST_IO_IMPORT_MODULE
from palyra_runtime.sandbox.guest_memory import GuestMemory
from palyra_runtime.sandbox.handles import CAPABILITY_CLASSES, handle_of
from palyra_runtime.sandbox.task import Ask, Task

#: what a function gives that cannot do what it was asked
REFUSED = -1

_LEVEL_INFO = 2
_LEVELS = range(5)


class HostCalls:
    """The state of one invocation; nothing of it outlives the invocation."""

    __slots__ = ("_allowance", "_answer", "_ask", "_log_bytes_left", "_memory", "_task",
                 "log_lines_dropped", "logs", "output")  # fmt: skip

    def __init__(self, task: Task, memory: GuestMemory, ask: Ask) -> None:
        bounds = task.bounds
        self._task = task
        self._memory = memory
        self._ask = ask
        self._allowance = CallAllowance(bounds.host_calls_max, bounds.transcript_bytes_max)
        self._log_bytes_left = bounds.log_bytes_max
        self._answer = b""
        self.output = bytearray()
        self.logs: list[tuple[int, bytes]] = []
        self.log_lines_dropped = 0

    def input_size(self) -> int:
        """Return the size of the input."""
        return len(self._task.input)

    def input_read(self, pointer: int, capacity: int) -> int:
        """Copy the whole input, or nothing."""
        return self._copied(pointer, capacity, self._task.input)

    def output_write(self, pointer: int, size: int) -> int:
        """Append to the output and return the bytes appended: all of them, or none."""
        data = self._memory.read(pointer, size)
        if len(self.output) + size > self._task.bounds.output_bytes_max:
            return REFUSED
        self.output += data
        return size

    def log(self, level: int, pointer: int, size: int) -> int:
        """Keep one log line; what is past the limits is cut off or counted as dropped."""
        data = self._memory.read(pointer, size)
        if len(self.logs) >= self._task.bounds.log_lines_max or self._log_bytes_left <= 0:
            self.log_lines_dropped += 1
            return 0
        kept = data[: self._log_bytes_left]
        self._log_bytes_left -= len(kept)
        self.logs.append((level if level in _LEVELS else _LEVEL_INFO, kept))
        return 0

    def call(self, pointer: int, size: int) -> int:
        """Carry out one host call and return the size of its answer.

        A call past the limits is not made and not kept: that there were too many follows from the
        transcript, and a guest in a loop must not fill the log with them.
        """
        request = self._memory.read(pointer, size)
        if self._allowance.room(request) is None:
            self._answer = LIMIT_ANSWER
        else:
            self._answer = self._ask(request)
            self._allowance.take(request, self._answer)
        return len(self._answer)

    def call_read(self, pointer: int, capacity: int) -> int:
        """Copy the whole answer of the last call, or nothing."""
        return self._copied(pointer, capacity, self._answer)

    def count(self, place: int) -> int:
        """Return how many grants there are of the class at ``place``."""
        return self._task.grant_counts[place]

    def handle(self, place: int, index: int) -> int:
        """Return the handle of a grant of the class at ``place``, or -1 where there is none."""
        # An index with the sign bit is a negative number to the guest, and no list is that long.
        return handle_of(CAPABILITY_CLASSES[place], index, self._task.grant_counts[place])

    def _copied(self, pointer: int, capacity: int, data: bytes) -> int:
        return len(data) if self._memory.write(pointer, capacity, data) else REFUSED


def _count(place: int) -> Callable[..., int]:
    def count(calls: HostCalls) -> int:
        return calls.count(place)

    return count


def _handle(place: int) -> Callable[..., int]:
    def handle(calls: HostCalls, index: int) -> int:
        return calls.handle(place, index)

    return handle


def _operations() -> dict[tuple[str, str], Callable[..., Any]]:
    found: dict[tuple[str, str], Callable[..., Any]] = {
        (HOST_IO_IMPORT_MODULE, "input-size"): HostCalls.input_size,
        (HOST_IO_IMPORT_MODULE, "input-read"): HostCalls.input_read,
        (HOST_IO_IMPORT_MODULE, "output-write"): HostCalls.output_write,
        (HOST_IO_IMPORT_MODULE, "log"): HostCalls.log,
        (HOST_IO_IMPORT_MODULE, "call"): HostCalls.call,
        (HOST_IO_IMPORT_MODULE, "call-read"): HostCalls.call_read,
    }
    for place, name in enumerate(CAPABILITY_CLASSES):
        for spelling in (f"{name}-", f"host_capability_{name}_"):
            found[HOST_CAPABILITIES_IMPORT_MODULE, f"{spelling}count"] = _count(place)
            found[HOST_CAPABILITIES_IMPORT_MODULE, f"{spelling}handle"] = _handle(place)
    return found


#: what each function of the contract does, by the two names of an import
OPERATIONS = _operations()
