"""``palyra gateway run`` as people and service managers meet it: a process, signals, exit codes."""

from __future__ import annotations

import json
import os
import select
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from palyra_events.delivery import AttemptSucceeded
from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_events.store import EventLog
from palyra_runtime import WasmPluginRunnerPolicy
from tests.running_gateway import PATIENCE_S, events_of, gateway_process, until_somebody_works, wait_for
from tests.shell import Shell
from tests.stage import Stage, answering, guest

pytestmark = pytest.mark.slow

#: a guest spins for seconds, and its process outlives its gateway no longer than that
ENDLESS = WasmPluginRunnerPolicy(fuel_budget=2**40, timeout_ms=8_000)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Stage]:
    """A home where a plugin answers to the start of a gateway."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path) as stage:
        stage.ready(answering())
        yield stage


@pytest.fixture
def shell(home: Stage) -> Shell:
    """The command line over that home."""
    return Shell(home.folder)


@pytest.fixture
def log(home: Stage) -> EventLog:
    """Its log."""
    return home.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(shell: Shell, log: EventLog, number):
    """It says when it is up, carries out what its start set off, and ends with 0 and a record."""
    head = log.head()
    with gateway_process(shell) as gateway:
        assert "4 workers, sqlite" in gateway.lines[-1]
        wait_for(log, AttemptSucceeded, after=head)
        code = gateway.end(number)
        out = gateway.process.stdout.read()

    (started,), (stopped,) = events_of(log, GatewayStarted), events_of(log, GatewayStopped)
    assert (code, stopped.cause) == (0, "signal")
    assert out == f"Gateway {started.gateway_id} stopped (signal).\n"


def test_programs_read_its_report_and_its_log_lines(shell: Shell, log: EventLog):
    """With ``-o json`` the report is an object; with ``--log-format json`` each log line is one."""
    with gateway_process(shell, "--log-format", "json", "-o", "json") as gateway:
        code = gateway.end()
        report = json.loads(gateway.process.stdout.read())
        gateway.hear("stops (signal)")

    lines = [json.loads(line) for line in gateway.lines]
    (started,) = events_of(log, GatewayStarted)
    assert code == 0
    assert report == {"gateway_id": started.gateway_id, "cause": "signal", "unfinished": []}
    assert [line["message"].split(" ")[0] for line in lines] == ["this", "gateway", "gateway"]
    assert lines[1]["gateway_id"] == started.gateway_id
    assert lines[1]["pid"] == gateway.process.pid
    assert {line["level"] for line in lines} == {"info"}


def test_a_second_gateway_is_told_who_runs(shell: Shell, log: EventLog):
    """On one SQLite file it is refused with the number of the process that has it."""
    with gateway_process(shell) as gateway:
        second = shell("gateway", "run")

    assert second.code == 7
    assert f"A gateway (pid {gateway.process.pid}, since " in second.err
    assert len(events_of(log, GatewayStarted)) == 1


def test_a_drain_beside_it_leaves_nothing_due(home: Stage, shell: Shell):
    """It returns when what was due is done, whoever has done it."""
    with gateway_process(shell) as gateway:
        home.fire()
        drained = shell("delivery", "drain", "-o", "json")
        gateway.end()

    assert (drained.code, drained.json["waiting"]) == (0, 0)
    assert [row for row in shell("delivery", "list", "-o", "json").json if row["is_open"]] == []


def status_at_rest(shell: Shell) -> Any:
    """Wait until the scheduler has seen all that happened, and return what is then said of the gateway."""
    waiting, deadline = threading.Event(), monotonic() + PATIENCE_S
    while True:
        status = shell("gateway", "status", "-o", "json").json
        if {row["name"]: row["lag"] for row in status["consumers"]}["scheduler"] == 0:
            return status
        assert not waiting.wait(0.05)
        assert monotonic() < deadline


def test_status_tells_runs_apart(shell: Shell):
    """One that stopped, one that was killed, and one that is up."""
    with gateway_process(shell) as first:
        first.end()
    with gateway_process(shell) as second:
        second.end(signal.SIGKILL)
    with gateway_process(shell) as third:
        status = status_at_rest(shell)
        shown = shell("gateway", "status").out

    assert [run["state"] for run in status["runs"]] == ["up", "ended without stopping", "stopped"]
    assert status["runs"][0]["pid"] == status["role"]["pid"] == third.process.pid
    assert f"a gateway (pid {third.process.pid}" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_second_signal_ends_it_at_once(tmp_path: Path):
    """It does not wait for the guest that still runs, and no process of its own is left behind."""
    (tmp_path / "palyra.toml").write_text(
        f"[policy]\nfuel_budget = {ENDLESS.fuel_budget}\ntimeout_ms = {ENDLESS.timeout_ms}\n"
        f"[gateway]\ngrace_ms = {ENDLESS.timeout_ms}\n"
    )
    quotas = {"fuel_budget": ENDLESS.fuel_budget, "wall_clock_timeout_ms": ENDLESS.timeout_ms}
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=ENDLESS) as stage:
        stage.ready(guest("spin"), capabilities={"quotas": quotas})
        with gateway_process(Shell(tmp_path)) as gateway:
            until_somebody_works(stage)
            children = [os.pidfd_open(pid) for pid in descendants(gateway.process.pid)]
            while gateway.process.poll() is None:
                # A signal that follows the first at once is taken for the same.
                gateway.process.send_signal(signal.SIGTERM)
                select.select([], [], [], 0.05)

    assert gateway.process.returncode == 128 + signal.SIGTERM
    assert children
    for child in children:
        assert select.select([child], [], [], PATIENCE_S)[0]
        os.close(child)


def descendants(pid: int) -> list[int]:
    """Return the numbers of all processes that a process has started, and they in turn."""
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return [*children, *(each for child in children for each in descendants(child))]
