"""The library's subscription, on the wake-ups of our stores.

The stock one has none for SQLite; on PostgreSQL it dies with its connection, and misses what is
committed between its first read and the moment it listens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

from palyra_events.store.bell import SLOW_POLL_S, Bell

#: events read at once
PAGE_SIZE = 500


class BelledRecorder(ApplicationRecorder):
    """A recorder that rings when it has recorded something."""

    bell: Bell


class LogSubscription(Subscription[BelledRecorder]):
    """Iterates over notifications for ever, without a thread of its own."""

    def __init__(self, recorder: BelledRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder, gt, topics)
        self._page: deque[Notification] = deque()

    def stop(self) -> None:
        """End the iteration, also from another thread."""
        super().stop()
        self._recorder.bell.ring()

    def __next__(self) -> Notification:
        """Return the next notification, waiting for it if need be."""
        while not self._page and not self._has_been_stopped:
            rings = self._recorder.bell.rings
            self._page.extend(self._pull())
            if not self._page and not self._has_been_stopped:
                self._recorder.bell.wait(rings, SLOW_POLL_S)
        if self._has_been_stopped:
            raise StopIteration
        return self._page.popleft()

    def _pull(self) -> Sequence[Notification]:
        page = self._recorder.select_notifications(
            self._last_notification_id, PAGE_SIZE, topics=self._topics, inclusive_of_start=False
        )
        if page:
            self._last_notification_id = page[-1].id
        return page
