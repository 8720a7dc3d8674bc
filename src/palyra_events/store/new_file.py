"""A file that appears under its name when it is complete and on disk, and not before."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from palyra_events.errors import Conflict, DatabaseUnavailable, Unavailable
from palyra_events.store.faults import translating
from palyra_events.store.sqlite_file import FILE_MODE, FOLDER_MODE

#: what a file is called until it is complete
_SUFFIX = ".partial"
#: what SQLite puts beside a file that is open
_BESIDE = ("-journal", "-wal", "-shm")
#: a file system without hard links, as on some memory cards
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)


class FileExists(Conflict):
    """There is a file of this name already."""

    code = "FILE_EXISTS"
    advice = "Choose another name. A backup that nobody needs any more is replaced with --force."


class FileBusy(Unavailable):
    """Another process is writing this file."""

    code = "FILE_BUSY"
    advice = "Wait for it, or choose another name."


@contextmanager
def new_file(file: Path, *, replace: bool) -> Iterator[Path]:
    """Give the block an empty file to fill, which then takes its name; where the block raises, it is gone.

    Who is killed leaves at most ``FILE.partial``, which the next one sweeps away.

    Raises:
        FileExists: there is one of this name, and it is not to be replaced; or SQLite has it in use.
        FileBusy: another process is making it.
        DiskFull, DatabaseReadOnly, DatabaseUnavailable, StorageFailed: it cannot be written.
    """
    file = file.absolute()
    with translating():
        _make_folder(file.parent)
        _check_free(file, replace=replace)
        partial = file.with_name(file.name + _SUFFIX)
        descriptor = _take(partial)
        try:
            yield partial
            os.fsync(descriptor)
            _check_free(file, replace=replace)
            _publish(partial, file, replace=replace)
        finally:
            _sweep(partial, descriptor)
            os.close(descriptor)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise DatabaseUnavailable(f"{folder} is no folder.", path=str(folder)) from error


def _check_free(file: Path, *, replace: bool) -> None:
    if file.exists() and not replace:
        raise FileExists(f"There is a file at {file} already.", path=str(file))
    if Path(f"{file}-wal").exists():
        raise FileExists(f"{file} is a database that is in use.", path=str(file))


def _take(partial: Path) -> int:
    """Make the file, and keep others from it until it is closed; what a dead process left is swept away."""
    while True:
        descriptor = os.open(partial, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise FileBusy(f"Another process is writing {partial}.", path=str(partial)) from error
        if _is_named(partial, descriptor) and os.fstat(descriptor).st_size == 0:
            return descriptor
        # Its maker died, or has given it its name in the moment before it was locked here.
        _sweep(partial, descriptor)
        os.close(descriptor)


def _is_named(partial: Path, descriptor: int) -> bool:
    """Say whether the file that is locked still has this name."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), partial.stat())
    return False


def _sweep(partial: Path, descriptor: int) -> None:
    """Take the name away, if it is still that of the file that is locked; by now it may be another's."""
    if _is_named(partial, descriptor):
        for beside in _BESIDE:
            Path(f"{partial}{beside}").unlink(missing_ok=True)
        partial.unlink()


def _publish(partial: Path, file: Path, *, replace: bool) -> None:
    """Give the file its name, and let that be on disk as well."""
    if replace:
        partial.replace(file)
    else:
        _link(partial, file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _link(partial: Path, file: Path) -> None:
    try:
        os.link(partial, file)
    except FileExistsError as error:
        raise FileExists(f"There is a file at {file} already.", path=str(file)) from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        partial.rename(file)
