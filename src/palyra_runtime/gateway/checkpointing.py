"""The service that signs the head of the log, so that nobody can change what is before it unnoticed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from palyra_events.errors import Conflict, Findings
from palyra_events.store import EventLog
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.structured_log import fields
from palyra_runtime.gateway.tenure import Tenure

#: seconds without an event after which what has come is signed before its time
QUIET_S = 5.0
#: seconds between two tries where the log contradicts what was signed: only a person can mend that
ALARM_BACK_OFF_S = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckpointSchedule:
    """Seconds between two checkpoints, of a log that grows and of one that does not."""

    interval_s: float
    idle_s: float


class CheckpointService:
    """Signs while the role is held; what another gateway has signed meanwhile does no harm."""

    name = "checkpoints"

    def __init__(
        self, log: EventLog, tenure: Tenure, checkpoint: Callable[[], int], schedule: CheckpointSchedule
    ) -> None:
        self._event_log = log
        self._tenure = tenure
        self._checkpoint = checkpoint
        self._schedule = schedule
        self._signed = -1
        self._signed_at = monotonic()

    def run(self, stop: Stop) -> None:
        """Sign what was added, when no more comes or it is time, until the stop.

        Raises:
            Unavailable: database, folder or witness cannot be used at the moment.
        """
        while self._tenure.wait(stop) is not None:
            self._wait_until_due(stop)
            if stop.asked or self._tenure.wait(stop) is None:
                return
            try:
                self._signed = self._checkpoint()
            except (Conflict, Findings) as error:
                _log.critical(
                    "nothing is signed: %s", error.message, extra=fields(code=error.code, alarm=True)
                )
                stop.sleep(ALARM_BACK_OFF_S)
            self._signed_at = monotonic()

    def _wait_until_due(self, stop: Stop) -> None:
        idle_until = self._signed_at + self._schedule.idle_s
        while not stop.asked and not self._event_log.wait(self._signed, 0) and monotonic() < idle_until:
            stop.sleep_until_event(self._signed, idle_until - monotonic())
        due = self._signed_at + self._schedule.interval_s
        seen = self._event_log.head()
        while not stop.asked and monotonic() < due:
            stop.sleep_until_event(seen, min(QUIET_S, due - monotonic()))
            head = self._event_log.head()
            if head == seen:
                return
            seen = head
