from __future__ import annotations

import errno
import sqlite3

import psycopg
import pytest
from eventsourcing import persistence
from psycopg.errors import lookup
from sqlalchemy.exc import OperationalError

from palyra_events.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnavailable,
    DiskFull,
    PalyraError,
    StaleVersion,
    StorageFailed,
)
from palyra_events.store.faults import translating, typed


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("it went wrong")
    error.sqlite_errorcode = code
    return error


def chained(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseLocked),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseLocked),
        (sqlite3.SQLITE_LOCKED_SHAREDCACHE, DatabaseLocked),
        (sqlite3.SQLITE_READONLY_DBMOVED, DatabaseReadOnly),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, DatabaseUnavailable),
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_NOTADB, DatabaseDamaged),
        (sqlite3.SQLITE_CORRUPT_INDEX, DatabaseDamaged),
        (sqlite3.SQLITE_IOERR_FSYNC, StorageFailed),
    ],
)
def test_sqlite_codes(code: int, kind: type[PalyraError]):
    """SQLite's primary and extended codes have our errors."""
    assert type(typed(sqlite_error(code))) is kind


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        ("08006", DatabaseUnavailable),
        ("25006", DatabaseReadOnly),
        ("28P01", DatabaseUnavailable),
        ("3D000", DatabaseUnavailable),
        ("40P01", DatabaseLocked),
        ("42501", DatabaseReadOnly),
        ("53100", DiskFull),
        ("53300", DatabaseUnavailable),
        ("55P03", DatabaseLocked),
        ("57014", DatabaseLocked),
        ("57P01", DatabaseUnavailable),
        ("58030", StorageFailed),
        ("XX001", DatabaseDamaged),
    ],
)
def test_postgres_states(sqlstate: str, kind: type[PalyraError]):
    """PostgreSQL's states, and their classes, have our errors."""
    assert type(typed(lookup(sqlstate)("it went wrong"))) is kind


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EACCES, DatabaseReadOnly),
        (errno.EROFS, DatabaseReadOnly),
        (errno.EIO, StorageFailed),
    ],
)
def test_system_errors(number: int, kind: type[PalyraError]):
    """What the operating system says about a file has our errors."""
    assert type(typed(OSError(number, "it went wrong"))) is kind


def test_no_connection_is_unavailable():
    """An error of the PostgreSQL client alone is a server that cannot be reached."""
    assert type(typed(psycopg.OperationalError("connection refused"))) is DatabaseUnavailable


def test_exhausted_pool_is_locked():
    """Waiting for a connection in vain is waiting for somebody else."""
    assert type(typed(persistence.ConnectionUnavailableError("timed out"))) is DatabaseLocked


@pytest.mark.parametrize(
    "wrapper",
    [
        OperationalError("SELECT 1", {}, sqlite_error(sqlite3.SQLITE_FULL)),
        chained(persistence.OperationalError("disk full"), sqlite_error(sqlite3.SQLITE_FULL)),
        chained(RuntimeError("outer"), OperationalError("SELECT 1", {}, lookup("53100")("disk full"))),
    ],
)
def test_wrappers_are_looked_through(wrapper: Exception):
    """The driver's error is found below SQLAlchemy's and the library's."""
    assert type(typed(wrapper)) is DiskFull


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        sqlite_error(sqlite3.SQLITE_CONSTRAINT_UNIQUE),
        lookup("23505")("duplicate"),
        psycopg.ProgrammingError("no"),
    ],
)
def test_everything_else_is_no_fault(error: Exception):
    """Bugs and conflicts are not faults of the world."""
    assert typed(error) is None


def test_message_says_what_the_driver_said():
    """The message has the driver's first line, in one sentence."""
    error = typed(psycopg.OperationalError("connection refused\n\tIs the server running?"))
    assert str(error) == "The database cannot be opened or reached: connection refused."


def test_translating_keeps_the_cause():
    """The driver's error is the cause of ours."""
    cause = sqlite_error(sqlite3.SQLITE_BUSY)
    with pytest.raises(DatabaseLocked) as caught, translating():
        raise cause
    assert caught.value.__cause__ is cause


@pytest.mark.parametrize("error", [StaleVersion(), ValueError("a bug")])
def test_translating_passes_on_what_is_no_fault(error: Exception):
    """Our own errors, and bugs, come out as they went in."""
    with pytest.raises(type(error)) as caught, translating():
        raise error
    assert caught.value is error
