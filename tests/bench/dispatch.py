"""From a committed event to its committed outcome, and how many of them a second."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event as Flag
from threading import Thread
from time import monotonic, monotonic_ns, process_time, sleep
from typing import NamedTuple

from palyra_events.event import Stamp
from palyra_events.gateway import GatewayStarted
from palyra_events.hook import HookBound, Target
from palyra_events.identifiers import stream_id
from palyra_events.lifecycle import HookEventKind
from palyra_events.record import NewEvent
from palyra_events.registry import REGISTRY
from palyra_runtime.dispatch import Worker
from palyra_runtime.sandbox import Invocation, invoke
from tests.bench.dispatch_peers import PEERS, measure_peer
from tests.bench.processor_time import of_process, of_server
from tests.bench.sandbox import Silent
from tests.postgres_server import Server
from tests.stage import NOON, PLUGIN, Stage, answering

#: events of a measurement of the time each takes, and of the rate
IDLE_EVENTS = 100
EVENTS = 2_000
#: seconds before each of the former, so that the dispatcher is idle; and events before the clock runs
REST_S = 0.05
WARM_UP = 5
#: what the plugin is
GUEST = answering(0, '{"result":1}')
PEER_JOBS = 1_000
#: threads of each worker process, and processes
THREADS = 8
PROCESSES = (1, 2, 4)
#: hooks of other kinds
HOOKS = (10, 1_000, 100_000)
#: events that are scheduled with so many hooks
SCHEDULED = 500
#: events of one append
CHUNK = 1000
#: attempts of the one plugin at the same time
CONCURRENCY = 512

LABORER = """
import sys
from tests.bench import dispatch
dispatch.labor(sys.argv[1])
"""


class Row(NamedTuple):
    """One line of the result: milliseconds, or how many a second.

    ``cpu_ms`` is the processor time of the worker processes for one delivery, ``server_cpu_ms`` that of
    PostgreSQL: they are the same on a busy machine, or nearly so.
    """

    database: str
    case: str
    p50_ms: float | str = ""
    p99_ms: float | str = ""
    per_s: float | str = ""
    cpu_ms: float | str = ""
    server_cpu_ms: float | str = ""


def measure(server: Server) -> list[Row]:
    """Measure both databases; the others need PostgreSQL."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            _latency("SQLite", f"sqlite:///{folder / 'idle.db'}", folder),
            _latency("PostgreSQL", server.database(), folder),
            _rate_sqlite(f"sqlite:///{folder / 'rate.db'}", folder),
            *(_rate_postgres(server, folder, number) for number in PROCESSES),
            *(_peer(server, name, program) for name, program in PEERS.items()),
            *(_scheduling(f"sqlite:///{folder / f'hooks{hooks}.db'}", folder, hooks) for hooks in HOOKS),
        ]


def labor(url: str) -> None:
    """Carry out whatever comes, until killed: a worker process."""
    with TemporaryDirectory() as folder, Stage(url, Path(folder)) as stage:
        stage.views.open_deliveries()
        _warm_up()
        print("ready", flush=True)
        sys.stdin.readline()
        _work(stage, Flag())


def _latency(database: str, url: str, folder: Path) -> Row:
    """Append one event after the other to an idle gateway, and wait for its outcome."""
    with _ready(url, folder, "hook") as stage:
        stop = Flag()
        dispatching = Thread(target=_dispatch, args=(stage, stop))
        dispatching.start()
        times = [_once(stage) for _ in range(WARM_UP + IDLE_EVENTS)][WARM_UP:]
        stop.set()
        stage.log.wake()
        dispatching.join()
    p99 = quantiles(times, n=100, method="inclusive")[98]
    return Row(database, "event to outcome, idle", round(median(times), 2), round(p99, 2))


def _once(stage: Stage) -> float:
    sleep(REST_S)
    position = stage.fire()
    committed = monotonic_ns()
    # The delivery, then its outcome.
    stage.log.wait(position + 1, 60)
    return (monotonic_ns() - committed) / 1e6


def _dispatch(stage: Stage, stop: Flag) -> None:
    scheduler, worker = stage.scheduler(), _worker(stage)
    while not stop.is_set():
        head = stage.log.head()
        scheduler.catch_up()
        while worker.work():
            pass
        stage.log.wait(head, 1, stop)


def _rate_sqlite(url: str, folder: Path) -> Row:
    with _ready(url, folder, "none") as stage:
        _burst(stage)
        stop, expected = Flag(), stage.log.head() + 2 * EVENTS
        start = monotonic()
        stage.scheduler().catch_up()
        working, used_s = Thread(target=_work, args=(stage, stop)), process_time()
        working.start()
        _await(stage, expected)
        rate, used_s = EVENTS / (monotonic() - start), process_time() - used_s
        stop.set()
        working.join()
    case = f"deliveries, 1 process of {THREADS} threads"
    return Row("SQLite", case, per_s=round(rate), cpu_ms=_each_ms(used_s, EVENTS))


def _rate_postgres(server: Server, folder: Path, number: int) -> Row:
    with _ready(server.database(), folder, "none") as stage, _laborers(stage.url, number) as laborers:
        _burst(stage)
        expected = stage.log.head() + 2 * EVENTS
        before, start = _used(server, laborers), monotonic()
        for laborer in laborers:
            laborer.stdin.write("begin\n")
            laborer.stdin.flush()
        stage.scheduler().catch_up()
        _await(stage, expected)
        rate, after = EVENTS / (monotonic() - start), _used(server, laborers)
    used = [_each_ms(late - early, EVENTS) for early, late in zip(before, after, strict=True)]
    case = f"deliveries, {number} processes of {THREADS} threads"
    return Row("PostgreSQL", case, "", "", round(rate), *used)


def _used(server: Server, laborers: Sequence[subprocess.Popen[str]]) -> tuple[float, float]:
    """Return the processor time that workers and server have used so far, in seconds."""
    return sum(of_process(laborer.pid) for laborer in laborers), of_server(server)


def _each_ms(seconds: float, deliveries: int) -> float:
    return round(seconds * 1000 / deliveries, 3)


@contextmanager
def _laborers(url: str, number: int) -> Iterator[Sequence[subprocess.Popen[str]]]:
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{LABORER}", url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(number)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _await(stage: Stage, position: int) -> None:
    while stage.log.head() < position:
        stage.log.wait(position - 1, 1)


def _work(stage: Stage, stop: Flag) -> None:
    worker = _worker(stage)

    def labor_on() -> None:
        head = 0
        while not stop.is_set():
            if worker.work():
                head = 0
            else:
                stage.log.wait(head, 0.1)
                head = stage.log.head()

    threads = [Thread(target=labor_on) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _worker(stage: Stage) -> Worker:
    return stage.worker(claims=stage.claims(plugin_concurrency_max=CONCURRENCY, stagger=id(stage) >> 4))


def _peer(server: Server, name: str, program: str) -> Row:
    url, before = server.database(), of_server(server)
    rate, cpu_ms = measure_peer(program, url, PEER_JOBS, THREADS)
    server_cpu_ms = _each_ms(of_server(server) - before, PEER_JOBS)
    case = f"{name}, 1 process of {THREADS} threads"
    return Row("PostgreSQL", case, "", "", round(rate), round(cpu_ms, 3), server_cpu_ms)


def _scheduling(url: str, folder: Path, hooks: int) -> Row:
    """Schedule events of one kind while so many hooks of another kind are bound."""
    with _ready(url, folder, "hook") as stage:
        _bind_others(stage, hooks)
        stage.views.hooks()
        scheduler = stage.scheduler()
        scheduler.catch_up()
        _burst(stage, SCHEDULED)
        start = monotonic()
        scheduler.catch_up()
        took_ms = (monotonic() - start) * 1000 / SCHEDULED
    return Row("SQLite", f"scheduling, {hooks:,} hooks of another kind", round(took_ms, 3))


def _bind_others(stage: Stage, hooks: int) -> None:
    target = Target(event_kind=HookEventKind.SkillDisabled, plugin_id=PLUGIN)
    stamp = Stamp(NOON, "operator:bench", "bench")
    for start in range(0, hooks, CHUNK):
        names = [f"other{number}" for number in range(start, min(start + CHUNK, hooks))]
        events = [(name, stamp.on(HookBound, hook_id=name, target=target)) for name in names]
        stage.log.append([NewEvent(stream_id("hook", name), 1, *REGISTRY.encode(e)) for name, e in events])


@contextmanager
def _ready(url: str, folder: Path, ordering: str) -> Iterator[Stage]:
    with Stage(url, folder) as stage:
        stage.ready(GUEST)
        stage.palyra.hooks.bind("greet", event="gateway:startup", plugin=PLUGIN, ordering=ordering)
        stage.views.open_deliveries()
        _warm_up()
        yield stage


def _warm_up() -> None:
    """Have the plugin compiled in this process, as in one that has run it before."""
    assert invoke(GUEST, Invocation(Silent(), input=b"{}")).outcome == "ok"


def _burst(stage: Stage, events: int = EVENTS) -> None:
    for start in range(0, events, CHUNK):
        stage.log.append([_started(number) for number in range(start, min(start + CHUNK, events))])


def _started(number: int) -> NewEvent:
    gateway_id = f"burst{number}"
    stamp = Stamp(NOON + timedelta(milliseconds=number), "system:gateway", gateway_id)
    event = stamp.on(GatewayStarted, gateway_id=gateway_id, version="0.1.0")
    return NewEvent(stream_id("gateway", gateway_id), 1, *REGISTRY.encode(event))
