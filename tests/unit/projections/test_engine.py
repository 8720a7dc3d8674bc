from __future__ import annotations

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from palyra_events.errors import (
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnavailable,
    DriverMissing,
    InvalidDatabaseUrl,
)
from palyra_events.store import EventLog
from projections import ViewDamaged, open_engine
from projections import engine as engines
from projections.engine import reading, writing


def test_a_missing_file_is_unavailable_and_is_not_made(tmp_path: Path):
    """Only the log makes a database, so only it decides who may read the file."""
    engine = open_engine(f"sqlite:///{tmp_path / 'nowhere.db'}")

    with pytest.raises(DatabaseUnavailable), reading(engine):
        pass

    assert list(tmp_path.iterdir()) == []
    engine.dispose()


def test_a_file_with_odd_characters_is_the_file_of_the_log(tmp_path: Path):
    """A path is taken as it stands, as the log takes it."""
    url = f"sqlite:///{tmp_path / 'a b%20#ü&c.db'}"
    with EventLog.open(url):
        engine = open_engine(url)
        with reading(engine) as connection:
            tables = inspect(connection).get_table_names()
        engine.dispose()

    assert "meta" in tables


def test_another_scheme_is_refused():
    """There are two kinds of databases."""
    with pytest.raises(InvalidDatabaseUrl):
        open_engine("mysql://localhost/palyra")


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch):
    """Without the extra, PostgreSQL is refused with the advice to install it."""
    monkeypatch.setitem(sys.modules, "psycopg.conninfo", None)

    with pytest.raises(DriverMissing):
        open_engine("postgresql://localhost/palyra")


def test_a_writer_holds_its_lock_from_the_start(sqlite_url: str):
    """On SQLite nobody can slip in between what a writer reads and what it writes."""
    with EventLog.open(sqlite_url) as log:
        engine = open_engine(sqlite_url)
        other = sqlite3.connect(str(log.path), timeout=0, isolation_level=None)
        with closing(other), writing(engine), pytest.raises(sqlite3.OperationalError) as refused:
            other.execute("BEGIN IMMEDIATE")
        engine.dispose()

    assert refused.value.sqlite_errorname == "SQLITE_BUSY"


def _make_half(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        connection.execute(text("INSERT INTO half VALUES (1)"))
        raise ZeroDivisionError


def test_what_an_error_leaves_is_undone_tables_too(engine: Engine):
    """A transaction is kept as a whole or not at all, on both databases."""
    with pytest.raises(ZeroDivisionError):
        _make_half(engine)

    with reading(engine) as connection:
        assert not inspect(connection).has_table("half")


def test_a_reader_sees_one_moment(engine: Engine):
    """What others write meanwhile does not come into a transaction that reads."""
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE seen (id INTEGER)"))
    with reading(engine) as reader:
        before = reader.scalar(text("SELECT count(*) FROM seen"))
        with writing(engine) as writer:
            writer.execute(text("INSERT INTO seen VALUES (1)"))

        after = reader.scalar(text("SELECT count(*) FROM seen"))

    assert (before, after) == (0, 0)


@pytest.mark.postgres
def test_a_reader_cannot_write_on_postgresql(postgres):
    """A question changes nothing, by the word of the database."""
    engine = open_engine(postgres.schema())

    with pytest.raises(DatabaseReadOnly), reading(engine) as connection:
        connection.execute(text("CREATE TABLE forbidden (id INTEGER)"))

    engine.dispose()


@pytest.mark.postgres
def test_the_options_of_a_postgresql_url_are_kept(postgres):
    """The schema of the URL is where views live, and nobody waits for a lock for ever."""
    url = postgres.schema()
    engine = open_engine(url)

    with reading(engine) as connection:
        schema = connection.scalar(text("SELECT current_schema()"))
        timeout = connection.scalar(text("SHOW lock_timeout"))

    assert url.endswith(f"%3D{schema}")
    assert timeout == "5s"
    engine.dispose()


def test_a_missing_table_is_a_damaged_view(engine: Engine):
    """Somebody who dropped a table is told how to make it anew, not shown SQL."""
    with pytest.raises(ViewDamaged) as damage, reading(engine) as connection:
        connection.execute(text("SELECT * FROM never_made"))

    assert "never_made" in damage.value.message
    assert "rebuild" in damage.value.advice


def test_a_pool_that_is_in_use_is_locked(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    """Too many at once are asked to try again, in our words."""
    monkeypatch.setattr(engines, "POOL_TIMEOUT_S", 0.01)
    with EventLog.open(sqlite_url):
        engine = open_engine(sqlite_url)
        with ExitStack() as others:
            for _ in range(15):
                others.enter_context(reading(engine))
            with pytest.raises(DatabaseLocked):
                others.enter_context(reading(engine))
        engine.dispose()


@pytest.mark.postgres
def test_a_question_that_stands_alone_has_no_transaction_around_it(postgres):
    """The server is asked that and nothing else; in a transaction two questions are asked at one moment."""
    engine = open_engine(postgres.schema())
    moments: dict[bool, list[object]] = {}
    for as_one in (False, True):
        with reading(engine, as_one=as_one) as connection:
            moments[as_one] = [connection.scalar(text("SELECT transaction_timestamp()")) for _ in range(2)]
    engine.dispose()

    assert moments[False][0] != moments[False][1]
    assert moments[True][0] == moments[True][1]


@pytest.mark.postgres
def test_a_server_that_went_away_is_found_again(postgres):
    """Connections that died while nobody used them are replaced before a question fails."""
    engine = open_engine(postgres.schema())
    with reading(engine) as connection:
        victim = connection.scalar(text("SELECT pg_backend_pid()"))
    with writing(other := open_engine(postgres.schema())) as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": victim})

    with reading(engine) as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != victim

    engine.dispose()
    other.dispose()


def test_a_connection_serves_any_thread(sqlite_url: str):
    """What one thread gives back to the pool another one takes."""
    with EventLog.open(sqlite_url):
        engine = open_engine(sqlite_url)
        with reading(engine) as connection:
            mine = connection.connection.driver_connection

        def ask() -> bool:
            with reading(engine) as connection:
                return (
                    connection.scalar(text("SELECT 1")) == 1
                    and connection.connection.driver_connection is mine
                )

        with ThreadPoolExecutor(1) as threads:
            assert threads.submit(ask).result()
        engine.dispose()
