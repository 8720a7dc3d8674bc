"""Compiling modules, in a process apart."""

from __future__ import annotations

import os
import socket
import threading
from subprocess import Popen
from time import monotonic
from typing import NamedTuple

from palyra_runtime.sandbox import compile_child
from palyra_runtime.sandbox.errors import CompilerUnavailable
from palyra_runtime.sandbox.form import Form, form_of
from palyra_runtime.sandbox.frames import CompileLimits, Connection, Kind, Lost, pack_module
from palyra_runtime.sandbox.outcome import COMPILE
from palyra_runtime.sandbox.refusal import Refusal
from palyra_runtime.sandbox.spawn import end, spawn
from palyra_runtime.sandbox.text import plain_text

#: seconds of processor time for any module, and for each MiB of it; a component has larger functions
_CPU_SECONDS = 3
_CPU_SECONDS_PER_MIB = {Form.MODULE: 1, Form.COMPONENT: 2}

#: address space of the compiler, its interpreter included; JavaScript engines take a third of it
_ADDRESS_BYTES = 2 * 1024**3

_START_SECONDS = 60.0
#: the process ends a compilation by itself; this is for a process that is not there any more
_COMPILE_SECONDS = 900.0


class _Process(NamedTuple):
    popen: Popen[bytes]
    connection: Connection
    owner: int


class Compiler:
    """Compiles one module after the other; started when it is first needed. Any thread may ask.

    A module gets ``cpu_seconds`` of processor time, and one more for each MiB that it has; a component
    two more.
    """

    def __init__(self, *, cpu_seconds: int = _CPU_SECONDS, address_bytes: int = _ADDRESS_BYTES) -> None:
        self._cpu_seconds = cpu_seconds
        self._address_bytes = address_bytes
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def compile(self, module: bytes) -> bytes | Refusal:
        """Return the module compiled for this host's engine, or why it does not compile.

        Raises:
            CompilerUnavailable: there is no process for it.
        """
        with self._lock:
            try:
                kind, answer = self._ask(self._running().connection, module)
            except Lost as error:
                self._end()
                raise CompilerUnavailable(f"The process that compiles modules was lost: {error}.") from error
        if kind is Kind.LOADED:
            return answer
        reason = answer.decode(errors="replace")
        return Refusal(COMPILE, plain_text(f"The module does not compile: {reason}"))

    def close(self) -> None:
        """End the process. Safe to repeat; another one is started where it is needed again."""
        with self._lock:
            self._end()

    def _ask(self, connection: Connection, module: bytes) -> tuple[Kind, bytes]:
        until = monotonic() + _COMPILE_SECONDS
        seconds = self._cpu_seconds + _CPU_SECONDS_PER_MIB[form_of(module)] * (len(module) // 1024**2)
        frame = pack_module(CompileLimits(seconds, self._address_bytes), module)
        connection.send(Kind.LOAD, frame, until=until)
        most = compile_child.COMPILED_BYTES_MAX
        return connection.receive({Kind.LOADED: most, Kind.REFUSED: 65_536}, until)

    def _running(self) -> _Process:
        if self._process is None or self._process.owner != os.getpid():
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    popen = spawn(compile_child.__name__, theirs.fileno())
                except OSError as error:
                    ours.close()
                    raise CompilerUnavailable(f"No process can be started: {error}.") from error
            self._process = _Process(popen, Connection(ours), os.getpid())
            self._process.connection.receive({Kind.HELLO: 0}, monotonic() + _START_SECONDS)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.connection.close()
            end(process.popen, process.owner)
