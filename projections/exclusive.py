"""One rebuild at a time: a lock over a database that death frees.

On SQLite it is a lock of the operating system on a file beside the database, on PostgreSQL an
advisory lock of a session, for each schema its own.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from palyra_events.errors import DatabaseUnavailable
from palyra_events.store.faults import translating, typed
from projections.engine import reading
from projections.errors import RebuildRunning

#: seconds between two looks at a lock that somebody else holds
_LOOK_AGAIN_S = 0.05
#: "palybuil": which of the locks of a schema
_LOCK = 0x70616C796275696C
_KEY = func.hashtextextended(func.current_schema(), _LOCK)


@contextmanager
def exclusively(engine: Engine, *, wait_s: float) -> Iterator[None]:
    """Let nobody else rebuild views of this database while the block runs.

    Raises:
        RebuildRunning: somebody else did for longer than ``wait_s`` seconds.
        DatabaseReadOnly, DiskFull, DatabaseUnavailable: the lock file beside the database cannot be made,
            or the server cannot be reached.
    """
    holding = _session_lock if engine.dialect.name == "postgresql" else _file_lock
    with holding(engine, time.monotonic() + wait_s):
        yield


@contextmanager
def _file_lock(engine: Engine, deadline: float) -> Iterator[None]:
    with reading(engine) as connection:
        opened = connection.exec_driver_sql("SELECT file FROM pragma_database_list WHERE name = 'main'")
        database = Path(opened.scalar_one())
    path = database.with_name(f"{database.name}.rebuild.lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        unknown = DatabaseUnavailable(f"{path} cannot be opened: {error.strerror}.")
        raise typed(error) or unknown from error
    try:
        _wait_for(lambda: _try_file(descriptor), deadline)
        yield
    finally:
        os.close(descriptor)


def _try_file(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _session_lock(engine: Engine, deadline: float) -> Iterator[None]:
    with translating():
        session = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with closing(session):
        _wait_for(lambda: _ask(session, "pg_try_advisory_lock"), deadline)
        try:
            yield
        finally:
            _ask(session, "pg_advisory_unlock")


def _ask(session: Connection, question: str) -> bool:
    with translating():
        return bool(session.scalar(select(getattr(func, question)(_KEY))))


def _wait_for(attempt: Callable[[], bool], deadline: float) -> None:
    while not attempt():
        if time.monotonic() >= deadline:
            raise RebuildRunning
        time.sleep(_LOOK_AGAIN_S)
