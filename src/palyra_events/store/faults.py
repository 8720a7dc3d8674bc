"""What goes wrong with a database, as our errors.

One table for every reader and writer of the database: the recorders of the log, and SQLAlchemy
in the projections. It tells by code, never by text, and needs neither library to be imported.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from palyra_events.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnavailable,
    DiskFull,
    PalyraError,
    StorageFailed,
)

#: Primary result codes (https://sqlite.org/rescode.html).
_BY_SQLITE_CODE: dict[int, type[PalyraError]] = {
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
    # Lost the race to set up the write-ahead log many times over.
    sqlite3.SQLITE_PROTOCOL: DatabaseLocked,
    sqlite3.SQLITE_PERM: DatabaseReadOnly,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnavailable,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_NOTADB: DatabaseDamaged,
    sqlite3.SQLITE_CORRUPT: DatabaseDamaged,
    sqlite3.SQLITE_IOERR: StorageFailed,
}

#: SQLSTATE, or its class in two characters (PostgreSQL manual, appendix A).
_BY_SQLSTATE: dict[str, type[PalyraError]] = {
    "08": DatabaseUnavailable,
    "25006": DatabaseReadOnly,
    "28": DatabaseUnavailable,
    "3D000": DatabaseUnavailable,
    "40001": DatabaseLocked,
    "40P01": DatabaseLocked,
    "42501": DatabaseReadOnly,
    "53": DatabaseUnavailable,
    "53100": DiskFull,
    "55P03": DatabaseLocked,
    # A statement that ran into its timeout was waiting for somebody.
    "57014": DatabaseLocked,
    "57P01": DatabaseUnavailable,
    "57P02": DatabaseUnavailable,
    "57P03": DatabaseUnavailable,
    "58": StorageFailed,
    "XX001": DatabaseDamaged,
    "XX002": DatabaseDamaged,
}

_BY_ERRNO: dict[int, type[PalyraError]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EROFS: DatabaseReadOnly,
    errno.EACCES: DatabaseReadOnly,
    errno.EPERM: DatabaseReadOnly,
    errno.EIO: StorageFailed,
    errno.ENOENT: DatabaseUnavailable,
    errno.ENOTDIR: DatabaseUnavailable,
}

#: The low byte of an extended SQLite code is its primary code.
_PRIMARY = 0xFF


def typed(error: BaseException) -> PalyraError | None:
    """Return our error for what went wrong in the database, or None where it is no such thing.

    Looks through the wrappers of the event-sourcing library and of SQLAlchemy to the driver's error.
    Conflicts are not faults: whoever wrote knows what a unique index stands for.
    """
    for cause in _causes(error):
        if isinstance(cause, PalyraError):
            return cause
        kind = _kind(cause)
        if kind is not None:
            return kind(_message(kind, cause))
    return None


@contextmanager
def translating() -> Iterator[None]:
    """Raise what goes wrong with the database inside as our errors.

    Raises:
        DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DatabaseDamaged, DiskFull, StorageFailed:
            as the tables of this module say. Everything else passes unchanged.
    """
    try:
        yield
    except PalyraError:
        raise
    except Exception as error:
        fault = typed(error)
        if fault is None:
            raise
        raise fault from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk from a wrapper to the driver's own error.

    SQLAlchemy keeps it as ``orig``; others chain it, or hand it on as their argument.
    """
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        wrapped = getattr(cause, "orig", None)
        cause = wrapped if isinstance(wrapped, BaseException) else cause.__cause__


def _kind(error: BaseException) -> type[PalyraError] | None:
    """Return the class of ours for a driver's error."""
    if isinstance(error, sqlite3.Error):
        return _BY_SQLITE_CODE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
    psycopg = sys.modules.get("psycopg")
    if psycopg is not None and isinstance(error, psycopg.Error):
        # Without a state it is the client that speaks: there is no connection, or it broke.
        lost = isinstance(error, psycopg.OperationalError) and error.sqlstate is None
        return DatabaseUnavailable if lost else _by_sqlstate(error.sqlstate or "")
    if isinstance(error, TimeoutError):
        # A pool had no connection to give in time: all of them wait for somebody.
        return DatabaseLocked
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0)
    return None


def _by_sqlstate(sqlstate: str) -> type[PalyraError] | None:
    return _BY_SQLSTATE.get(sqlstate) or _BY_SQLSTATE.get(sqlstate[:2])


def _message(kind: type[PalyraError], cause: BaseException) -> str:
    """The default message of our error, with the first line of the driver's own words."""
    said = str(cause).strip().partition("\n")[0].rstrip(".")
    return f"{kind().message.rstrip('.')}: {said}." if said else kind().message
