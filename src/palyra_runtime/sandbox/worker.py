"""The process in which guests run: without files, network, keys or environment, and with one pipe.

It is told what to run by the parent, and asks the parent whatever a guest asks. What it says is
believed by nobody: the parent checks it against the limits of the run.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from time import monotonic
from typing import NoReturn

from wasmtime import Module, WasmtimeError

from palyra_runtime.sandbox.confinement import seal
from palyra_runtime.sandbox.engine import COMPONENT_BYTES, POOL_BYTES, fingerprints
from palyra_runtime.sandbox.form import Form
from palyra_runtime.sandbox.frames import PROTOCOL, Connection, Kind, Lost, pack_result, unpack_task
from palyra_runtime.sandbox.guest_run import run_guest
from palyra_runtime.sandbox.host import SandboxHost
from palyra_runtime.sandbox.native import Program
from palyra_runtime.sandbox.native_component import ComponentProgram
from palyra_runtime.sandbox.outcome import OK
from palyra_runtime.sandbox.shape import MEMORY_BYTES_MAX
from palyra_runtime.sandbox.task import Bounds, Task
from palyra_runtime.sandbox.text import plain_text

#: address space: beside the pool and one component there are compiled code, outputs, and Python itself
_ADDRESS_BYTES_MAX = POOL_BYTES + COMPONENT_BYTES + 2 * 1024**3

#: form, digest, and the digest of what is dropped
_LOAD = struct.Struct("!B32s32s")
_ANY = dict.fromkeys((Kind.LOAD, Kind.RUN, Kind.ANSWER), 2**40)

#: ``(module (memory 1) (func (export "run") (result i32) i32.const 0))``
_NOTHING = bytes.fromhex(
    "0061736d01000000 0105016000017f 03020100 0503010001 0707010372756e0000 0a0601040041000b"
)


def serve(descriptor: int, layers: list[str]) -> NoReturn:
    """Run what comes over the socket ``descriptor`` until the other side closes it, and end the process.

    ``layers`` names what the process has been kept from already.
    """
    status = 1
    try:
        Worker(Connection(socket.socket(fileno=descriptor)), layers).serve()
    except Lost:
        status = 0
    finally:
        # Not by way of what the process was forked in the middle of.
        os._exit(status)


class Worker:
    """Runs one guest after the other for a parent on the other end of a connection."""

    def __init__(self, connection: Connection, layers: list[str]) -> None:
        self._connection = connection
        self._programs: dict[bytes, Program | ComponentProgram] = {}
        self._host = SandboxHost()
        self._warm_up()
        sealed = seal(processes=False, file_bytes=MEMORY_BYTES_MAX, address_bytes=_ADDRESS_BYTES_MAX)
        hello = {"protocol": PROTOCOL, "engines": fingerprints(), "layers": [*layers, *sealed]}
        connection.send(Kind.HELLO, json.dumps(hello).encode())

    def serve(self) -> None:
        """Do as the parent says, for ever.

        Raises:
            Lost: the parent is gone.
        """
        while True:
            kind, frame = self._connection.receive(_ANY)
            self._handle(kind, frame)

    def _handle(self, kind: Kind, frame: bytes) -> None:
        if kind is Kind.LOAD:
            self._load(frame)
        elif kind is Kind.RUN:
            digest, task = unpack_task(frame)
            result = run_guest(self._host, self._programs[digest], task, self._ask)
            self._connection.send(Kind.DONE, pack_result(result))

    def _load(self, frame: bytes) -> None:
        """Take a module in, and drop the one that the parent names, as it counts what is kept."""
        form, digest, dropped = _LOAD.unpack_from(frame)
        self._programs.pop(dropped, None)
        try:
            self._programs[digest] = self._host.load(Form(form), frame[_LOAD.size :])
        except WasmtimeError as error:
            self._connection.send(Kind.REFUSED, plain_text(str(error)).encode())
        else:
            self._connection.send(Kind.LOADED)

    def _ask(self, request: bytes) -> bytes:
        self._connection.send(Kind.CALL, request)
        return self._connection.receive(_ANY)[1]

    def _warm_up(self) -> None:
        """Run a guest that does nothing, so that all that opens a file or starts a thread has done so."""
        program = self._host.load(Form.MODULE, bytes(Module(self._host.engine, _NOTHING).serialize()))
        bounds = Bounds(10_000, MEMORY_BYTES_MAX, 0, 1, 0, 0, 0, 0, 0)
        task = Task("run", b"", (0, 0, 0, 0), bounds, monotonic() + 60, 0)
        ended = run_guest(self._host, program, task, bytes)
        assert ended.outcome == OK, ended
