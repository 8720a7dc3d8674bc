"""Backups: a whole log in one private file, and back from there into a database of either kind.

A backup is an ordinary SQLite log without views, which are made again from it. It appears under its
name complete, checked and on disk, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from palyra_events.errors import InvalidInput, LogDamaged, NotFound
from palyra_events.store.copy import LogCopy, Progress, copy_log, open_target, survey
from palyra_events.store.location import Location, locate
from palyra_events.store.log import EventLog
from palyra_events.store.new_file import new_file
from palyra_events.store.snapshot import open_snapshot


class UnknownBackup(NotFound):
    """There is no such backup."""

    code = "UNKNOWN_BACKUP"
    advice = "Name the file that palyra db backup has made."


class BackupIsDatabase(InvalidInput):
    """The file is the database itself."""

    code = "BACKUP_IS_DATABASE"
    advice = "Name another file, best on another disk."


def back_up(url: str, file: Path, *, replace: bool = False, progress: Progress | None = None) -> LogCopy:
    """Write the log at ``url`` as it is now into a new file, while others go on writing it.

    Every event and blob is checked while it is read, and again in the file. With ``replace``, a file
    of this name is given up once the new one is complete.

    Raises:
        LogDamaged: an event or a blob is not what was recorded: there is no backup of what is not true.
        BackupIsDatabase: ``file`` is the database itself.
        FileExists: there is such a file, and it is not to be replaced; or it is in use.
        DatabaseMissing, DatabaseTooNew, DatabaseTooOld, DatabaseUnavailable, DatabaseDamaged: there is
            nothing to read.
        DiskFull, DatabaseReadOnly, StorageFailed: the file cannot be written.
    """
    location = locate(url)
    if location.path is not None and file.resolve() == location.path.resolve():
        raise BackupIsDatabase(f"{file} is the database itself.", path=str(file))
    return _write(location, file, replace=replace, progress=progress)


def restore(file: Path, url: str, *, progress: Progress | None = None) -> LogCopy:
    """Bring the log of a backup into the database at ``url``, which must be empty, or missing on SQLite.

    Every event and blob is checked while it is read. The database has all of it in the end, or is
    as it was.

    Raises:
        UnknownBackup: there is no such file.
        LogDamaged: an event or a blob is not what was recorded.
        DatabaseNotEmpty: the database holds a log already.
        DatabaseDamaged, DatabaseTooNew, DatabaseTooOld: the file is no backup that can be read.
        DatabaseUnavailable, DatabaseReadOnly, DatabaseLocked, DiskFull, StorageFailed: the database cannot
            be written.
    """
    source, location = Location(f"sqlite:///{file}", "sqlite", file.absolute()), locate(url)
    if not file.exists():
        raise UnknownBackup(f"There is no backup at {file}.", path=str(file))
    if location.path is not None and not location.path.exists():
        return _write(source, location.path, replace=False, progress=progress)
    with open_snapshot(source) as snapshot:
        EventLog.open(url).close()
        with open_target(location) as target:
            return copy_log(snapshot, target, progress)


def _write(source: Location, file: Path, *, replace: bool, progress: Progress | None) -> LogCopy:
    """Copy a log into a file that is made for it."""
    from palyra_events.store.sqlite_copy import new_file_target  # noqa: PLC0415 - its errors are this module's

    with open_snapshot(source) as snapshot, new_file(file, replace=replace) as partial:
        with new_file_target(partial) as target:
            written = copy_log(snapshot, target, _half(progress, 0))
        with open_snapshot(Location("", "sqlite", partial)) as copy:
            if survey(copy, _half(progress, 1)) != written:
                raise LogDamaged(f"What was written to {file} is not what was read.", path=str(file))
    return written


def _half(progress: Progress | None, before: int) -> Progress | None:
    """Return what to tell of the first or the second half of the work."""
    if progress is None:
        return None
    tell: Callable[[int, int], None] = progress
    return lambda done, total: tell(before * total + done, 2 * total)
