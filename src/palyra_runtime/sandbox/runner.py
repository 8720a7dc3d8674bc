"""Where guests run: on a thread of this process, or in a process of their own."""

from __future__ import annotations

import threading
from time import monotonic
from typing import Literal, Protocol, TypeVar

from palyra_runtime.sandbox.engine import SLOTS
from palyra_runtime.sandbox.errors import SandboxBusy
from palyra_runtime.sandbox.form import Form
from palyra_runtime.sandbox.guest_run import run_guest
from palyra_runtime.sandbox.host import SandboxHost
from palyra_runtime.sandbox.native import Program
from palyra_runtime.sandbox.native_component import ComponentProgram
from palyra_runtime.sandbox.task import Ask, RunResult, Task

#: ``thread``: in this process, for the lowest latency; ``process``: in a process without any powers
Isolation = Literal["thread", "process"]

T = TypeVar("T")


class Runner(Protocol[T]):
    """Runs programs; any number of threads may ask, and each waits for its own."""

    def load(self, form: Form, digest: bytes, compiled: bytes) -> T:
        """Return compiled code ready to run; the caller vouches for its bytes."""

    def run(self, program: T, task: Task, ask: Ask) -> RunResult:
        """Run a program to whatever end it comes.

        Raises:
            BaseException: whatever ``ask`` raised; the guest is ended, and nothing of it is kept.
        """

    def warm_up(self) -> tuple[str, ...]:
        """Start what takes time, and return the names of the layers of confinement that hold."""

    def pids(self) -> list[int]:
        """Return the numbers of the processes in which guests run, this one left out."""

    def close(self) -> None:
        """Give up what it holds. Safe to repeat."""


class ThreadRunner:
    """Runs guests on the thread that asks."""

    def __init__(self) -> None:
        self._host = SandboxHost()
        self._slots = threading.BoundedSemaphore(SLOTS)

    def load(self, form: Form, _digest: bytes, compiled: bytes) -> Program | ComponentProgram:
        """Return compiled code ready to run."""
        return self._host.load(form, compiled)

    def run(self, program: Program | ComponentProgram, task: Task, ask: Ask) -> RunResult:
        """Run a program in a fresh store.

        Raises:
            SandboxBusy: no other guest ended before this one's deadline.
            BaseException: whatever ``ask`` raised.
        """
        if not self._slots.acquire(blocking=False) and not self._wait(task.deadline):
            raise SandboxBusy(f"{SLOTS} guests are running, and none of them ended in time.")
        try:
            return run_guest(self._host, program, task, ask)
        finally:
            self._slots.release()

    def warm_up(self) -> tuple[str, ...]:
        """Return nothing: only the engine stands between a guest and this process."""
        return ()

    def pids(self) -> list[int]:
        """Return nothing: guests run in this process."""
        return []

    def close(self) -> None:
        """End the clock's thread."""
        self._host.ticker.close()

    def _wait(self, deadline: float) -> bool:
        return self._slots.acquire(timeout=max(0.0, deadline - monotonic()))
