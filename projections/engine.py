"""The database, as the views use it: one engine, one way to read, one way to write."""

from __future__ import annotations

import select
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from palyra_events.errors import DatabaseLocked, DriverMissing
from palyra_events.store.faults import translating
from palyra_events.store.location import locate
from projections.errors import ViewDamaged

#: milliseconds to wait for another writer
LOCK_TIMEOUT_MS = 5000
#: seconds to wait for another thread to give its connection back
POOL_TIMEOUT_S = 5

#: the execution option that tells the transaction's first statement what is coming
_WRITES = "palyra_writes"


def open_engine(url: str, *, durable: bool = False, lock_timeout_ms: int = LOCK_TIMEOUT_MS) -> Engine:
    """Return an engine on the database of the log at ``url``; it makes no database.

    Dispose of it when done. A ``durable`` one syncs each commit; the views need no such thing, as
    they can be derived from the log. ``lock_timeout_ms`` is how long to wait for another writer.

    Raises:
        InvalidDatabaseUrl: the URL is neither SQLite's nor PostgreSQL's.
        DriverMissing: ``palyra[postgres]`` is not installed.
    """
    location = locate(url)
    if location.path is None:
        return _open_postgresql(url, "on" if durable else "off", lock_timeout_ms)
    return _open_sqlite(location.path, "FULL" if durable else "NORMAL", lock_timeout_ms)


@contextmanager
def reading(engine: Engine, *, as_one: bool = True) -> Iterator[Connection]:
    """Open a transaction that sees one moment of the database and writes nothing.

    Where it is not to be ``as_one``, as there is one question only, a server is asked that and nothing else.

    Raises:
        DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
        ViewDamaged: a table or column is not there.
    """
    with _typed_errors(), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            if as_one:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            else:
                connection.execution_options(isolation_level="AUTOCOMMIT")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, *, as_one: bool = True) -> Iterator[Connection]:
    """Open a transaction that is kept as a whole, or not at all where an error leaves it.

    Where it is not to be ``as_one``, each statement is a transaction of its own.

    Raises:
        DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DiskFull, StorageFailed: nothing was written.
        ViewDamaged: a table or column is not there; nothing was written.
    """
    with _typed_errors(), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        if not as_one:
            connection.execution_options(isolation_level="AUTOCOMMIT")
        with connection.begin():
            yield connection


@contextmanager
def _typed_errors() -> Iterator[None]:
    """Raise what goes wrong with the database as our errors; what goes wrong with a row passes unchanged."""
    try:
        with translating():
            yield
    except PoolTimeout as error:
        raise DatabaseLocked("All connections to the database are in use.") from error
    except (OperationalError, ProgrammingError) as error:
        raise ViewDamaged(f"A view cannot be used: {error.orig}.") from error


def _open_sqlite(path: Path, synchronous: str, lock_timeout_ms: int) -> Engine:
    # "rw" opens and never makes: the log makes the file, readable by its owner alone.
    location = URL.create("sqlite", database=f"file:{quote(str(path))}", query={"mode": "rw", "uri": "true"})
    engine = create_engine(location, pool_timeout=POOL_TIMEOUT_S)
    event.listen(engine, "connect", partial(_configure_sqlite, synchronous, lock_timeout_ms))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(
    synchronous: str, lock_timeout_ms: int, connection: sqlite3.Connection, _record: object
) -> None:
    """Set what is per connection.

    With ``NORMAL`` a loss of power can take the last pages of the views with it. Their positions
    go with them, as both are in one transaction, and the pages are folded again. What the log
    commits is synced by its own connections, which are ``FULL``.
    """
    # The driver would begin on its own, late, and commit before DDL.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {lock_timeout_ms:d}")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA trusted_schema = OFF")


def _begin_sqlite(connection: Connection) -> None:
    """Begin; a writer takes its lock at once.

    One that reads first and then finds that somebody else has written is refused without waiting.
    """
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgresql(url: str, synchronous: str, lock_timeout_ms: int) -> Engine:
    """Return an engine on a server.

    A server that crashes may take back the last pages of the views, with their positions: it keeps what
    was committed before them, among that all events that they have folded.
    """
    try:
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - an optional dependency
    except ModuleNotFoundError as error:
        raise DriverMissing(driver=error.name) from error
    # libpq reads the URL, as it does for the log: what one of them reaches, the other reaches.
    parameters = conninfo_to_dict(url)
    settings = f"-c lock_timeout={lock_timeout_ms:d} -c synchronous_commit={synchronous}"
    options = f"{parameters.get('options') or ''} {settings}".strip()
    engine = create_engine(
        "postgresql+psycopg://",
        connect_args={**parameters, "options": options},
        isolation_level="READ COMMITTED",
        pool_timeout=POOL_TIMEOUT_S,
        use_native_hstore=False,
    )
    event.listen(engine, "checkout", partial(_check_alive, engine.dialect))
    return engine


def _check_alive(dialect: Dialect, connection: Any, _record: object, _proxy: object) -> None:
    """Notice before a question fails that the server has ended the session, or itself.

    It says so, and is not asked: on a connection where nobody waits for an answer there is nothing to read
    but its farewell. So a question takes no more than its own round trip.
    """
    try:
        if _has_input(connection.fileno()):
            dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        # The pool opens all its connections anew, and this question is asked on a new one.
        raise InvalidatePoolError from error


def _has_input(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
