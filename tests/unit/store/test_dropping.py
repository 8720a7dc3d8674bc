"""Bytes beside the log are dropped, whatever others record meanwhile, and leave no trace."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import psycopg
import pytest
from psycopg.rows import TupleRow

from palyra_events.blob import keep
from palyra_events.record import NewEvent
from palyra_events.store import EventLog, sqlite_dropping
from palyra_events.store.dropping import Dropped, TracesLeft, compact, drop_blobs
from tests.new_events import TOPIC, new_events, stream
from tests.postgres_server import Server

FIRST, FIRST_BLOB = keep(b"the first of a few bytes")
SECOND, SECOND_BLOB = keep(b"the second")
BLOBS = [FIRST_BLOB, SECOND_BLOB]
DIGESTS = [blob.digest for blob in BLOBS]


def naming(version: int) -> NewEvent:
    """Return an event that names the first bytes."""
    state = f'{{"input":{FIRST.model_dump_json()}}}'.encode()
    return NewEvent(stream(1), version, TOPIC, state)


def until_somebody_waits(connection: psycopg.Connection[TupleRow]) -> None:
    """Wait until a session waits for a lock that this one holds."""
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    pause = Event()
    while not connection.execute(waiting).fetchall()[0][0]:
        pause.wait(0.005)


def test_dropped_bytes_are_gone(log: EventLog):
    """What is told is how many were there; the events stay as they are."""
    log.append(new_events(2), blobs=BLOBS)
    before = log.read(0, 10)

    assert drop_blobs(log.url, DIGESTS, seen=2) == Dropped(2, 34)
    assert drop_blobs(log.url, DIGESTS, seen=2) == Dropped(0, 0)
    assert (log.blobs(DIGESTS), log.read(0, 10)) == ({}, before)


def test_what_was_named_meanwhile_stays(log: EventLog):
    """An outcome with the same bytes was recorded after the plan was made: it keeps them."""
    log.append(new_events(2), blobs=BLOBS)
    log.append([naming(3)], blobs=[FIRST_BLOB])

    assert drop_blobs(log.url, DIGESTS, seen=2) == Dropped(1, 10)
    assert log.blobs(DIGESTS) == {FIRST_BLOB.digest: FIRST_BLOB.content}


@pytest.mark.postgres
def test_what_is_being_named_right_now_stays(postgres: Server):
    """An append that has found its bytes there already, and is not committed yet, keeps them."""
    with EventLog.open(postgres.schema()) as log, ThreadPoolExecutor(1) as pool:
        log.append(new_events(2), blobs=BLOBS)
        _, version, topic, state = naming(3)
        with psycopg.connect(log.url) as connection:
            connection.execute(
                "SELECT event_append(ARRAY[%s], ARRAY[%s], ARRAY[%s], ARRAY[%s], ARRAY[%s], ARRAY[%s],"
                " NULL, NULL, NULL)",
                (stream(1), version, topic, state, FIRST_BLOB.digest, FIRST_BLOB.content),
            )
            dropping = pool.submit(drop_blobs, log.url, DIGESTS, 2)
            until_somebody_waits(connection)
        assert dropping.result() == Dropped(1, 10)
        assert log.blobs(DIGESTS) == {FIRST_BLOB.digest: FIRST_BLOB.content}


def test_what_was_named_before_is_known(log: EventLog):
    """Who makes a plan has seen the event, and drops its bytes all the same."""
    log.append([naming(1)], blobs=BLOBS)
    assert drop_blobs(log.url, DIGESTS, seen=1).blobs == 2


def test_many_are_dropped_step_by_step(log: EventLog):
    """Progress is told, and all of them go."""
    blobs = [keep(b"%d" % number)[1] for number in range(4_500)]
    log.append(new_events(1), blobs=blobs)
    told: list[tuple[int, int]] = []

    dropped = drop_blobs(log.url, [blob.digest for blob in blobs], 1, lambda *step: told.append(step))

    assert dropped.blobs == 4_500
    assert told == [(0, 4_500), (2_000, 4_500), (4_000, 4_500), (4_500, 4_500)]


def test_no_trace_is_left(sqlite_log: EventLog):
    """After compacting, the bytes are in no file of the database, and the log is whole."""
    sqlite_log.append(new_events(2), blobs=BLOBS)
    path = sqlite_log.path
    assert path is not None
    drop_blobs(sqlite_log.url, DIGESTS[:1], seen=2)

    compact(sqlite_log.url)

    content = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert (FIRST_BLOB.content in content, SECOND_BLOB.content in content) == (False, True)
    assert sqlite_log.append(new_events(1, start=3)) == range(3, 4)


def test_a_server_can_be_compacted(log: EventLog):
    """What is kept is there afterwards, on either database."""
    log.append(new_events(2), blobs=BLOBS)
    drop_blobs(log.url, DIGESTS[:1], seen=2)
    compact(log.url)
    assert log.blobs(DIGESTS) == {SECOND_BLOB.digest: SECOND_BLOB.content}


def test_a_reader_keeps_traces(sqlite_log: EventLog, monkeypatch: pytest.MonkeyPatch):
    """While somebody reads the write-ahead log it cannot be emptied, and that is said."""
    monkeypatch.setattr(sqlite_dropping, "LOCK_TIMEOUT_MS", 10)
    sqlite_log.append(new_events(2), blobs=BLOBS)
    with closing(sqlite3.connect(str(sqlite_log.path), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM event").fetchone()
        with pytest.raises(TracesLeft):
            compact(sqlite_log.url)
    compact(sqlite_log.url)
