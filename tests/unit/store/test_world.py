"""What the log says when the world is in the way, and that it goes on afterwards."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from palyra_events.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseTooNew,
    DatabaseUnavailable,
    DiskFull,
    StorageFailed,
)
from palyra_events.store import EventLog
from tests.new_events import new_events
from tests.postgres_server import NOBODY, Server


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of a user who is not root, who we are meanwhile: modes of files mean nothing to root."""
    path = Path(tempfile.mkdtemp(prefix="palyra-test-"))
    root = os.geteuid() == 0
    if root:
        os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield path
    finally:
        if root:
            os.seteuid(0)
        path.chmod(0o700)
        shutil.rmtree(path)


@contextmanager
def holding(log: EventLog) -> Iterator[None]:
    """Hold the lock that writers need."""
    if log.path is None:
        with psycopg.connect(log.url) as connection:
            connection.execute("SELECT * FROM head FOR UPDATE")
            yield
        return
    with closing(sqlite3.connect(log.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def fill(log: EventLog) -> Any:
    """Let the database have no page more than it has, which is what a full disk looks like to SQLite."""
    (pages,) = run(log, "PRAGMA page_count")
    run(log, f"PRAGMA max_page_count = {pages}")


def run(log: EventLog, statement: str) -> Any:
    """Run a statement on the connection that the next append will use."""
    with log._backend.datastore.get_connection(commit=True) as connection:
        return connection.rows(statement, ())[0]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_new_file_is_private(tmp_path: Path):
    """A new file, the files beside it and a new folder are for their owner alone."""
    path = tmp_path / "new" / "log.db"
    with EventLog.open(f"sqlite:///{path}") as log:
        log.append(new_events(1))
        modes = {
            name.name: stat.S_IMODE(name.stat().st_mode) for name in [path.parent, *path.parent.iterdir()]
        }
    assert modes == {"new": 0o700, "log.db": 0o600, "log.db-wal": 0o600, "log.db-shm": 0o600}


def test_every_connection_syncs(sqlite_log: EventLog):
    """Connections use the write-ahead log and sync it in every commit."""
    assert [run(sqlite_log, f"PRAGMA {name}")[0] for name in ("journal_mode", "synchronous")] == ["wal", 2]


def test_locked_database(url: str):
    """Who cannot get the lock in time is told so; the next append goes through."""
    with EventLog.open(url, lock_timeout_ms=50) as log:
        log.append(new_events(1))
        with holding(log), pytest.raises(DatabaseLocked):
            log.append(new_events(1, start=2))
        assert list(log.append(new_events(1, start=2))) == [2]


def test_full_disk(sqlite_log: EventLog):
    """A full disk refuses an append as a whole; with room again the log goes on at the next position."""
    sqlite_log.append(new_events(1))
    fill(sqlite_log)
    with pytest.raises(DiskFull):
        sqlite_log.append(new_events(1000, number=2))
    run(sqlite_log, "PRAGMA max_page_count = 1000000")
    assert list(sqlite_log.append(new_events(1, start=2))) == [2]


def test_write_that_fails(sqlite_log: EventLog):
    """Where the system refuses to write, nothing is recorded, and the log goes on when it can."""
    sqlite_log.append(new_events(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(StorageFailed):
            sqlite_log.append(new_events(5000, number=2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (sqlite_log.head(), list(sqlite_log.append(new_events(1, start=2)))) == (1, [2])


def test_read_only_file(folder: Path):
    """A log in a file that may not be written can be read, and says so when something is appended."""
    path = folder / "log.db"
    with EventLog.open(f"sqlite:///{path}") as log:
        log.append(new_events(2))
    path.chmod(0o400)
    with EventLog.open(f"sqlite:///{path}") as log:
        assert len(log.read(0, 10)) == 2
        with pytest.raises(DatabaseReadOnly):
            log.append(new_events(1, start=3))


def test_folder_that_may_not_be_written(folder: Path):
    """A log that cannot be made where it should be is a read-only place."""
    folder.chmod(0o500)
    for path in (folder / "log.db", folder / "below" / "log.db"):
        with pytest.raises(DatabaseReadOnly):
            EventLog.open(f"sqlite:///{path}")


def test_missing_folder(tmp_path: Path):
    """Without ``create`` a missing folder is an error, and stays missing."""
    with pytest.raises(DatabaseUnavailable):
        EventLog.open(f"sqlite:///{tmp_path}/missing/log.db", create=False)
    assert not (tmp_path / "missing").exists()


def test_folder_in_place_of_a_file(tmp_path: Path):
    """A folder is no database."""
    with pytest.raises(DatabaseUnavailable):
        EventLog.open(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("content", [b"not a database " * 100, b"x"])
def test_file_that_is_no_database(tmp_path: Path, content: bytes):
    """A file of another kind is refused and left as it was."""
    path = tmp_path / "log.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        EventLog.open(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_truncated_file(sqlite_url: str, tmp_path: Path):
    """A file that lost its end is damage, when opened or at the latest when read."""
    with EventLog.open(sqlite_url) as log:
        log.append(new_events(2000))
    path = tmp_path / "log.db"
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(DatabaseDamaged), EventLog.open(sqlite_url) as log:
        log.read(0, 5000)


def test_newer_file_is_left_alone(sqlite_url: str, tmp_path: Path):
    """A database of a newer Palyra is refused, and not a byte of it changes."""
    EventLog.open(sqlite_url).close()
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = '2' WHERE key = 'schema_version'")
    before = digest(path)
    with pytest.raises(DatabaseTooNew) as caught:
        EventLog.open(sqlite_url)
    assert (caught.value.details, digest(path)) == ({"found": 2, "known": 1}, before)


@pytest.mark.postgres
def test_newer_schema_is_left_alone(postgres: Server):
    """The same on PostgreSQL."""
    url = postgres.schema()
    EventLog.open(url).close()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE meta SET value = '2' WHERE key = 'schema_version'")
    with pytest.raises(DatabaseTooNew):
        EventLog.open(url)


@pytest.mark.postgres
def test_tables_are_made_once(postgres: Server):
    """Opening a log that is there runs no statement that changes the schema."""
    url = postgres.schema()
    EventLog.open(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        count = "SELECT max(xmin::text::bigint) FROM pg_proc WHERE proname = 'event_append'"
        before = connection.execute(count).fetchone()
        EventLog.open(url).close()
        assert connection.execute(count).fetchone() == before


@pytest.mark.postgres
def test_schema_with_an_odd_name(postgres: Server):
    """The log lives in the schema of the connection, whatever that is called."""
    url = postgres.schema()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "Odd-Näme""s"')
    odd = url.partition("?")[0] + "?options=-csearch_path%3D%22Odd-N%C3%A4me%22%22s%22"
    try:
        with EventLog.open(odd) as log:
            log.append(new_events(2))
            with psycopg.connect(url) as connection:
                assert connection.execute('SELECT count(*) FROM "Odd-Näme""s".event').fetchone() == (2,)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute('DROP SCHEMA "Odd-Näme""s" CASCADE')


@pytest.mark.postgres
def test_read_only_session(postgres: Server):
    """A session that may not write says so."""
    url = postgres.schema()
    EventLog.open(url).close()
    with (
        EventLog.open(f"{url}%20-cdefault_transaction_read_only%3Don") as log,
        pytest.raises(DatabaseReadOnly),
    ):
        log.append(new_events(1))


@pytest.mark.postgres
@pytest.mark.parametrize("target", ["127.0.0.1:1/postgres", "127.0.0.1:{port}/no_such_database"])
def test_no_server_or_no_database(postgres: Server, target: str):
    """A server that does not answer and a database that does not exist are unavailable."""
    with pytest.raises(DatabaseUnavailable):
        EventLog.open(f"postgresql://postgres@{target.format(port=postgres.port)}")


@pytest.mark.postgres
def test_search_path_without_a_schema(postgres: Server):
    """A search path that leads nowhere is an error, and nothing is made elsewhere."""
    with pytest.raises(DatabaseUnavailable):
        EventLog.open(postgres.url(options="options=-csearch_path%3Dno_such_schema"))


@pytest.mark.postgres
def test_commits_are_synchronous(postgres: Server):
    """A session whose settings would acknowledge a commit before it is on disk is set right."""
    url = f"{postgres.schema()}%20-csynchronous_commit%3Doff"
    with EventLog.open(url) as log, log._backend.datastore.pool.connection() as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == {"synchronous_commit": "on"}
