"""From a commit to the moment that somebody who waits for it has been woken, in milliseconds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic_ns, sleep
from typing import NamedTuple

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresFactory

from palyra_events.store import EventLog, NewEvent
from tests.bench.stores import STATE, TOPIC, new_place, stock_settings
from tests.postgres_server import Server

APPENDS = 100
#: seconds between two appends: shortly after another, and after a time of rest
BUSY_S = 0.02
IDLE_S = 1.5
IDLE_APPENDS = 12

WATCHER = """
import sys
from tests.bench import latency
latency.watch(sys.argv[1], sys.argv[2])
"""


class Row(NamedTuple):
    """One line of the result, in milliseconds."""

    database: str
    case: str
    p50: float
    p99: float


class End(NamedTuple):
    """One end of a log: what appends an event, what yields those that come, and what ends that."""

    append: Callable[[], object]
    events: Callable[[], Iterator[object]]
    stop: Callable[[], object]


@contextmanager
def _ours(url: str) -> Iterator[End]:
    with EventLog.open(url) as log, log.subscribe(log.head()) as tail:
        yield End(lambda: log.append([NewEvent(*new_place(), TOPIC, STATE)]), lambda: tail, tail.close)


@contextmanager
def _stock(url: str) -> Iterator[End]:
    """The library's recorder, which listens from the first event on that is asked for."""
    subscriptions = ExitStack()
    with PostgresFactory(stock_settings(url)) as factory:
        recorder = factory.process_recorder()

        def events() -> Iterator[object]:
            return subscriptions.enter_context(recorder.subscribe(gt=recorder.max_notification_id()))

        def append() -> object:
            return recorder.insert_events([StoredEvent(*new_place(), TOPIC, STATE)])

        yield End(append, events, subscriptions.close)


ENDS = {"ours": _ours, "stock": _stock}


def measure(server: Server) -> list[Row]:
    """Measure ours on both databases; the stock recorder can wait for PostgreSQL only."""
    with TemporaryDirectory() as folder:
        sqlite = f"sqlite:///{Path(folder) / 'log.db'}"
        return [
            *_rows("SQLite", "ours", sqlite),
            *_rows("PostgreSQL", "ours", server.database()),
            *_rows("PostgreSQL", "stock", server.database()),
        ]


def watch(name: str, url: str) -> None:
    """Print the time at which each event is received: the other process."""
    with ENDS[name](url) as end:
        events = end.events()
        print("ready", flush=True)
        for _ in events:
            print(monotonic_ns(), flush=True)


def _rows(database: str, name: str, url: str) -> Iterator[Row]:
    for case, listen in (("same process", _thread), ("other process", _process)):
        for pace, pause_s, appends in (("busy", BUSY_S, APPENDS), ("idle", IDLE_S, IDLE_APPENDS)):
            with ENDS[name](url) as end, listen(end, name, url) as receive:
                times = [_once(end, receive, pause_s) for _ in range(appends)]
            yield Row(database, f"{name}, {case}, {pace}", round(median(times), 2), round(_p99(times), 2))


def _once(end: End, receive: Callable[[], int], pause_s: float) -> float:
    """Append one event; a receiver that was faster than the append's own return counts as 0."""
    sleep(pause_s)
    end.append()
    committed = monotonic_ns()
    return max(0, receive() - committed) / 1e6


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[98]


@contextmanager
def _process(_: End, name: str, url: str) -> Iterator[Callable[[], int]]:
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{WATCHER}", name, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        lines = process.stdout
        yield lambda: int(lines.readline())
        process.kill()


@contextmanager
def _thread(end: End, _name: str, _url: str) -> Iterator[Callable[[], int]]:
    times: SimpleQueue[int] = SimpleQueue()
    events = end.events()

    def work() -> None:
        for _ in events:
            times.put(monotonic_ns())

    thread = Thread(target=work)
    thread.start()
    try:
        yield times.get
    finally:
        end.stop()
        thread.join()
