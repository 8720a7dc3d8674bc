"""Processes that run guests, kept warm."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress

from palyra_runtime.sandbox.errors import WorkerUnavailable
from palyra_runtime.sandbox.form import Form
from palyra_runtime.sandbox.frames import Lost
from palyra_runtime.sandbox.nursery import Nursery
from palyra_runtime.sandbox.outcome import WORKER_LOST
from palyra_runtime.sandbox.task import Ask, RunResult, Task
from palyra_runtime.sandbox.worker_process import Compiled, WorkerProcess

#: a process is new again after this many runs, so that nothing that leaks can grow for ever
RUNS_MAX = 10_000

#: seconds past its deadline after which a run is taken for lost
GRACE_S = 2.0

_log = logging.getLogger(__name__)


class WorkerPool:
    """Runs guests in processes of their own: ``size`` wait, and more are started where more are needed.

    A process that dies, hangs or breaks the protocol is killed, the outcome of its run is
    ``worker_lost``, and another one takes its place.
    """

    def __init__(self, size: int, *, grace_s: float = GRACE_S, runs_max: int = RUNS_MAX) -> None:
        self._size = size
        self._grace_s = grace_s
        self._runs_max = runs_max
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._closed = False
        self._nursery = Nursery()

    def load(self, form: Form, digest: bytes, compiled: bytes) -> Compiled:
        """Return compiled code as the processes take it."""
        return Compiled(form, digest, compiled)

    def run(self, program: Compiled, task: Task, ask: Ask) -> RunResult:
        """Run a program in a process that waits.

        Raises:
            WorkerUnavailable: no process can be started.
            BaseException: whatever ``ask`` raised; the process is killed.
        """
        worker = self._take()
        try:
            result = worker.run(program, task, ask)
        except Lost as error:
            self._drop(worker)
            _log.warning("worker process %d was lost: %s", worker.pid, error)
            return RunResult(WORKER_LOST, f"The process that ran the guest was lost: {error}.")
        except BaseException:
            self._drop(worker)
            raise
        self._give_back(worker)
        return result

    def warm_up(self) -> tuple[str, ...]:
        """Start the processes that wait, and return the names of the layers of confinement that hold.

        Raises:
            WorkerUnavailable: no process can be started.
        """
        worker = self._take()
        self._give_back(worker)
        return worker.layers or ()

    def pids(self) -> list[int]:
        """Return the numbers of the processes that are there."""
        with self._lock:
            return sorted(worker.pid for worker in (*self._idle, *self._busy))

    def busy_pids(self) -> list[int]:
        """Return the numbers of the processes that run a guest."""
        with self._lock:
            return sorted(worker.pid for worker in self._busy)

    def close(self) -> None:
        """Kill all processes. Safe to repeat."""
        with self._lock:
            self._closed = True
            workers, self._idle = self._idle, []
            for worker in workers:
                worker.end()
            # Last, as it is the one that buries them.
            self._nursery.close()

    def _take(self) -> WorkerProcess:
        worker = self._choose()
        try:
            worker.wait_ready()
        except BaseException:
            self._drop(worker)
            raise
        return worker

    def _choose(self) -> WorkerProcess:
        """Return a process that lives: the one used last, as its code is in the processor's caches."""
        with self._lock:
            if self._closed:
                raise WorkerUnavailable("The sandbox is closed.")
            self._fill()
            waiting = sorted(self._idle, key=lambda worker: worker.is_ready)
            while waiting:
                worker = waiting.pop()
                self._idle.remove(worker)
                if worker.is_alive:
                    break
                worker.end()
            else:
                worker = self._start()
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            keep = not self._closed and worker.runs < self._runs_max and len(self._idle) < self._size
            if keep:
                self._busy.discard(worker)
                self._idle.append(worker)
        if not keep:
            self._drop(worker)

    def _drop(self, worker: WorkerProcess) -> None:
        worker.end()
        with self._lock, suppress(WorkerUnavailable):  # whoever needs one next is told
            self._busy.discard(worker)
            self._fill()

    def _fill(self) -> None:
        """Start what is missing of the processes that wait; the caller holds the lock."""
        while not self._closed and len(self._idle) + len(self._busy) < self._size:
            self._idle.append(self._start())

    def _start(self) -> WorkerProcess:
        return WorkerProcess(self._nursery, self._grace_s)
