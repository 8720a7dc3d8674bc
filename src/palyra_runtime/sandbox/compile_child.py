"""The process that compiles guests: one child for each, with its own limits, and nothing to take away.

Compiling has neither fuel nor a deadline, and the compiler is the largest piece of code that reads a
stranger's bytes. So it is done in a process that has no files, no network and no environment. That
process waits with the engine's library loaded and forks for each module, which takes a millisecond
where a new interpreter takes a hundred; what one module does to its child, the next one does not see.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
from time import monotonic

from wasmtime import Module, WasmtimeError
from wasmtime.component import Component

from palyra_runtime.sandbox.component_sections import COMPONENT_BYTES_MAX
from palyra_runtime.sandbox.confinement import enclose, seal
from palyra_runtime.sandbox.engine import installed_version, new_compiling_engine, new_component_engine
from palyra_runtime.sandbox.form import Form, form_of
from palyra_runtime.sandbox.frames import CompileLimits, Connection, Kind, Lost, unpack_module

#: a child that waits for a busy machine is not its module's fault
_WALL_SECONDS_PER_CPU_SECOND = 10

#: the largest module that passed the counts compiled to a tenth of this
COMPILED_BYTES_MAX = 256 * 1024**2

_OK, _REFUSED = b"\1", b"\0"
_PIPE_BYTES = 2**20


def main(descriptor: int) -> None:
    """Compile what comes over the socket ``descriptor``, until the other side closes it."""
    connection = Connection(socket.socket(fileno=descriptor))
    installed_version()
    enclose()
    seal(processes=True, file_bytes=0)
    connection.send(Kind.HELLO)
    while True:
        try:
            _, frame = connection.receive({Kind.LOAD: 2 * COMPONENT_BYTES_MAX})
            compiled = _compile_apart(*unpack_module(frame))
            connection.send(Kind.LOADED if compiled[:1] == _OK else Kind.REFUSED, compiled[1:])
        except Lost:
            return


def _compile_apart(limits: CompileLimits, module: bytes) -> bytes:
    """Return what a child makes of the module: a byte that says whether it compiles, and the rest."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _be_child(limits, module, writer)
    os.close(writer)
    try:
        compiled = _read(reader, monotonic() + limits.cpu_seconds * _WALL_SECONDS_PER_CPU_SECOND)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return compiled or _REFUSED + _cause(os.waitstatus_to_exitcode(status), limits).encode()


def _be_child(limits: CompileLimits, module: bytes, writer: int) -> None:
    """Compile, say what came of it, and end without a look back."""
    os.closerange(0, writer)
    os.closerange(writer + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    seal(processes=False, file_bytes=0, address_bytes=limits.address_bytes)
    try:
        answer = _OK + _compiled(module)
    except WasmtimeError as error:
        answer = _REFUSED + str(error).encode()[:65_536]
    except MemoryError:
        os._exit(1)
    left = memoryview(answer)
    while left:
        left = left[os.write(writer, left[:_PIPE_BYTES]) :]
    os._exit(0)


def _compiled(module: bytes) -> bytes:
    if form_of(module) is Form.COMPONENT:
        return bytes(Component(new_component_engine(), module).serialize())
    return bytes(Module(new_compiling_engine(), module).serialize())


def _read(reader: int, until: float) -> bytes:
    """Return all that is written, or nothing where it is too much or does not end in time."""
    parts: list[bytes] = []
    size = 0
    while True:
        if not select.select([reader], [], [], max(0.0, until - monotonic()))[0]:
            return b""
        part = os.read(reader, _PIPE_BYTES)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > COMPILED_BYTES_MAX:
            return b""


def _cause(exit_code: int, limits: CompileLimits) -> str:
    if exit_code == -signal.SIGXCPU:
        return f"it took more than {limits.cpu_seconds} s of processor time"
    if exit_code in {1, -signal.SIGABRT, -signal.SIGSEGV}:
        return f"it took more than {limits.address_bytes // 1024**2} MiB of memory, or broke the compiler"
    return "it took too long, or came out too large"
