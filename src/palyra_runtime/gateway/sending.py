"""The service that sends messages; only one gateway at a time does, so that each is sent once as a rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from palyra_runtime.dispatch import Outbox
from palyra_runtime.gateway.stop import Stop, seconds_until
from palyra_runtime.gateway.strictness import Strictness
from palyra_runtime.gateway.tenure import Tenure
from projections import Projector

#: seconds after which the outbox is looked at although nothing happened
LOOK_ANYWAY_S = 5.0
#: seconds that an event is left to scheduler and workers, which are not to be held up
LINGER_S = 0.1


class OutboxService:
    """Sends what is due, and sleeps until an event or the next try."""

    name = "outbox"

    def __init__(
        self, projector: Projector, tenure: Tenure, outbox: Outbox, now: Callable[[], datetime]
    ) -> None:
        self._projector = projector
        self._strictness = Strictness(projector)
        self._tenure = tenure
        self._outbox = outbox
        self._now = now

    def run(self, stop: Stop) -> None:
        """Send while the role is held.

        Raises:
            ProjectionFailed: a decision view stands still, and sending with it.
            Unavailable: the database cannot be used at the moment.
        """
        while (number := self._tenure.wait(stop)) is not None:
            seen = self._projector.log.head()
            self._strictness.check()
            self._outbox.send_due(lambda: self._goes_on(stop, number))
            stop.sleep_until_event(
                seen, seconds_until(self._outbox.next_try_at(), self._now(), LOOK_ANYWAY_S)
            )
            stop.sleep(LINGER_S)

    def _goes_on(self, stop: Stop, number: int) -> bool:
        return not stop.asked and self._tenure.is_current(number)
