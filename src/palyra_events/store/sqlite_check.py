"""What there is to check of a log in SQLite alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from palyra_events.store.check import Check
from palyra_events.store.layout import differences
from palyra_events.store.snapshot import LOCK_TIMEOUT_MS
from palyra_events.store.sqlite_file import connect
from palyra_events.store.sqlite_layout import found_layout, meant_layout

#: faults that are told of one file; a broken one can have any number
_FAULTS_MAX = 20
#: ``PRAGMA synchronous`` as a number (https://sqlite.org/pragma.html#pragma_synchronous)
_FULL = 2


def sqlite_checks(path: Path, *, quick: bool) -> Sequence[tuple[str, Check]]:
    """Return the checks of a file: its pages and indexes, its tables and triggers, and how it is synced."""
    return (
        ("file", lambda: _pages(path, "quick_check" if quick else "integrity_check")),
        ("layout", lambda: _layout(path)),
        ("durability", lambda: _durability(path)),
    )


def _open(path: Path) -> closing[sqlite3.Connection]:
    return closing(connect(path, LOCK_TIMEOUT_MS))


def _pages(path: Path, pragma: str) -> Iterator[str]:
    with _open(path) as connection:
        for (line,) in connection.execute(f"PRAGMA {pragma}({_FAULTS_MAX})"):
            if line != "ok":
                yield f"SQLite says: {line}."


def _layout(path: Path) -> Iterator[str]:
    with _open(path) as connection:
        meant = meant_layout()
        yield from differences(found_layout(connection, meant), meant)


def _durability(path: Path) -> Iterator[str]:
    with _open(path) as connection:
        if connection.execute("PRAGMA synchronous").fetchone()[0] != _FULL:
            yield "Commits are not synced: synchronous is not FULL."
        if connection.execute("PRAGMA journal_mode").fetchone()[0] in {"off", "memory"}:
            yield "The file has no journal: who is killed while he writes destroys it."
