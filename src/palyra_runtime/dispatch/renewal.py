"""The thread that keeps leases alive while guests run: one for each process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread

from palyra_events.errors import Unavailable

_log = logging.getLogger(__name__)


class Renewal:
    """Calls ``renew`` again and again, from the first lease on until it is closed."""

    def __init__(self, renew: Callable[[], object], *, interval_s: float) -> None:
        self._renew = renew
        self._interval_s = interval_s
        self._closing = Event()
        self._lock = Lock()
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Start the thread, unless it runs. A process that never takes a lease has none."""
        with self._lock:
            if self._thread is None and not self._closing.is_set():
                self._thread = Thread(target=self._run, name="palyra-leases", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread. Safe to repeat."""
        self._closing.set()
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while not self._closing.wait(self._interval_s):
            try:
                self._renew()
            except Unavailable as error:
                # Whoever waits for the database longer than a lease lasts loses it, and is told at the
                # end; until then the next try may come in time.
                _log.warning("the leases of running attempts were not renewed: %s", error.message)
