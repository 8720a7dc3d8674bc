"""The service that audits enabled releases again: rules and trust change while a release stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.tenure import Tenure


class ReauditService:
    """Audits at regular intervals, while the role is held; for the first time after one interval."""

    name = "re-audit"

    def __init__(self, tenure: Tenure, reaudit: Callable[[], object], interval_s: float) -> None:
        self._tenure = tenure
        self._reaudit = reaudit
        self._interval_s = interval_s
        self._due = monotonic() + interval_s

    def run(self, stop: Stop) -> None:
        """Audit whenever it is time, until the stop.

        Raises:
            Unavailable: the database cannot be used at the moment; the audit is made as soon as it can.
        """
        while not stop.asked:
            stop.sleep(self._due - monotonic())
            if monotonic() >= self._due and self._tenure.wait(stop) is not None:
                self._reaudit()
                self._due = monotonic() + self._interval_s
