"""The process from which workers come: it has the engine's library loaded, and forks.

A new interpreter takes a tenth of a second to get that far, which is a long time to wait for where a
guest has just killed its worker; a fork is there in some milliseconds. The process itself runs no
guest and reads nothing but what its parent says: a byte, and the socket of the worker to be.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from subprocess import Popen
from typing import NamedTuple

from palyra_runtime.sandbox import worker
from palyra_runtime.sandbox.confinement import enclose
from palyra_runtime.sandbox.engine import fingerprints
from palyra_runtime.sandbox.errors import WorkerUnavailable
from palyra_runtime.sandbox.spawn import end, spawn

_REQUEST = b"\1"
_PID_BYTES = 20
_START_SECONDS = 60.0


def main(descriptor: int) -> None:
    """Fork a worker for each socket that comes over ``descriptor``, until the other side closes it."""
    line = socket.socket(fileno=descriptor)
    fingerprints()  # reads files, which are out of reach in a moment
    layers = enclose()
    # Nobody waits for the workers: their parent knows them by descriptors that no other process can get.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, descriptors, _, _ = socket.recv_fds(line, len(_REQUEST), 1)
        if not request:
            break
        (theirs,) = descriptors
        child = os.fork()
        if child == 0:
            line.close()
            worker.serve(theirs, layers)
        os.close(theirs)
        handle = os.pidfd_open(child)
        socket.send_fds(line, [str(child).encode()], [handle])
        os.close(handle)
    with suppress(ChildProcessError):
        os.wait()  # until the last one has ended, so that none is left for others to bury


class Newborn(NamedTuple):
    """A worker: its number, a descriptor that stands for it even when the number is given to another."""

    pid: int
    handle: int


class Nursery:
    """Starts workers; its process is started when it is first needed. For one thread at a time."""

    def __init__(self) -> None:
        self._line: socket.socket | None = None
        self._process: Popen[bytes] | None = None
        self._owner = os.getpid()

    def bear(self, theirs: socket.socket) -> Newborn:
        """Start a worker at the other end of ``theirs``.

        Raises:
            WorkerUnavailable: the system gives no process.
        """
        try:
            line = self._line or self._start()
            socket.send_fds(line, [_REQUEST], [theirs.fileno()])
            pid, descriptors, _, _ = socket.recv_fds(line, _PID_BYTES, 1)
        except OSError as error:
            self.close()
            raise WorkerUnavailable(f"No process can be started: {error}.") from error
        if not descriptors:
            self.close()
            raise WorkerUnavailable("The process that starts workers has ended.")
        return Newborn(int(pid), descriptors[0])

    def close(self) -> None:
        """End the process; workers live on until their own pipes are closed. Safe to repeat."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            end(self._process, self._owner)
        self._line = self._process = None

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            ours.settimeout(_START_SECONDS)
            self._line = ours
            self._process = spawn(__name__, theirs.fileno())
        return ours
