"""The program ``palyra``, imported once: each command is a fork of that process.

To import all that a command needs takes ten times as long as most commands. A fork has its own
descriptors, variables, folder and end, as a process has that was started; what the interpreter does
before the program begins has happened already.

A script of a shell has it as well, where ``tests/warm`` is the first place to look for commands.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import BinaryIO, NoReturn

import palyra_events
import palyra_runtime
import projections
from palyra_runtime.cli import main as palyra
from tests.crash.warmth import warm_up

#: bytes of a request, at most: the arguments and all variables
_REQUEST_MAX = 1 << 20
#: seconds after which a command is ended by a signal; none takes as long, however busy the machine is
_TIMEOUT_S = 300
#: how a fork tells the exit status of a command
_STATUS = struct.Struct("<i")
_READY = b"ready"
_NOTHING = Path(os.devnull)


class WarmProgram:
    """A process that waits for commands. For any number of threads."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=Path(__file__).parents[1],
                stdin=subprocess.DEVNULL,
            )
        assert self._socket.recv(len(_READY)) == _READY

    def run(self, arguments: Sequence[str], variables: Mapping[str, str]) -> tuple[int, bytes, bytes]:
        """Run a command to its end: return its exit status, its output and what it says of errors."""
        request = json.dumps([list(arguments), dict(variables), str(Path.cwd())]).encode()
        hear, tell = socket.socketpair()
        with (
            hear,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            _NOTHING.open() as nothing,
        ):
            with tell:
                streams = [each.fileno() for each in (nothing, out, err, tell)]
                socket.send_fds(self._socket, [request], streams)
            (status,) = _STATUS.unpack(hear.recv(_STATUS.size))
            return status, _written(out), _written(err)

    def lend(self) -> int:
        """Return the descriptor that a script inherits which is to find the program in ``tests/warm``."""
        return self._socket.fileno()

    def close(self) -> None:
        """End the process; commands that still run are not waited for."""
        self._socket.close()
        self._process.wait()


@cache
def warm_program() -> WarmProgram:
    """Return the one that the tests of this process share; it ends with them."""
    program = WarmProgram()
    atexit.register(program.close)
    return program


def _written(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _import_all() -> None:
    """Import what any command could import."""
    for root in (palyra_events, projections, palyra_runtime):
        for module in walk_packages(root.__path__, f"{root.__name__}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    assert threading.active_count() == 1, "a fork has only the thread that made it"


def _serve(requests: socket.socket) -> None:
    """Fork for each request, until nobody is left who could ask."""
    requests.send(_READY)
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, _REQUEST_MAX, 4)
        if not request:
            return
        if os.fork() == 0:
            requests.close()
            _watch(request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _watch(request: bytes, descriptors: Sequence[int]) -> None:
    """Have the command carried out by another fork, and tell how that ended."""
    *streams, tell = descriptors
    pid = os.fork()
    if pid == 0:
        os.close(tell)
        _become(*json.loads(request), streams)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.write(tell, _STATUS.pack(status))
    os._exit(0)


def _become(arguments: list[str], variables: dict[str, str], folder: str, streams: list[int]) -> NoReturn:
    """Be the program: with these arguments, and everything else that a process is given.

    At the end, what is registered for it is done. The interpreter does not take everything to pieces as
    well: to write to each object copies all memory that the forks share.
    """
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    # What this process knew of its streams, as that one can go back in them, is not true of these.
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    signal.alarm(_TIMEOUT_S)
    sys.argv[1:] = arguments
    status = palyra()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _import_all()
    warm_up()
    _serve(socket.socket(fileno=int(sys.argv[1])))
