"""Whether a rebuild takes ten times as long where a log is ten times as long: hooks and audit, on SQLite.

The log is made once and grows. The processor's time stands beside that of the clock, which counts what
else the machine does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from palyra_events.store import EventLog
from projections import Projector, drop_builds, open_engine
from tests.bench.rebuild import VIEWS, append_all, facts, rebuilt
from tests.postgres_server import Server

#: ten million take some ten gigabytes of disk, and a quarter of an hour
EVENTS_MAX = int(os.environ.get("PALYRA_BENCH_EVENTS_MAX", "1000000"))
SIZES = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size <= EVENTS_MAX]


class Row(NamedTuple):
    """The rebuild of a log of one size; ``disk_mb`` is of the log and both views."""

    events: int
    seconds: float
    events_per_s: int
    cpu_seconds: float
    cpu_us_per_event: float
    peak_mb: int
    disk_mb: int


def measure(_server: Server) -> list[Row]:
    """Rebuild ever longer logs."""
    with TemporaryDirectory() as folder:
        return list(rebuilds(Path(folder) / "log.db", SIZES))


def rebuilds(path: Path, sizes: Sequence[int]) -> Iterator[Row]:
    """Let a log grow to each size, and rebuild its views."""
    url, events, there = f"sqlite:///{path}", facts(sizes[-1]), 0
    for size in sizes:
        with EventLog.open(url) as log:
            append_all(log, islice(events, size - there))
        there, told = size, rebuilt(url)
        yield Row(
            size,
            round(told["seconds"], 1),
            round(size / told["seconds"]),
            round(told["cpu_seconds"], 1),
            round(told["cpu_seconds"] / size * 1e6, 1),
            told["peak_mb"],
            path.stat().st_size // 1024**2,
        )
        _drop(url)


def _drop(url: str) -> None:
    """Make room for the next build."""
    with EventLog.open(url, create=False) as log:
        engine = open_engine(url)
        folder = Projector(engine, log, projections=VIEWS).folder
        for view in VIEWS:
            drop_builds(folder, view.name, with_live=True, wait_s=0)
        engine.dispose()
