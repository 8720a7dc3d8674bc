"""The folder of the checkpoints: outside the database, so that who changes that has not changed this."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from palyra_runtime.ledger.errors import CheckpointsUnusable

#: the number of events, so that names sort as trees grow
_NAME = re.compile(r"([0-9]{19})\.checkpoint")
_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class CheckpointFolder:
    """One file per size of the tree; a later checkpoint of the same size takes the place of the earlier.

    Whoever signs holds the folder's lock, so that one reads what the other has written.
    """

    path: Path

    def sizes(self) -> list[int]:
        """Return the sizes there are checkpoints of, in order; none where there is no folder.

        Raises:
            CheckpointsUnusable: the folder cannot be read.
        """
        with self._usable():
            names = [each.name for each in self.path.iterdir()] if self.path.exists() else []
        return sorted(int(found[1]) for found in map(_NAME.fullmatch, names) if found)

    def read(self, size: int) -> bytes:
        """Return the note of a size, unchecked.

        Raises:
            CheckpointsUnusable: it cannot be read.
        """
        with self._usable():
            return self.file(size).read_bytes()

    def write(self, size: int, note: bytes) -> None:
        """Keep a note, durably and as a whole.

        Raises:
            CheckpointsUnusable: it cannot be written.
        """
        draft = self.path / f".{size}.{os.getpid()}"
        with self._usable():
            with draft.open("wb") as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.file(size))
            self._sync()

    def file(self, size: int) -> Path:
        """Return the file of a size."""
        return self.path / f"{size:019d}.checkpoint"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder where it is missing, and hold its lock; the system frees it with the process.

        Raises:
            CheckpointsUnusable: the folder cannot be made, or written.
        """
        with self._usable():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with self._usable():
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _sync(self) -> None:
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CheckpointsUnusable(
                f"{self.path} cannot be used: {error.strerror}.", path=str(self.path)
            ) from error
