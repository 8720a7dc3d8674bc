"""Tells when somebody writes to a file, without looking at it again and again (Linux, inotify(7))."""

from __future__ import annotations

import ctypes
import os
import select
from pathlib import Path
from typing import Self

#: <sys/inotify.h>
_IN_MODIFY = 0x2
#: bytes of notices that are read at once; what they say does not matter
_NOTICES = 64 * 1024
_MS_PER_S = 1000


class FileWatch:
    """Sleeps until a file is written to. A notice too many is harmless, and so is one for our own writing."""

    def __init__(self, notices: int) -> None:
        self._notices = notices
        self._interrupt = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(notices, select.POLLIN)
        self._poll.register(self._interrupt, select.POLLIN)

    @classmethod
    def open(cls, path: Path) -> Self | None:
        """Watch a file; None where the file is not there, or the system gives no watch."""
        library = ctypes.CDLL(None)
        notices = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if notices < 0:
            return None
        if library.inotify_add_watch(notices, os.fsencode(path), _IN_MODIFY) < 0:
            os.close(notices)
            return None
        return cls(notices)

    def wait(self, seconds: float) -> bool:
        """Return True as soon as the file was written to, False after so many seconds or an interrupt."""
        ready = {descriptor for descriptor, _ in self._poll.poll(seconds * _MS_PER_S)}
        if self._notices not in ready:
            return False
        os.read(self._notices, _NOTICES)
        return True

    def interrupt(self) -> None:
        """End the wait, and all that follow."""
        os.eventfd_write(self._interrupt, 1)

    def close(self) -> None:
        """Watch no longer."""
        os.close(self._notices)
        os.close(self._interrupt)
