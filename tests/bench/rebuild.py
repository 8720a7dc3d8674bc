"""How fast views are rebuilt: hooks and audit, against the library's runner and against bare inserts.

The library's runner folds one event in one transaction, so it is given a sample of the events. It has no
subscription on SQLite; there its loop is run over the pages of its recorder, which is what would feed it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import Engine, MetaData, Table, select
from sqlalchemy.schema import CreateIndex, CreateTable

from palyra_events.event import Stamp
from palyra_events.hook import HookBound, HookDisabled, HookEnabled, Target
from palyra_events.identifiers import stream_id
from palyra_events.lifecycle import HookEventKind
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog, NewEvent
from projections import Projector, open_engine, writing
from projections.audit import AuditView
from projections.hook import HookView
from projections.loader import load
from tests.bench.stock_runner import fold_postgres, fold_sqlite
from tests.peak_memory import peak_memory_bytes
from tests.postgres_server import Server

EVENTS = int(os.environ.get("PALYRA_BENCH_EVENTS", "1000000"))
STOCK_EVENTS = 3_000
HOOKS = 97
VIEWS = (HookView, AuditView)
#: events of one append
BATCH = 1_000

_START = datetime(2026, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """One way to get the rows of both views; ``ratio`` is our rebuild's speed against it."""

    database: str
    case: str
    events: int
    events_per_s: int
    ratio: float | None
    peak_mb: int | None


def measure(server: Server) -> list[Row]:
    """Compare on both databases."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        return [
            *_compare(
                "SQLite", f"sqlite:///{path / 'log.db'}", lambda: fold_sqlite(path, facts(STOCK_EVENTS))
            ),
            *_compare("PostgreSQL", server.database(), lambda: fold_postgres(server, facts(STOCK_EVENTS))),
        ]


def facts(count: int) -> Iterator[tuple[str, int, str, bytes]]:
    """Return events as hook id, version, topic and state: hooks are bound, then switched off and on."""
    versions = [0] * HOOKS
    target = Target(event_kind=HookEventKind.SkillEnabled, plugin_id="echo", attempts_max=3)
    for number in range(count):
        which = number % HOOKS
        versions[which] += 1
        stamp = Stamp(_START + timedelta(seconds=number), "operator:ada", f"{number:032x}")
        kind = HookEnabled if versions[which] % 2 else HookDisabled
        hook_id = f"hook-{which}"
        first = versions[which] == 1
        event = (
            stamp.on(HookBound, hook_id=hook_id, target=target) if first else stamp.on(kind, hook_id=hook_id)
        )
        yield hook_id, versions[which], *REGISTRY.encode(event)


def rebuild(url: str) -> None:
    """Rebuild both views and print what that took; in a process of its own, so that its memory is its own."""
    with EventLog.open(url, create=False) as log:
        engine = open_engine(url)
        projector = Projector(engine, log, projections=VIEWS)
        started, worked = time.perf_counter(), time.process_time()
        projector.rebuild()
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - worked
        engine.dispose()
    told = {"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mb": peak_memory_bytes() // 1024**2}
    json.dump(told, sys.stdout)


def rebuilt(url: str) -> Mapping[str, Any]:
    """Return what `rebuild` says in a process of its own."""
    ran = subprocess.run([sys.executable, "-m", __name__, url], check=True, stdout=subprocess.PIPE)
    told: Mapping[str, Any] = json.loads(ran.stdout)
    return told


def append_all(log: EventLog, events: Iterable[tuple[str, int, str, bytes]]) -> None:
    """Append what `facts` returns."""
    made = (NewEvent(stream_id("hook", hook_id), *rest) for hook_id, *rest in events)
    while batch := list(islice(made, BATCH)):
        log.append(batch)


def _compare(database: str, url: str, stock: Any) -> Iterator[Row]:
    with EventLog.open(url) as log:
        append_all(log, facts(EVENTS))
    ours = rebuilt(url)
    speed = EVENTS / ours["seconds"]
    stock_speed, bare_speed = STOCK_EVENTS / stock(), EVENTS / _insert_bare(url)
    yield Row(database, "palyra projection rebuild", EVENTS, round(speed), None, ours["peak_mb"])
    yield Row(
        database, "stock ProjectionRunner", STOCK_EVENTS, round(stock_speed), _ratio(speed, stock_speed), None
    )
    yield Row(database, "the same rows, inserted", EVENTS, round(bare_speed), _ratio(speed, bare_speed), None)


def _ratio(ours: float, other: float) -> float:
    return round(ours / other, 2)


def _insert_bare(url: str) -> float:
    """Return how long it takes to insert the rows that are in the views now, and to index them."""
    engine = open_engine(url)
    views = [view.of(_live(engine, view.name)) for view in VIEWS]
    seconds = sum(_copy(engine, table) for view in views for table in view.tables().values())
    engine.dispose()
    return seconds


def _live(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        query = "SELECT max(number) FROM generation WHERE status = 'live' AND projection = "
        return int(connection.exec_driver_sql(f"{query}'{name}'").scalar_one())


def _copy(engine: Engine, table: Table) -> float:
    with engine.connect() as connection:
        rows: Sequence[dict[str, Any]] = [dict(row) for row in connection.execute(select(table)).mappings()]
    twin = table.to_metadata(MetaData(), name=f"{table.name}_twin")
    indexes = [*twin.indexes]
    for index in indexes:
        index.name = f"{index.name}_twin"
    twin.primary_key.name = f"pk_{twin.name}"
    started = time.perf_counter()
    with writing(engine) as connection:
        connection.execute(CreateTable(twin))
        for start in range(0, len(rows), BATCH):
            load(connection, twin, rows[start : start + BATCH])
        for index in indexes:
            connection.execute(CreateIndex(index))
    return time.perf_counter() - started


if __name__ == "__main__":
    rebuild(sys.argv[1])
