"""What somebody does to a log who has the database and knows our code, but not the key.

An attack is a function from the rows to other rows; the table is then made anew from those.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import psycopg

from palyra_events.application import Application
from palyra_events.ledger.leaf import RawRow
from palyra_events.record import NewEvent
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_events.store.evidence import POSITION_MIN
from palyra_runtime.ledger import (
    Collection,
    Keeper,
    LedgerPlaces,
    Verifier,
    VerifyReport,
    checking_here,
    trusted_keys,
)
from tests.sample_events import SAMPLES
from tests.stage import StageClock, StageEntropy

Rows: TypeAlias = list[RawRow]
Attack: TypeAlias = Callable[[Rows], Rows]

_GUARDS = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {name}"
        for name in ("event_insert", "event_update", "event_delete", "blob_update", "blob_insert")
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS event_refuse ON event",
        "DROP TRIGGER IF EXISTS event_contiguous ON event",
        "DROP TRIGGER IF EXISTS blob_refuse ON blob",
    ],
}


def mixed_events(count: int) -> list[NewEvent]:
    """Return events of all types, each the next one of some stream."""
    samples = [event for sample in SAMPLES for event in (sample.full, sample.minimal)]
    streams: dict[UUID, int] = {}
    events = []
    for number in range(count):
        stream = UUID(int=number % 3 + 1)
        streams[stream] = streams.get(stream, 0) + 1
        events.append(NewEvent(stream, streams[stream], *REGISTRY.encode(samples[number % len(samples)])))
    return events


def keeper_of(log: EventLog, folder: Path) -> Keeper:
    """Return what signs the heads of a log."""
    clock, entropy = StageClock(), StageEntropy(folder.name)
    return Keeper(
        log=log,
        application=Application(log, now=clock, entropy=entropy),
        places=LedgerPlaces.under(folder),
        witness=None,
        now=clock,
        entropy=entropy,
    )


def all_rows(log: EventLog) -> Rows:
    """Return all rows as they are."""
    return log.evidence.rows(POSITION_MIN, 2**63 - 1, 1_000_000)


def run_sql(log: EventLog, *statements: str, values: Iterable[Sequence[object]] = ()) -> None:
    """Run statements without any guard; the last one for each of the ``values``, if there are any."""
    given = list(values)
    if log.path is None:
        with psycopg.connect(log.url) as connection:
            _run(connection.cursor(), [*_GUARDS["postgresql"], *statements], given, "%s")
        return
    connection = sqlite3.connect(Path(log.path))
    try:
        with connection:
            _run(connection.cursor(), [*_GUARDS["sqlite"], *statements], given, "?")
    finally:
        connection.close()


def tamper(log: EventLog, attack: Attack) -> None:
    """Replace all rows by those that the attack makes of them."""
    rows = attack(all_rows(log))
    if log.path is None:
        changed = [(r.position, UUID(bytes=r.stream_id), r.version, r.topic.decode(), *r[4:]) for r in rows]
        head = f"UPDATE head SET position = {max(r.position for r in rows)}"
        run_sql(log, "DELETE FROM event", head, "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", values=changed)
        return
    # Text that is no UTF-8 gets in as bytes that are called text.
    insert = "INSERT INTO event VALUES (?, ?, ?, CAST(? AS TEXT), ?, ?)"
    run_sql(log, "PRAGMA ignore_check_constraints = ON", "DELETE FROM event", insert, values=rows)


def verify(keeper: Keeper, log: EventLog) -> VerifyReport:
    """Verify a log against all that its keeper has signed."""
    collection = Collection(trusted_keys(log, keeper.origin, keeper.key_file.public_key()))
    collection.add_folder(keeper.folder)
    collection.add_database(log)
    return Verifier(log, keeper.origin, checking_here(log)).verify(collection.signed)


def hashed(rows: Rows) -> Rows:
    """Return rows with the hashes that fit them."""
    return [row._replace(leaf=row.hash_at(row.position) or row.leaf) for row in rows]


def numbered(rows: Rows) -> Rows:
    """Return rows with the positions 1, 2, 3 and so on."""
    return [row._replace(position=place) for place, row in enumerate(rows, start=1)]


def _run(cursor, statements, values, mark) -> None:
    *first, last = statements
    for statement in first if values else statements:
        cursor.execute(statement)
    if values:
        cursor.executemany(last.replace("?", mark), values)
