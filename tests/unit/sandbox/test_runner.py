from __future__ import annotations

import pytest

from palyra_runtime.sandbox import Invocation, Limits, Sandbox, SandboxBusy, WorkerUnavailable
from palyra_runtime.sandbox.engine import SLOTS


@pytest.fixture
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def test_a_run_without_a_slot_is_the_hosts_failure_and_not_the_guests(sandbox, guest, broker):
    """No outcome is recorded for a guest that never started."""
    for _ in range(SLOTS):
        sandbox._runner._slots.acquire()

    with pytest.raises(SandboxBusy):
        sandbox.invoke(guest("echo"), Invocation(broker, limits=Limits(timeout_ms=5)))


class Nesting:
    """A broker that answers each guest by running another one inside it, so many deep."""

    def __init__(self, sandbox, module, depth) -> None:
        self._sandbox, self._module, self.left = sandbox, module, depth

    def answer(self, call):
        if not self.left:
            return b"{}"
        self.left -= 1
        return self._sandbox.invoke(self._module, Invocation(self, input=b"{}")).output


def test_as_many_guests_as_there_are_slots_run_inside_each_other(sandbox, guest):
    """Each has memory and fuel of its own, on one thread."""
    broker = Nesting(sandbox, guest("ask"), SLOTS - 1)

    assert sandbox.invoke(guest("ask"), Invocation(broker, input=b"{}")).output == b"{}"
    assert broker.left == 0


def test_a_closed_sandbox_starts_no_process(guest, broker):
    """Who has closed it has seen the last of its processes."""
    sandbox = Sandbox(isolation="process")
    sandbox.close()

    with pytest.raises(WorkerUnavailable, match="closed"):
        sandbox.invoke(guest("echo"), Invocation(broker))
    sandbox.close()


def test_a_sandbox_of_threads_has_no_processes(sandbox):
    """Only the engine stands between a guest and its host."""
    assert (sandbox.warm_up(), sandbox.worker_pids()) == ((), [])
