"""The service that does something at regular intervals: an audit made again, old records dropped."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.tenure import Tenure


class RegularService:
    """Does its work while the role is held, so that one gateway of many does it; first after one interval."""

    def __init__(self, name: str, tenure: Tenure, work: Callable[[], object], interval_s: float) -> None:
        self.name = name
        self._tenure = tenure
        self._work = work
        self._interval_s = interval_s
        self._due = monotonic() + interval_s

    def run(self, stop: Stop) -> None:
        """Work whenever it is time, until the stop.

        Raises:
            Unavailable: the database cannot be used at the moment; it is made up for as soon as it can.
        """
        while not stop.asked:
            stop.sleep(self._due - monotonic())
            if monotonic() >= self._due and self._tenure.wait(stop) is not None:
                self._work()
                self._due = monotonic() + self._interval_s
