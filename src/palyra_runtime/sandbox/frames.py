"""Messages between the processes of a sandbox: a kind, a length, and that many bytes.

The parent reads what a process says that may be in the hands of a guest. So each message is bounded
before any of it is read, by its kind and by the limits of the run, and whatever does not fit is an
end of the connection. The child reads only what its parent wrote.
"""

from __future__ import annotations

import os
import select
import socket
import struct
from collections.abc import Mapping
from enum import IntEnum
from time import monotonic, monotonic_ns
from typing import NamedTuple

from palyra_runtime.sandbox.task import Bounds, RunResult, Task

#: goes up with every change of what is said or meant
PROTOCOL = 2

_HEADER = struct.Struct("!BQ")
_TASK = struct.Struct("!32s9Q4IdQBH")
_RESULT = struct.Struct("!?iQQQIIQBH")
_LOG = struct.Struct("!BI")
_COMPILE = struct.Struct("!IQ")
_READ_BYTES, _READ_BYTES_MAX = 65_536, 2**24

#: waking a process that sleeps takes longer than a small guest runs; where there is one processor, it has to
_SPIN_NS = 100_000 if (os.cpu_count() or 1) > 1 else 0


class Kind(IntEnum):
    """What a message is."""

    HELLO = 1
    LOAD = 2
    LOADED = 3
    REFUSED = 4
    RUN = 5
    CALL = 6
    ANSWER = 7
    DONE = 8


class Lost(Exception):
    """The other side is gone, is late, or does not speak the protocol; the message says which."""


class Connection:
    """One end of a pair of stream sockets."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._socket = end
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(end, select.POLLIN)
        self._writable.register(end, select.POLLOUT)
        self._unread = bytearray()

    def send(self, kind: Kind, *parts: bytes, until: float | None = None) -> None:
        """Send one message.

        Raises:
            Lost: the other side does not take it, or not before ``until``.
        """
        left = memoryview(b"".join((_HEADER.pack(kind, sum(map(len, parts))), *parts)))
        while left:
            try:
                left = left[self._socket.send(left) :]
            except BlockingIOError:
                _wait(self._writable, until)
            except OSError as error:
                raise Lost("it ended") from error

    def receive(self, bounds: Mapping[Kind, int], until: float | None = None) -> tuple[Kind, bytes]:
        """Return the next message; it is one of the kinds in ``bounds``, and no longer than that says.

        Raises:
            Lost: the other side ended, is late, or says something else.
        """
        kind, size = _HEADER.unpack(self._take(_HEADER.size, until))
        most = bounds.get(kind)
        if most is None or size > most:
            raise Lost("it said something that it was not asked, or too much")
        return Kind(kind), self._take(size, until)

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _take(self, size: int, until: float | None) -> bytes:
        while len(self._unread) < size:
            more = self._read(max(_READ_BYTES, min(size - len(self._unread), _READ_BYTES_MAX)), until)
            if not more:
                raise Lost("it ended")
            self._unread += more
        taken = bytes(self._unread[:size])
        del self._unread[:size]
        return taken

    def _read(self, most: int, until: float | None) -> bytes:
        while True:
            try:
                return self._read_soon(most)
            except BlockingIOError:
                _wait(self._readable, until)
            except OSError as error:
                raise Lost("it ended") from error

    def _read_soon(self, most: int) -> bytes:
        """Ask again and again for a moment: most answers are there before a sleeper could be woken.

        Giving way in between is what lets the other side answer where both share a processor.
        """
        stop = monotonic_ns() + _SPIN_NS
        while True:
            try:
                return self._socket.recv(most)
            except BlockingIOError:
                if monotonic_ns() > stop:
                    raise
                os.sched_yield()


def _wait(poll: select.poll, until: float | None) -> None:
    left = None if until is None else max(0.0, until - monotonic())
    if not poll.poll(None if left is None else left * 1000):
        raise Lost("it did not answer in time")


class CompileLimits(NamedTuple):
    """What compiling one module may take: whole seconds of processor time, and address space."""

    cpu_seconds: int
    address_bytes: int


def pack_module(limits: CompileLimits, module: bytes) -> bytes:
    """Return a module as it is sent to be compiled."""
    return _COMPILE.pack(*limits) + module


def unpack_module(frame: bytes) -> tuple[CompileLimits, bytes]:
    """Return the limits and the module."""
    return CompileLimits(*_COMPILE.unpack_from(frame)), frame[_COMPILE.size :]


def pack_task(digest: bytes, task: Task) -> bytes:
    """Return a run as it is sent: of which module, with which limits and input."""
    entrypoint = task.entrypoint.encode()
    head = _TASK.pack(
        digest,
        *task.bounds,
        *task.grant_counts,
        task.deadline,
        task.memory_bytes_min,
        task.memories,
        len(entrypoint),
    )
    return b"".join((head, entrypoint, task.input))


def unpack_task(frame: bytes) -> tuple[bytes, Task]:
    """Return the digest of the module and the run of it."""
    digest, *numbers, deadline, memory_min, memories, entrypoint_size = _TASK.unpack_from(frame)
    start = _TASK.size + entrypoint_size
    return digest, Task(
        entrypoint=frame[_TASK.size : start].decode(),
        input=frame[start:],
        grant_counts=tuple(numbers[9:]),
        bounds=Bounds(*numbers[:9]),
        deadline=deadline,
        memory_bytes_min=memory_min,
        memories=memories,
    )


def pack_result(result: RunResult) -> bytes:
    """Return a result as it is sent."""
    outcome, message = result.outcome.encode(), result.message.encode()
    head = _RESULT.pack(
        result.exit_code is not None,
        result.exit_code or 0,
        result.fuel_instantiate_units,
        result.fuel_units,
        result.memory_bytes_peak,
        result.log_lines_dropped,
        len(result.logs),
        len(result.output),
        len(outcome),
        len(message),
    )
    logs = [part for level, text in result.logs for part in (_LOG.pack(level, len(text)), text)]
    return b"".join((head, outcome, message, result.output, *logs))


def unpack_result(frame: bytes) -> RunResult:
    """Return the result in a message of somebody who may lie.

    Raises:
        Lost: it is not one.
    """
    try:
        return _Result(frame).read()
    except (struct.error, UnicodeDecodeError) as error:
        raise Lost("its last word makes no sense") from error


def result_bytes_max(bounds: Bounds) -> int:
    """Return the most bytes that the result of a run within ``bounds`` has."""
    lines = bounds.log_lines_max * _LOG.size
    return _RESULT.size + 0xFF + 0xFFFF + bounds.output_bytes_max + bounds.log_bytes_max + lines


class _Result:
    """A result being read, from its beginning to its end."""

    def __init__(self, frame: bytes) -> None:
        self._frame = frame
        self._at = 0

    def read(self) -> RunResult:
        returned, code, start_fuel, fuel, memory, dropped, lines, output, outcome, message = self._numbers(
            _RESULT
        )
        result = RunResult(
            outcome=self._bytes(outcome).decode("ascii"),
            message=self._bytes(message).decode(),
            exit_code=code if returned else None,
            output=self._bytes(output),
            logs=tuple(self._log() for _ in range(lines)),
            log_lines_dropped=dropped,
            fuel_instantiate_units=start_fuel,
            fuel_units=fuel,
            memory_bytes_peak=memory,
        )
        if self._at != len(self._frame):
            raise Lost("its last word is longer than it says")
        return result

    def _log(self) -> tuple[int, bytes]:
        level, size = self._numbers(_LOG)
        return level, self._bytes(size)

    def _numbers(self, form: struct.Struct) -> tuple[int, ...]:
        numbers = form.unpack_from(self._frame, self._at)
        self._at += form.size
        return numbers

    def _bytes(self, size: int) -> bytes:
        part = self._frame[self._at : self._at + size]
        if len(part) != size:
            raise Lost("its last word is cut off")
        self._at += size
        return part
