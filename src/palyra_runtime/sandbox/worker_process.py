"""A worker process as its parent knows it."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
from collections import OrderedDict
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

from palyra_runtime.sandbox.allowance import CallAllowance
from palyra_runtime.sandbox.engine import fingerprints
from palyra_runtime.sandbox.errors import WorkerUnavailable
from palyra_runtime.sandbox.form import Form
from palyra_runtime.sandbox.frames import (
    PROTOCOL,
    Connection,
    Kind,
    Lost,
    pack_task,
    result_bytes_max,
    unpack_result,
)
from palyra_runtime.sandbox.nursery import Nursery
from palyra_runtime.sandbox.outcome import COMPILE, GUEST_FAILED, OK, outcome_of_exit
from palyra_runtime.sandbox.task import Ask, RunResult, Task
from palyra_runtime.sandbox.text import plain_text

#: modules that a worker keeps
_MODULES_MAX = 16

_HELLO_BYTES_MAX = 4_096
_REFUSAL_BYTES_MAX = 65_536
_START_SECONDS = 60.0
_LOAD_SECONDS = 60.0
_NOTHING_DROPPED = bytes(32)
_OUTCOME = re.compile(r"[a-z]+(_[a-z]+)*(:[a-z]+(_[a-z0-9]+)*)?")


class Compiled(NamedTuple):
    """The compiled code of a module or component, by the digest of that."""

    form: Form
    digest: bytes
    code: bytes


class WorkerProcess:
    """One process that runs one guest at a time.

    It is started at once and is ready a little later. ``grace_s`` is how long past its deadline a run
    may take before the process is taken for lost: the guest is ended by its own clock before that.
    """

    def __init__(self, nursery: Nursery, grace_s: float) -> None:
        self._grace_s = grace_s
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self.pid, self._handle = nursery.bear(theirs)
            except BaseException:
                ours.close()
                raise
        self._owner = os.getpid()
        self._connection = Connection(ours)
        self._end = select.poll()
        self._end.register(self._handle, select.POLLIN)
        self._loaded: OrderedDict[bytes, None] = OrderedDict()
        self.layers: tuple[str, ...] | None = None
        self.runs = 0

    @property
    def is_ready(self) -> bool:
        """True where the process has said hello."""
        return self.layers is not None

    @property
    def is_alive(self) -> bool:
        """False where the process has ended."""
        return not self._end.poll(0)

    def wait_ready(self) -> None:
        """Wait until the process has given up its powers and said so.

        Raises:
            WorkerUnavailable: it ended or is stuck before that, or is of another version.
        """
        if self.is_ready:
            return
        try:
            _, frame = self._connection.receive({Kind.HELLO: _HELLO_BYTES_MAX}, monotonic() + _START_SECONDS)
        except Lost as error:
            raise WorkerUnavailable(f"A worker process did not start: {error}.") from error
        hello = json.loads(frame)
        if (hello["protocol"], hello["engines"]) != (PROTOCOL, fingerprints()):
            raise WorkerUnavailable("A worker process runs another version of the sandbox.")
        self.layers = tuple(hello["layers"])

    def run(self, program: Compiled, task: Task, ask: Ask) -> RunResult:
        """Run a program and answer what it asks.

        Raises:
            Lost: the process cannot be used any more, and what the guest did is not known.
            BaseException: whatever ``ask`` raised; the process waits for an answer that never comes.
        """
        until = max(task.deadline, monotonic()) + self._grace_s
        if refusal := self._load(program):
            return RunResult(COMPILE, plain_text(f"The module does not load: {refusal}"))
        self.runs += 1
        self._connection.send(Kind.RUN, pack_task(program.digest, task), until=until)
        allowance = CallAllowance(task.bounds.host_calls_max, task.bounds.transcript_bytes_max)
        allowed = {
            Kind.CALL: task.bounds.transcript_bytes_max,
            Kind.DONE: result_bytes_max(task.bounds),
        }
        while True:
            kind, frame = self._connection.receive(allowed, until)
            if kind is Kind.DONE:
                return _checked(unpack_result(frame), task)
            if allowance.room(frame) is None:
                raise Lost("it made a call that it knew to be one too many")
            answer = ask(frame)
            allowance.take(frame, answer)
            self._connection.send(Kind.ANSWER, answer, until=max(until, monotonic() + self._grace_s))

    def end(self) -> None:
        """Kill the process and wait for its end; a forked child of the owner leaves it alone."""
        self._connection.close()
        if os.getpid() == self._owner:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            self._end.poll()
        os.close(self._handle)

    def _load(self, program: Compiled) -> str | None:
        """Have the process hold the module; return why it does not."""
        if program.digest in self._loaded:
            self._loaded.move_to_end(program.digest)
            return None
        dropped = _NOTHING_DROPPED
        if len(self._loaded) >= _MODULES_MAX:
            dropped, _ = self._loaded.popitem(last=False)
        until = monotonic() + _LOAD_SECONDS
        self._connection.send(
            Kind.LOAD, bytes([program.form]), program.digest, dropped, program.code, until=until
        )
        kind, reason = self._connection.receive({Kind.LOADED: 0, Kind.REFUSED: _REFUSAL_BYTES_MAX}, until)
        if kind is Kind.REFUSED:
            return reason.decode(errors="replace")
        self._loaded[program.digest] = None
        return None


def _is_consistent(result: RunResult) -> bool:
    """Tell whether the outcome says that the guest returned, and returned this, just where it did."""
    if result.exit_code is None:
        return result.outcome not in {OK, GUEST_FAILED}
    return result.outcome == outcome_of_exit(result.exit_code)


def _checked(result: RunResult, task: Task) -> RunResult:
    """Return the result if a guest within these limits can have left it.

    Raises:
        Lost: none can; whoever says so is not our code any more.
    """
    bounds = task.bounds
    if not (
        _OUTCOME.fullmatch(result.outcome)
        and _is_consistent(result)
        and result.fuel_instantiate_units <= result.fuel_units <= bounds.fuel_budget
        and result.memory_bytes_peak <= bounds.max_memory_bytes
        and len(result.output) <= bounds.output_bytes_max
        and len(result.logs) <= bounds.log_lines_max
        and sum(len(text) for _, text in result.logs) <= bounds.log_bytes_max
        and all(level in range(5) for level, _ in result.logs)
    ):
        raise Lost("its last word cannot be true")
    return result
