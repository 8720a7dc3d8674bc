"""Runs the benchmarks that are named and prints a table, or JSON with ``--json``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from tests.bench import append, decide, dispatch, growth, latency, rebuild, replay, sandbox, verify
from tests.postgres_server import Server, running

BENCHMARKS: dict[str, Callable[[Server], Sequence[NamedTuple]]] = {
    "append": append.measure,
    "dispatch": dispatch.measure,
    "decide": decide.measure,
    "growth": growth.measure,
    "latency": latency.measure,
    "rebuild": rebuild.measure,
    "replay": replay.measure,
    "sandbox": sandbox.measure,
    "verify": verify.measure,
}


def main() -> None:
    """Run what the command line names, all of it by default."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all by default"
    )
    parser.add_argument("--json", action="store_true", help="print JSON in place of tables")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"unknown benchmark: {', '.join(sorted(unknown))}")
    with running() as server:
        results = {name: BENCHMARKS[name](server) for name in options.names or BENCHMARKS}
    if options.json:
        json.dump(
            {name: [row._asdict() for row in rows] for name, rows in results.items()}, sys.stdout, indent=2
        )
        print()
    else:
        for name, rows in results.items():
            Console().print(_table(name, rows))


def _table(name: str, rows: Sequence[NamedTuple]) -> Table:
    table = Table(title=name)
    for field in rows[0]._fields:
        table.add_column(field, justify="left" if field in {"database", "case"} else "right")
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int | float) else str(value) for value in row))
    return table


if __name__ == "__main__":
    main()
