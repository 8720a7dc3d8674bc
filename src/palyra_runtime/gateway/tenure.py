"""The scheduler role of a gateway: got, lost with its session, got again; or held by another gateway."""

from __future__ import annotations

import logging
from threading import Event

from palyra_events.errors import Unavailable
from palyra_runtime.dispatch import DispatcherRole
from palyra_runtime.gateway.stop import Stop

#: seconds between two looks: at whether the role is still ours, or is free by now
LOOK_S = 1.0
#: seconds of one wait for the role, by who needs it
_PATIENCE_S = 0.5

_log = logging.getLogger(__name__)


class Tenure:
    """Keeps the role, or stands by for it, and tells the services that need it.

    Each time that it is got has a number: who began under another one begins anew.
    """

    name = "role"

    def __init__(self, role: DispatcherRole) -> None:
        self._role = role
        self._held = Event()
        self._number = 0

    def take(self) -> bool:
        """Try to get the role, and say whether it is held.

        Raises:
            DatabaseUnavailable: the server cannot be reached.
        """
        if not self._held.is_set() and self._role.take():
            self._number += 1
            self._held.set()
            _log.info("this gateway schedules")
        return self._held.is_set()

    def run(self, stop: Stop) -> None:
        """Look at the role from time to time.

        Raises:
            DatabaseUnavailable: its session is gone; whoever has the role now, it is not this gateway.
        """
        stands_by = False
        while not stop.asked:
            try:
                held = self.take()
                self._role.check()
            except Unavailable:
                self._lose()
                raise
            if not held and not stands_by:
                _log.info("another gateway schedules; this one stands by")
            stands_by = not held
            stop.sleep(LOOK_S)

    def wait(self, stop: Stop) -> int | None:
        """Wait until the role is held and return the number of the tenure, None at the stop."""
        while not stop.asked:
            if self._held.wait(_PATIENCE_S):
                return self._number
        return None

    def is_current(self, number: int) -> bool:
        """Say whether this tenure has not ended."""
        return self._held.is_set() and self._number == number

    def _lose(self) -> None:
        if self._held.is_set():
            self._held.clear()
            _log.warning("the scheduler role was lost with its session")
