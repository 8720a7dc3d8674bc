"""What wakes those who wait for the log to grow.

A ring is a hint: who is woken reads the log. So a ring too many costs one query, and a ring that got
lost costs a slow poll. A ring of this process tells the position that it reached, which saves asking.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from threading import Condition, Event, Thread

#: seconds after which who waits looks at the log although no bell rang
SLOW_POLL_S = 1.0


class Bell(ABC):
    """Rings when the log has grown, in this process at once, for other processes by a watcher.

    The watcher is a thread that begins with the first wait and ends with `close`.
    """

    def __init__(self) -> None:
        self.rings = 0
        #: the newest position that a ring told of
        self.head = 0
        self.closing = Event()
        self._changed = Condition()
        self._waiters = 0
        self._watcher: Thread | None = None

    def ring(self, head: int = 0) -> None:
        """Wake everybody who waits; ``head`` is a position that was committed, if one is known."""
        with self._changed:
            self.rings += 1
            self.head = max(self.head, head)
            self._changed.notify_all()

    def wait(self, rings: int, timeout_s: float) -> bool:
        """Wait until the bell has rung more than ``rings`` times; False after ``timeout_s`` or when closed.

        Read `rings` first, then the log, then wait: so nothing falls in between.
        """
        with self._changed:
            self._start()
            self._waiters += 1
            self._changed.notify_all()
            try:
                woken = self._changed.wait_for(lambda: self.rings > rings or self.closing.is_set(), timeout_s)
            finally:
                self._waiters -= 1
        return woken and not self.closing.is_set()

    def close(self) -> None:
        """Send everybody home and end the watcher."""
        self.closing.set()
        self.ring()
        self._interrupt()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None

    def wait_for_waiters(self) -> bool:
        """Block the watcher while nobody waits; False once the bell is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiters or self.closing.is_set())
        return not self.closing.is_set()

    def _start(self) -> None:
        if self._watcher is None and not self.closing.is_set():
            self._watcher = Thread(target=self._watch, name="palyra-log-watcher", daemon=True)
            self._watcher.start()

    @abstractmethod
    def _watch(self) -> None:
        """Ring for what other processes append, until the bell is closed."""

    @abstractmethod
    def _interrupt(self) -> None:
        """Wake the watcher out of whatever it is blocked in."""
