"""Processes that run guests: what they cannot do, and what happens where one breaks out of its role."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from palyra_runtime.sandbox import (
    Invocation,
    Limits,
    Sandbox,
    WorkerUnavailable,
    nursery,
    spawn,
    wasm_from_text,
)
from palyra_runtime.sandbox import worker_process as worker_module
from palyra_runtime.sandbox.worker_pool import WorkerPool
from tests.security import rogue_worker

GUESTS = Path(__file__).parents[1] / "guests"


@pytest.fixture
def sandbox():
    with Sandbox(isolation="process", workers=1) as sandbox:
        yield sandbox


def pids(sandbox: Sandbox) -> list[int]:
    return sandbox.worker_pids()


def signalled(pid: int, number: int) -> None:
    """Send a signal and see it take effect."""
    process = psutil.Process(pid)
    os.kill(pid, number)
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_STOPPED:
            os.sched_yield()


class Signalling:
    """A broker that sends a signal to every worker before it answers."""

    def __init__(self, sandbox: Sandbox, number: int) -> None:
        self._sandbox, self._number = sandbox, number

    def answer(self, call):
        for pid in pids(self._sandbox):
            signalled(pid, self._number)
        return b"{}"


def test_a_worker_that_dies_in_the_middle_of_a_run_is_an_outcome(sandbox, guest):
    """The run is lost and says so; what the guest had asked until then is kept."""
    execution = sandbox.invoke(guest("ask"), Invocation(Signalling(sandbox, signal.SIGKILL), input=b"{}"))

    assert (execution.outcome, execution.exit_code, execution.kind) == ("worker_lost", None, None)
    assert [exchange.request for exchange in execution.transcript] == [b"{}"]


def test_a_worker_that_hangs_is_killed(guest):
    """A process that stands still past its guest's deadline is not waited for."""
    with Sandbox(isolation="process", workers=1) as sandbox:
        sandbox._runner.close()
        sandbox._runner = WorkerPool(1, grace_s=0.2)
        sandbox.warm_up()
        (hanging,) = pids(sandbox)
        limits = Limits(timeout_ms=50)
        execution = sandbox.invoke(
            guest("ask"), Invocation(Signalling(sandbox, signal.SIGSTOP), input=b"{}", limits=limits)
        )

        assert execution.outcome == "worker_lost"
        assert hanging not in pids(sandbox)
        assert not psutil.pid_exists(hanging)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGTERM])
def test_the_run_after_a_lost_worker_is_unharmed(sandbox, guest, broker, number):
    """Another process is there at once."""
    sandbox.invoke(guest("ask"), Invocation(Signalling(sandbox, number), input=b"{}"))

    assert sandbox.invoke(guest("echo"), Invocation(broker, input=b"{}")).outcome == "ok"


def test_a_worker_that_died_while_it_waited_costs_no_run(sandbox, guest, broker):
    """Nobody is given a process that is not there any more."""
    sandbox.invoke(guest("echo"), Invocation(broker, input=b"{}"))
    (pid,) = pids(sandbox)
    signalled(pid, signal.SIGKILL)

    assert sandbox.invoke(guest("echo"), Invocation(broker, input=b"{}")).outcome == "ok"


class HostBroken(Exception):
    """What a broker raises."""


class Raising:
    def answer(self, call):
        raise HostBroken


def test_a_failure_of_the_host_ends_the_worker_that_waits_for_it(sandbox, guest):
    """The guest never gets its answer, so its process is of no more use."""
    sandbox.invoke(guest("echo"), Invocation(Raising(), input=b"{}"))
    before = pids(sandbox)
    with pytest.raises(HostBroken):
        sandbox.invoke(guest("ask"), Invocation(Raising(), input=b"{}"))

    assert set(before).isdisjoint(pids(sandbox))


def test_a_worker_is_new_again_after_some_runs(guest, broker):
    """What leaks in the engine or in the interpreter cannot grow without end."""
    with Sandbox(isolation="process", workers=1) as sandbox:
        sandbox._runner.close()
        sandbox._runner = WorkerPool(1, runs_max=3)
        sandbox.warm_up()
        seen = []
        for _ in range(7):
            seen += pids(sandbox)
            assert sandbox.invoke(guest("echo"), Invocation(broker, input=b"{}")).outcome == "ok"

    assert [seen.count(pid) for pid in dict.fromkeys(seen)] == [3, 3, 1]


def test_nothing_of_a_sandbox_is_left_when_it_is_closed(guest, broker):
    """All processes end with it."""
    with Sandbox(isolation="process", workers=3) as sandbox:
        sandbox.invoke(guest("echo"), Invocation(broker, input=b"{}"))
        started = pids(sandbox)

    assert len(started) == 3
    assert [pid for pid in started if psutil.pid_exists(pid)] == []


PARENT = """
import sys
from palyra_runtime.sandbox import Sandbox
sandbox = Sandbox(isolation="process", workers=2)
sandbox.warm_up()
print(*sandbox.worker_pids(), flush=True)
sys.stdin.read()
"""


def test_workers_do_not_outlive_a_parent_that_is_killed():
    """Their pipe ends with it, and so do they."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        workers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        parent.kill()

    _, alive = psutil.wait_procs(workers, timeout=60)
    assert (len(workers), alive) == (2, [])


def test_a_worker_has_nothing_worth_taking(sandbox):
    """No environment, no file, no network of this machine, one socket, and all layers of confinement."""
    layers = sandbox.warm_up()
    (pid,) = pids(sandbox)
    process = psutil.Process(pid)
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    status = dict(line.split(":\t") for line in lines if ":\t" in line)
    descriptors = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]

    assert layers == ("network", "privileges", "capabilities", "files", "limits", "calls")
    assert process.environ() == {}
    assert (status["NoNewPrivs"], status["Seccomp"], status["CapEff"]) == ("1", "2", "0" * 16)
    assert Path(f"/proc/{pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
    assert sorted({name.partition(":")[0] for name in descriptors}) == ["/dev/null", "socket"]
    assert sum(name.startswith("socket") for name in descriptors) == 1


IMPORTS = """
import sys
from importlib import import_module
sys.path += sys.argv[1:]
import_module("palyra_runtime.sandbox.nursery")
print(*sorted({name.partition(".")[0] for name in sys.modules}))
print(*sorted(name for name in sys.modules if name.startswith("palyra")))
"""


def test_a_worker_imports_the_sandbox_and_nothing_else():
    """No database, no keys, no models: what is not loaded cannot be misused."""
    command = [sys.executable, "-I", "-S", "-c", IMPORTS, *spawn._roots()]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    packages, ours = (set(line.split()) for line in done.stdout.splitlines())

    strangers = {"sqlalchemy", "eventsourcing", "cryptography", "pydantic", "projections", "click", "httpx"}
    assert packages & strangers == set()
    parts = {tuple(name.split(".")[:2]) for name in ours}
    assert parts <= {
        ("palyra_runtime",), ("palyra_runtime", "sandbox"), ("palyra_events",),
        ("palyra_events", "exports"), ("palyra_events", "errors"),
    }  # fmt: skip


@pytest.fixture
def rogue(monkeypatch):
    """A sandbox whose processes are in the hands of their guests."""
    roots = [*spawn._roots(), str(Path(__file__).parents[2])]
    monkeypatch.setattr(spawn, "_roots", lambda: roots)
    monkeypatch.setattr(
        nursery, "spawn", lambda _module, descriptor: spawn.spawn(rogue_worker.__name__, descriptor)
    )
    with Sandbox(isolation="process", workers=1) as sandbox:
        sandbox._runner.close()
        sandbox._runner = WorkerPool(1, grace_s=0.3)
        yield sandbox


@pytest.mark.parametrize("deed", rogue_worker.DEEDS)
def test_a_worker_that_lies_or_floods_is_an_outcome_and_its_parent_lives(rogue, broker, deed):
    """Whatever a process that was taken over says, its parent records that the run was lost."""
    module = wasm_from_text(f'(module (func (export "{deed}") (result i32) (i32.const 0)))')
    limits = Limits(
        timeout_ms=200, output_bytes_max=1_000, log_lines_max=10, log_bytes_max=1_000, host_calls_max=20
    )
    before = psutil.Process().memory_info().rss

    execution = rogue.invoke(module, Invocation(broker, entrypoint=deed, limits=limits))

    assert execution.outcome == "worker_lost"
    assert len(execution.transcript) <= limits.host_calls_max
    assert psutil.Process().memory_info().rss - before < 64 * 1024**2


@pytest.mark.parametrize(
    "hello", [{"protocol": 0}, {"engines": "another"}], ids=["another protocol", "another engine"]
)
def test_a_worker_of_another_version_is_not_used(monkeypatch, guest, broker, hello):
    """Parent and worker are of one version, or nothing runs."""
    original = json.loads
    monkeypatch.setattr(worker_module.json, "loads", lambda text: {**original(text), **hello})
    with Sandbox(isolation="process", workers=1) as sandbox, pytest.raises(WorkerUnavailable):
        sandbox.invoke(guest("echo"), Invocation(broker))
