"""What SQL can and cannot do to a log. Whoever may change the schema can do all; the ledger is for that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import psycopg
import pytest

from palyra_events.blob import Blob
from palyra_events.errors import LogDamaged, UnknownBlob
from palyra_events.store import EventLog
from tests.new_events import new_events

STREAM = "00000000000000000000000000000001"
LEAF = "00" * 32


@pytest.fixture
def filled(log: EventLog) -> EventLog:
    """A log with three events of one stream, and a blob."""
    log.append(new_events(3), blobs=[Blob(b"d" * 32, b"bytes")])
    return log


@pytest.fixture
def filled_sqlite(sqlite_log: EventLog) -> EventLog:
    """A log in SQLite with three events of one stream."""
    sqlite_log.append(new_events(3))
    return sqlite_log


@pytest.fixture
def filled_postgres(postgres) -> Iterator[EventLog]:
    """A log in PostgreSQL with three events of one stream."""
    with EventLog.open(postgres.schema()) as log:
        log.append(new_events(3))
        yield log


def run(log: EventLog, *statements: str) -> None:
    """Run statements in one transaction, as somebody who has the database but not our code."""
    if log.path is None:
        with psycopg.connect(log.url) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    connection = sqlite3.connect(log.path)
    try:
        with connection:
            for statement in statements:
                connection.execute(statement)
    finally:
        connection.close()


def row(position: int, version: int, verb: str = "INSERT") -> str:
    """Return a statement that inserts an event, in the words of SQLite."""
    return f"{verb} INTO event VALUES ({position}, x'{STREAM}', {version}, 'Forged@1', x'', x'{LEAF}')"


def postgres_row(position: int, version: int) -> str:
    """Return a statement that inserts an event, in the words of PostgreSQL."""
    leaf = f"decode('{LEAF}', 'hex')"
    return f"INSERT INTO event VALUES ({position}, '{STREAM}', {version}, 'Forged@1', '', {leaf})"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET topic = 'Forged@1' WHERE position = 2",
        "UPDATE event SET position = 9 WHERE position = 3",
        "DELETE FROM event WHERE position = 3",
        "DELETE FROM event",
        "UPDATE blob SET bytes = digest",
    ],
)
def test_rows_cannot_be_changed(filled: EventLog, statement: str):
    """No row of the log is changed or deleted by plain SQL, and no kept bytes are changed."""
    before = filled.read(0, 10), filled.blob(b"d" * 32)
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.InsufficientPrivilege)):
        run(filled, statement)
    assert (filled.read(0, 10), filled.blob(b"d" * 32)) == before


def test_blob_can_be_dropped(filled: EventLog):
    """Retention and erasure drop bytes; the events stay."""
    run(filled, "DELETE FROM blob")
    with pytest.raises(UnknownBlob):
        filled.blob(b"d" * 32)
    assert filled.head() == 3


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"])
@pytest.mark.parametrize(("position", "version"), [(2, 9), (3, 3), (5, 9), (0, 9), (-1, 9), (4, 2), (4, 3)])
def test_sqlite_takes_only_the_next_row(filled_sqlite: EventLog, verb: str, position: int, version: int):
    """No form of INSERT replaces a row, by position or by version, or leaves a gap."""
    before = filled_sqlite.read(0, 10)
    with pytest.raises(sqlite3.IntegrityError):
        run(filled_sqlite, row(position, version, verb))
    assert filled_sqlite.read(0, 10) == before


def test_sqlite_wants_a_position(filled_sqlite: EventLog):
    """SQLite does not choose a position by itself."""
    with pytest.raises(sqlite3.IntegrityError):
        run(filled_sqlite, row(4, 9).replace("(4,", "(NULL,"))


def test_sqlite_upsert_changes_nothing(filled_sqlite: EventLog):
    """An insert that turns into an update on conflict is refused."""
    with pytest.raises(sqlite3.IntegrityError):
        run(filled_sqlite, f"{row(4, 3)} ON CONFLICT (stream_id, version) DO UPDATE SET topic = 'Forged@1'")


def test_sqlite_blob_is_not_replaced(sqlite_log: EventLog):
    """Kept bytes stay under INSERT OR REPLACE."""
    sqlite_log.append(new_events(1), blobs=[Blob(b"d" * 32, b"bytes")])
    run(sqlite_log, f"INSERT OR REPLACE INTO blob VALUES (x'{(b'd' * 32).hex()}', x'00')")
    assert sqlite_log.blob(b"d" * 32) == b"bytes"


def test_sqlite_keeps_types(filled_sqlite: EventLog):
    """A value of another type does not get into a row."""
    with pytest.raises(sqlite3.IntegrityError):
        run(filled_sqlite, row(4, 9).replace("x''", "'text'"))


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statements",
    [
        ["TRUNCATE event"],
        ["TRUNCATE event CASCADE"],
        [postgres_row(2, 9)],
        [postgres_row(4, 9)],
        [postgres_row(5, 9)],
        ["UPDATE head SET position = 5", postgres_row(5, 9)],
        ["UPDATE head SET position = 2", postgres_row(3, 9)],
        [f"{postgres_row(4, 3)} ON CONFLICT (stream_id, version) DO UPDATE SET topic = 'Forged@1'"],
    ],
)
def test_postgres_takes_only_the_next_row(filled_postgres: EventLog, statements: list[str]):
    """No row is removed or replaced, and none is put beside the head, whatever is done to the head."""
    before = filled_postgres.read(0, 10)
    with pytest.raises(psycopg.Error):
        run(filled_postgres, *statements)
    assert filled_postgres.read(0, 10) == before


@pytest.mark.postgres
def test_moved_head_stops_the_writers(filled_postgres: EventLog):
    """Where somebody moved the head, nothing is appended: a hole is an error and never silence."""
    run(filled_postgres, "UPDATE head SET position = 7")
    with pytest.raises(LogDamaged):
        filled_postgres.append(new_events(1, start=4))
    assert filled_postgres.head() == 3


def test_removed_row_is_named(filled: EventLog):
    """A row that was removed in spite of the guards is missed by the next reader, by position."""
    guards = ["DROP TRIGGER event_delete"] if filled.path else ["DROP TRIGGER event_refuse ON event"]
    run(filled, *guards, "DELETE FROM event WHERE position = 2")
    with pytest.raises(LogDamaged) as caught:
        filled.read(0, 10)
    assert caught.value.details["position"] == 2
