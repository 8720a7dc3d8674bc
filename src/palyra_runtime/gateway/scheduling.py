"""The service that schedules: it follows the log for as long as the gateway has the role."""

from __future__ import annotations

import logging
from collections.abc import Callable

from palyra_events.errors import StalePosition
from palyra_runtime.dispatch import Scheduler
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.strictness import Strictness
from palyra_runtime.gateway.tenure import Tenure
from projections import Projector

#: seconds after which the log is looked at although no bell rang
LOOK_ANYWAY_S = 5.0
#: times in a row that this scheduler may be overtaken while it has the role. Once is the last append of
#: one who died or lost the role; more often, somebody schedules who has no right to.
OVERTAKEN_MAX = 3

_log = logging.getLogger(__name__)


class SchedulerService:
    """Schedules what happens, while the role is held."""

    name = "scheduler"

    def __init__(self, projector: Projector, tenure: Tenure, open_scheduler: Callable[[], Scheduler]) -> None:
        self._projector = projector
        self._strictness = Strictness(projector)
        self._tenure = tenure
        self._open_scheduler = open_scheduler
        self._overtaken = 0

    def run(self, stop: Stop) -> None:
        """Follow the log, and begin anew with each tenure.

        Raises:
            StalePosition: another process schedules without having the role.
            ProjectionFailed: a decision view stands still, and scheduling with it.
        """
        while (number := self._tenure.wait(stop)) is not None:
            try:
                self._follow(stop, number)
            except StalePosition:
                self._overtaken += 1
                if self._overtaken > OVERTAKEN_MAX:
                    raise
                _log.warning("another scheduler was faster; this one goes on from where that one stands")

    def _follow(self, stop: Stop, number: int) -> None:
        scheduler = self._open_scheduler()
        while not stop.asked and self._tenure.is_current(number):
            seen = self._projector.log.head()
            self._strictness.check()
            scheduler.catch_up()
            self._overtaken = 0
            stop.sleep_until_event(seen, LOOK_ANYWAY_S)
