"""The host calls of a module: it passes pointers into its memory, and fetches what it was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_runtime.sandbox.contract import HOST_CAPABILITIES_IMPORT_MODULE, HOST_IO_IMPORT_MODULE
from palyra_runtime.sandbox.guest_memory import GuestMemory
from palyra_runtime.sandbox.handles import CAPABILITY_CLASSES
from palyra_runtime.sandbox.host_calls import HostCalls
from palyra_runtime.sandbox.task import Ask, Task

#: what a function gives that cannot do what it was asked
REFUSED = -1


class PointerCalls(HostCalls):
    """The state of one invocation of a module."""

    __slots__ = ("_answer", "_memory")

    def __init__(self, task: Task, ask: Ask, memory: GuestMemory) -> None:
        super().__init__(task, ask)
        self._memory = memory
        self._answer = b""

    def input_size(self) -> int:
        """Return the size of the input."""
        return len(self._task.input)

    def input_read(self, pointer: int, capacity: int) -> int:
        """Copy the whole input, or nothing."""
        return self._copied(pointer, capacity, self._task.input)

    def output_write(self, pointer: int, size: int) -> int:
        """Append to the output and return the bytes appended: all of them, or none."""
        return size if self.output(self._memory.read(pointer, size)) else REFUSED

    def log_at(self, level: int, pointer: int, size: int) -> int:
        """Keep one log line."""
        self.log(level, self._memory.read(pointer, size))
        return 0

    def call_at(self, pointer: int, size: int) -> int:
        """Carry out one host call and return the size of its answer."""
        self._answer = self.call(self._memory.read(pointer, size))
        return len(self._answer)

    def call_read(self, pointer: int, capacity: int) -> int:
        """Copy the whole answer of the last call, or nothing."""
        return self._copied(pointer, capacity, self._answer)

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
        (HOST_IO_IMPORT_MODULE, "input-size"): PointerCalls.input_size,
        (HOST_IO_IMPORT_MODULE, "input-read"): PointerCalls.input_read,
        (HOST_IO_IMPORT_MODULE, "output-write"): PointerCalls.output_write,
        (HOST_IO_IMPORT_MODULE, "log"): PointerCalls.log_at,
        (HOST_IO_IMPORT_MODULE, "call"): PointerCalls.call_at,
        (HOST_IO_IMPORT_MODULE, "call-read"): PointerCalls.call_read,
    }
    for place, name in enumerate(CAPABILITY_CLASSES):
        for spelling in (f"{name}-", f"host_capability_{name}_"):
            found[HOST_CAPABILITIES_IMPORT_MODULE, f"{spelling}count"] = _count(place)
            found[HOST_CAPABILITIES_IMPORT_MODULE, f"{spelling}handle"] = _handle(place)
    return found


#: what each function of the contract does, by the two names of an import
OPERATIONS = _operations()
