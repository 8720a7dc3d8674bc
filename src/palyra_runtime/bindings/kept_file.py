"""A file that one program keeps and others read: it is replaced at once, and never half written.

Whoever writes holds a lock beside it and looks at the world under that lock, so of two processes the one
that saw more writes last. What somebody else put into its place is not lost: it is set aside.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
#: hexadecimal digits of a digest that tell files of one name apart
_DIGITS = 12


class KeptFile:
    """A file of this program, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, content: Callable[[], bytes]) -> None:
        """Let the file have this content, which is asked for once nobody else can write.

        Raises:
            OSError: it cannot be written; it is as it was.
        """
        self._path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        with self._locked() as note:
            wanted, found = content(), self._read()
            if found != wanted:
                self._set_aside(found, os.pread(note, hashlib.sha256().digest_size * 2, 0))
                _replace(self._path, wanted)
                os.pwrite(note, _digest(wanted), 0)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Hold the writers' lock, a file that notes the digest of what was written last.

        The kernel frees it when the process ends.
        """
        note = os.open(
            f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, _FILE_MODE
        )
        try:
            fcntl.flock(note, fcntl.LOCK_EX)
            yield note
        finally:
            os.close(note)

    def _read(self) -> bytes | None:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None

    def _set_aside(self, found: bytes | None, noted: bytes) -> None:
        """Keep what is there under another name, unless it is what was written last."""
        if found is not None and _digest(found) != noted:
            name = f"{self._path.stem}.{_digest(found).decode()[:_DIGITS]}{self._path.suffix}"
            _replace(self._path.with_name(name), found)


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, sync, and take its name: after a crash it is the old one or the new one."""
    new = path.with_name(f"{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(new, flags, _FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
