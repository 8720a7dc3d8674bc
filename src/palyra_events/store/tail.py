"""Following the log: reading to its end, then waiting for more."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from threading import Event
from typing import Protocol, Self

from palyra_events.record import RecordedEvent

#: events read at once
PAGE_SIZE = 500
#: seconds of one wait; what ends a tail ends the wait, so this may be long
PATIENCE_S = 3600.0


class Growing(Protocol):
    """What a tail needs of a log."""

    def read(self, after: int, limit: int) -> list[RecordedEvent]:
        """Return the next events after a position."""
        ...

    def wait(self, after: int, timeout_s: float, stopped: Event) -> bool:
        """Wait for an event after a position."""
        ...

    def wake(self) -> None:
        """Let everybody who waits look again."""
        ...

    @property
    def closed(self) -> bool:
        """Whether nothing will come any more."""
        ...


class Tail(Iterator[RecordedEvent]):
    """The events of a log after a position, one by one, for ever; a context manager.

    It ends when it is closed, or its log is. An error does not end it: asking again goes on
    at the same place, so a consumer may outlive a database that is away for a while.
    """

    def __init__(self, log: Growing, after: int) -> None:
        self._log = log
        self._last = after
        self._page: deque[RecordedEvent] = deque()
        self._stopped = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the iteration, also from another thread."""
        self._stopped.set()
        self._log.wake()

    def __next__(self) -> RecordedEvent:
        while not self._page:
            if self._stopped.is_set() or self._log.closed:
                raise StopIteration
            if self._log.wait(self._last, PATIENCE_S, self._stopped):
                self._page.extend(self._log.read(self._last, PAGE_SIZE))
        if self._stopped.is_set():
            raise StopIteration
        event = self._page.popleft()
        self._last = event.position
        return event
