"""The service that carries out deliveries, one after the other; a gateway has several of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from palyra_runtime.dispatch import Worker
from palyra_runtime.gateway.lookout import Lookout
from palyra_runtime.gateway.stop import Stop, seconds_until
from palyra_runtime.gateway.strictness import Strictness
from projections import Projector, Views

#: seconds after which a worker looks for deliveries although nothing happened: a lease may have expired
LOOK_ANYWAY_S = 5.0
#: the same where something is due that others are at: they give a lease back without an event
LOOK_ELSEWHERE_S = 0.25


class WorkerService:
    """Carries out what is due; the one on the lookout sleeps until an event or the next attempt."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        number: int,
        lookout: Lookout,
        projector: Projector,
        views: Views,
        worker: Worker,
        now: Callable[[], datetime],
    ) -> None:
        self.name = f"worker-{number}"
        self._lookout = lookout
        self._projector = projector
        self._strictness = Strictness(projector)
        self._views = views
        self._worker = worker
        self._now = now

    def run(self, stop: Stop) -> None:
        """Carry out deliveries until the stop, and finish the one at hand.

        Raises:
            ProjectionFailed: a decision view stands still, and dispatch with it.
            Unavailable: the database or the sandbox cannot be used at the moment.
        """
        seen = 0
        while self._lookout.enter(stop):
            with ExitStack() as on_lookout:
                on_lookout.callback(self._lookout.leave)
                self._strictness.check()
                # With something to do, somebody else is to look for more at once.
                if self._worker.work(begun=on_lookout.close):
                    seen = 0
                else:
                    stop.sleep_until_event(seen, self._patience() if seen else 0)
                    # Where nothing is found after this, nothing has come up to here.
                    seen = self._projector.log.head()

    def _patience(self) -> float:
        if self._worker.due_elsewhere():
            return LOOK_ELSEWHERE_S
        now = self._now()
        return seconds_until(self._views.as_is.next_retry_at(now), now, LOOK_ANYWAY_S)
