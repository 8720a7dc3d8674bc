"""`replay run`: recorded attempts, run again and compared, in a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import NamedTuple

from palyra_events.application import Application, Intent
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.sandbox import Isolation
from palyra_runtime.sdk import demo_key, pack_sample
from tests.postgres_server import Server
from tests.sample_skills import artifact_bytes
from tests.stage import OPEN_POLICY, asking

ATTEMPTS = 2_000
#: the best of so many replays: what else the machine does only makes them slower
TURNS = 3
#: what the runtime is asked for in each attempt of the plugin that asks
CALLS = (
    {"op": "clock.now"},
    {"op": "storage.put", "handle": 30000, "key": "a", "value": {"n": 1}},
    {"op": "channel.send", "handle": 40000, "message": "seen"},
)


class Row(NamedTuple):
    """One line of the result: attempts of one plugin, replayed with scheduling and rights.

    In one process it also says how many they are in a second of the processor, whatever else that does.
    """

    case: str
    isolation: str
    jobs: int
    attempts: int
    attempts_per_s: int
    attempts_per_processor_s: int | str
    goal_per_s: int | str


def measure(_server: Server) -> list[Row]:
    """Replay attempts of a sample that asks its host for nothing, and of a plugin that stores and sends."""
    rows = []
    for case in ("greeter", "three host calls"):
        with TemporaryDirectory() as name:
            folder = Path(name)
            _record(folder, case)
            for isolation, jobs in (("thread", 1), ("process", 1), ("process", 2)):
                rows.append(_row(folder, case, isolation, jobs))
    return rows


@contextmanager
def _opened(folder: Path, isolation: Isolation) -> Iterator[Palyra]:
    surroundings = Surroundings(isolation=isolation, policy=OPEN_POLICY)
    with Palyra.open(_url(folder), home=folder, actor="operator:bench", surroundings=surroundings) as palyra:
        yield palyra


def _record(folder: Path, case: str) -> None:
    """Let a plugin carry out so many deliveries."""
    path = folder / "skill.palyra-skill"
    path.write_bytes(pack_sample("greeter", demo_key()) if case == "greeter" else _asking())
    with _opened(folder, "thread") as palyra, EventLog.open(_url(folder)) as log:
        skill_id = palyra.skills.install(path, trust_on_first_use=True).skill_id
        palyra.skills.enable(skill_id)
        grants = {} if case == "greeter" else {"storage_prefixes": ["notes"], "channels": ["ops"]}
        palyra.plugins.bind("plugin", skill=skill_id, **grants)
        palyra.hooks.bind("hook", event="gateway:startup", plugin="plugin")
        application = Application(log, now=clock.now, entropy=clock.entropy)
        for _ in range(ATTEMPTS):
            application.start_gateway("0.1.0", Intent("system:gateway"))
        palyra.dispatch.drain()


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'palyra.db'}"


def _asking() -> bytes:
    asked = {"filesystem": {"write_roots": ["notes"]}, "node_capabilities": ["ops"]}
    return artifact_bytes(modules={"plugin.wasm": asking(*CALLS)}, capabilities=asked)


def _row(folder: Path, case: str, isolation: Isolation, jobs: int) -> Row:
    with _opened(folder, isolation) as palyra:
        began = process_time()
        reports = [palyra.replay.run(jobs=jobs) for _ in range(TURNS)]
        busy_s = process_time() - began
    assert [(report.findings_count, report.replayed.total()) for report in reports] == [(0, ATTEMPTS)] * TURNS
    fastest = max(report.runs_per_s for report in reports)
    if isolation == "process":
        return Row(case, isolation, jobs, ATTEMPTS, fastest, "", "")
    return Row(case, isolation, jobs, ATTEMPTS, fastest, round(TURNS * ATTEMPTS / busy_s), 5_000)
