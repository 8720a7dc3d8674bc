"""The end of a gateway's run: asked for once, and noticed by all that sleep."""

from __future__ import annotations

from datetime import datetime
from threading import Event

from palyra_events.gateway import StopCause
from palyra_events.store import EventLog


class Stop:
    """What ends the services of a gateway. They sleep on it, so that they end at once."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._asked = Event()
        self.cause: StopCause = "request"

    @property
    def asked(self) -> bool:
        """Whether it is time to stop."""
        return self._asked.is_set()

    def ask(self, cause: StopCause) -> None:
        """Ask all services to stop; the first cause is the one that is recorded."""
        if not self.asked:
            self.cause = cause
            self._asked.set()
        self._log.wake()

    def sleep(self, seconds: float) -> None:
        """Sleep for so long, or until the stop."""
        self._asked.wait(seconds)

    def sleep_until_event(self, after: int, seconds: float) -> None:
        """Sleep until there is an event after a position, for so long at the most, or until the stop.

        Raises:
            DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: the log cannot be read.
        """
        self._log.wait(after, seconds, self._asked)

    def wait(self) -> None:
        """Sleep until the stop."""
        self._asked.wait()


def seconds_until(moment: datetime | None, now: datetime, at_most: float) -> float:
    """Return how long to sleep for what is due at ``moment``, if anything is."""
    return at_most if moment is None else min((moment - now).total_seconds(), at_most)
