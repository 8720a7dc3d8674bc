"""Appending: events per second, ours against the stock recorder of the event-sourcing library."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from tests.bench.stores import Contender, encode_ours, encode_stock, encoding, pair
from tests.postgres_server import Server

#: events in one call, and how many calls are timed
CALLS = {1: 300, 10: 100, 100: 30, 1000: 8}
THREADS = 32
#: what makes the bytes, for the rows that count that too
ENCODERS = {"ours": encode_ours, "stock": encode_stock}
#: events of each thread, one by one
EVENTS_PER_THREAD = 20
ROUNDS = 5


class Row(NamedTuple):
    """One line of the result, in events per second."""

    database: str
    case: str
    ours: float
    stock: float
    ratio: float
    goal: float


#: what design section 13 asks for
_GOALS = {
    ("SQLite", "batch 1"): 0.9,
    ("SQLite", "batch 1000"): 1.3,
    ("SQLite", "batch 1000, encoded"): 1.3,
    ("SQLite", "32 threads"): 3.0,
    ("PostgreSQL", "32 threads"): 10.0,
}
_GOAL_ELSE = {"SQLite": 0.9, "PostgreSQL": 2.0}


def measure(server: Server) -> list[Row]:
    """Run all cases of both databases; ours and stock take turns, so the machine's moods hit both."""
    rows = []
    with TemporaryDirectory() as folder:
        for database in ("SQLite", "PostgreSQL"):
            with ExitStack() as stack:
                contenders = stack.enter_context(pair(database, Path(folder), server))
                rows += [_row(database, f"batch {size}", contenders, size) for size in CALLS]
                whole = {name: encoding(contenders[name], encode) for name, encode in ENCODERS.items()}
                rows += [_row(database, f"batch {size}, encoded", whole, size) for size in (1, 1000)]
                rows.append(_row(database, f"{THREADS} threads", contenders, None))
    return rows


def _row(database: str, case: str, contenders: dict[str, Contender], size: int | None) -> Row:
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, contender in contenders.items():
            rates[name].append(_threads(contender) if size is None else _batches(contender, size))
    ours, stock = median(rates["ours"]), median(rates["stock"])
    goal = _GOALS.get((database, case), _GOAL_ELSE[database])
    return Row(database, case, round(ours), round(stock), round(ours / stock, 2), goal)


def _batches(contender: Contender, size: int) -> float:
    batches = [contender.batch(size) for _ in range(CALLS[size])]
    start = perf_counter()
    for batch in batches:
        contender.append(batch)
    return size * len(batches) / (perf_counter() - start)


def _threads(contender: Contender) -> float:
    shares = [[contender.batch(1) for _ in range(EVENTS_PER_THREAD)] for _ in range(THREADS)]

    def work(share: list[object]) -> None:
        for batch in share:
            contender.append(batch)  # type: ignore[arg-type]

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(int, range(THREADS)))
        start = perf_counter()
        list(pool.map(work, shares))
        return THREADS * EVENTS_PER_THREAD / (perf_counter() - start)
