"""The dispatcher role: at most one process schedules and dispatches over one log.

It is held in a way that death frees: on SQLite by an operating-system lock on a file beside the
database, on PostgreSQL by an advisory lock of a session. The scheduler's position in the log is
the fence behind it.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from palyra_events.errors import DatabaseUnavailable, Unavailable
from palyra_events.store import EventLog
from palyra_events.store.faults import translating, typed

#: milliseconds between two looks at a role that somebody else holds
_LOOK_AGAIN_MS = 50


class DispatcherBusy(Unavailable):
    """Another process dispatches over this database."""

    code = "DISPATCHER_BUSY"
    advice = "It carries out the deliveries itself. Wait for it, or stop it first."


@contextmanager
def dispatcher_role(engine: Engine, log: EventLog, *, wait_ms: int = 0) -> Iterator[None]:
    """Hold the role over this log while the block runs.

    Raises:
        DispatcherBusy: another process held it for longer than ``wait_ms``.
        DatabaseReadOnly, DiskFull, DatabaseUnavailable: the lock file beside the database cannot be made,
            or the server cannot be reached.
    """
    if log.path is None:
        holding = _session_role(engine, _advisory_key(log.log_id), wait_ms)
    else:
        holding = _file_role(log.path, wait_ms)
    with holding:
        yield


def _advisory_key(log_id: UUID) -> int:
    """Return the number that stands for this log's role: locks are shared by all schemas of a database."""
    return int.from_bytes(log_id.bytes[:8], signed=True)


@contextmanager
def _file_role(path: Path, wait_ms: int) -> Iterator[None]:
    # The database has one lock, whichever link to it somebody opened.
    database = path.resolve()
    lock_path = database.with_name(f"{database.name}.dispatch.lock")
    try:
        descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        unknown = DatabaseUnavailable(f"{lock_path} cannot be opened: {error.strerror}.")
        raise typed(error) or unknown from error
    try:
        _wait_for(lambda: _try_file(descriptor), wait_ms)
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
def _session_role(engine: Engine, key: int, wait_ms: int) -> Iterator[None]:
    with translating():
        session = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with closing(session):
        _wait_for(lambda: _ask(session, "SELECT pg_try_advisory_lock(:key)", key), wait_ms)
        try:
            yield
        finally:
            _ask(session, "SELECT pg_advisory_unlock(:key)", key)


def _ask(session: Connection, question: str, key: int) -> bool:
    with translating():
        return bool(session.scalar(text(question), {"key": key}))


def _wait_for(attempt: Callable[[], bool], wait_ms: int) -> None:
    deadline = time.monotonic() + wait_ms / 1000
    while not attempt():
        if time.monotonic() >= deadline:
            raise DispatcherBusy
        time.sleep(_LOOK_AGAIN_MS / 1000)
