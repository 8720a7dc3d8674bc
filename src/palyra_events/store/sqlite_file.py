"""The file of a SQLite log: made private, and brought to write-ahead logging and our tables."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from palyra_events.errors import DatabaseDamaged, DatabaseMissing
from palyra_events.store.schema import is_current
from palyra_events.store.sqlite_schema import STATEMENTS

#: for the owner alone: the log names people, and says what they did
FILE_MODE = 0o600
FOLDER_MODE = 0o700

#: bytes; SQLite takes a shorter file for an empty one, and would write over it
_PAGE_SIZE_MIN = 512

_RETRY_S = 0.010

#: not a fault of the disk: we may not open the folder, or its file system has no such thing as a sync
_SYNC_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EINVAL, errno.ENOTSUP)


def database_uri(path: Path) -> str:
    """Return the URI that opens this file for writing and never makes one."""
    return f"file:{quote(str(path))}?mode=rw"


def configure(connection: sqlite3.Connection, lock_timeout_ms: int) -> None:
    """Set what is per connection in SQLite.

    ``FULL`` syncs the write-ahead log in every commit: with ``NORMAL``, a commit that was
    acknowledged can be gone after a loss of power (https://sqlite.org/pragma.html#pragma_synchronous).
    """
    connection.execute(f"PRAGMA busy_timeout = {lock_timeout_ms:d}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA trusted_schema = OFF")


def prepare(path: Path, *, create: bool, lock_timeout_ms: int) -> None:
    """Make the file, its folder and its tables where they are missing and ``create`` is set.

    Raises:
        DatabaseMissing: it is missing, or holds no log, and is not to be made.
        DatabaseDamaged: it is another kind of file.
        DatabaseTooNew: a newer Palyra made it; nothing was changed.
    """
    if create:
        make_file(path)
    with closing(connect(path, lock_timeout_ms)) as connection:
        is_made = is_current(schema_version(connection), create=create)
        # A backup is a file without one, so that it can be read wherever it lies.
        _use_write_ahead_log(connection, monotonic() + lock_timeout_ms / 1000)
        if not is_made:
            _sync_names(path)
            make_tables(connection)


def connect(path: Path, lock_timeout_ms: int) -> sqlite3.Connection:
    """Return a connection to a file that is there, in which no transaction begins by itself.

    Raises:
        DatabaseMissing: there is no such file.
        DatabaseDamaged: it is another kind of file.
    """
    if not path.exists():
        raise DatabaseMissing(f"There is no database at {path}.", path=str(path))
    if 0 < path.stat().st_size < _PAGE_SIZE_MIN:
        raise DatabaseDamaged(f"{path} is not a database.", path=str(path))
    connection = sqlite3.connect(database_uri(path), uri=True, isolation_level=None)
    try:
        configure(connection, lock_timeout_ms)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables in one transaction, unless another process was faster."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if not is_current(schema_version(connection), create=True):
            for statement in STATEMENTS:
                connection.execute(statement)


def schema_version(connection: sqlite3.Connection) -> int | None:
    """Return the version of the tables, None where there are none."""
    if not connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'"
    ).fetchone():
        return None
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    return int(row[0]) if row else None


def make_file(path: Path) -> None:
    """Make an empty file, which SQLite takes for an empty database. Its modes pass to the files beside it."""
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))


def _sync_names(path: Path) -> None:
    """Bring the names of the folders that the file is in to the disk, before there is anything to lose.

    SQLite does so for the files in the last of them alone. Where that is refused, as for a folder that may
    not be read, it was there before.

    Raises:
        OSError: the disk failed.
    """
    for folder in path.resolve().parents:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            if error.errno not in _SYNC_REFUSED:
                raise


def _use_write_ahead_log(connection: sqlite3.Connection, deadline: float) -> None:
    """Switch to WAL; the file remembers it. SQLite does not wait here for another who does the same."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(_RETRY_S)
        else:
            return
