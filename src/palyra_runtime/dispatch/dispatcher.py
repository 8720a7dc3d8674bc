"""The dispatcher: schedules what happened and carries out what is due, until nothing is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from palyra_events.delivery import DeliveryState
from palyra_events.store import EventLog
from palyra_runtime.dispatch.holder import Holder
from palyra_runtime.dispatch.outbox import Outbox, OutboxReport
from palyra_runtime.dispatch.role import DispatcherRole, dispatcher_role
from palyra_runtime.dispatch.scheduler import Scheduler
from palyra_runtime.dispatch.worker import Worker
from palyra_runtime.runner import RunnerDisabled
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from projections import Views

#: attempts of one thread between two looks at what is to be scheduled
_ATTEMPTS_PER_LOOK = 100
#: seconds between two looks at what others are carrying out; the log wakes whoever waits for it
_LOOK_AGAIN_S = 0.25
#: milliseconds that a drain waits for another dispatcher to end
ROLE_WAIT_MS = 30_000


@dataclass(frozen=True, slots=True)
class DrainReport:
    """What a drain did, and what it left: deliveries that wait for their next attempt.

    The attempts it made ended ``succeeded``, ``retrying``, ``dead`` or ``skipped``; ``taken_over``
    counts the attempts that a dead worker had begun. ``messages`` tells of those that plugins sent.
    """

    scheduled: int
    succeeded: int
    retrying: int
    dead: int
    skipped: int
    taken_over: int
    waiting: int
    next_retry_at: datetime | None
    messages: OutboxReport


class Dispatcher:
    """Scheduler, worker and outbox behind one role."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        engine: Engine,
        log: EventLog,
        views: Views,
        scheduler: Callable[[], Scheduler],
        worker: Worker,
        outbox: Outbox,
        policy: WasmPluginRunnerPolicy,
        workers: int = 1,
    ) -> None:
        self._engine = engine
        self._log = log
        self._views = views
        self._scheduler = scheduler
        self._worker = worker
        self._outbox = outbox
        self._policy = policy
        self._workers = workers

    def check_enabled(self) -> None:
        """Check that plugins may run at all.

        Raises:
            RunnerDisabled: the policy lets nothing run.
        """
        if not self._policy.enabled:
            raise RunnerDisabled

    @contextmanager
    def role(self, *, wait_ms: int = ROLE_WAIT_MS, holder: Holder | None = None) -> Iterator[DispatcherRole]:
        """Hold the dispatcher role while the block runs; ``holder`` is who does, by default a drain.

        Raises:
            DispatcherBusy: another process held it for longer than ``wait_ms``.
            RunnerDisabled: the policy lets nothing run.
        """
        self.check_enabled()
        with dispatcher_role(self._engine, self._log, wait_ms=wait_ms, holder=holder) as role:
            yield role

    def drain(self) -> DrainReport:
        """Schedule and carry out all that is due now, and send what comes of it. Hold the role.

        What other workers are carrying out is waited for, and carried out here if they die. Deliveries
        whose next attempt is later are left, and counted.
        """
        scheduler = self._scheduler()
        taken_over = self._worker.take_over()
        scheduled, ended = 0, Counter[DeliveryState | None]()
        while True:
            head = self._log.head()
            scheduled += scheduler.catch_up()
            attempted = self._carry_out_due()
            ended.update(attempted)
            if not attempted and not self._worker.due_elsewhere():
                break
            if not attempted:
                self._log.wait(head, _LOOK_AGAIN_S)
        return DrainReport(
            scheduled=scheduled,
            succeeded=ended[DeliveryState.SUCCEEDED],
            retrying=ended[DeliveryState.RETRYING],
            dead=ended[DeliveryState.DEAD],
            skipped=ended[DeliveryState.SKIPPED],
            taken_over=taken_over,
            waiting=self._views.open_deliveries(),
            next_retry_at=self._views.next_retry_at(),
            messages=self._outbox.send_due(),
        )

    def _carry_out_due(self) -> Counter[DeliveryState | None]:
        """Carry out what is due, in as many threads as there are workers, and count how it ended."""
        if self._workers == 1:
            return self._work()
        with ThreadPoolExecutor(self._workers, "palyra-worker") as pool:
            try:
                return sum(
                    (done.result() for done in [pool.submit(self._work) for _ in range(self._workers)]),
                    Counter[DeliveryState | None](),
                )
            except BaseException:
                self._worker.stop()
                raise

    def _work(self) -> Counter[DeliveryState | None]:
        ended = Counter[DeliveryState | None]()
        while ended.total() < _ATTEMPTS_PER_LOOK and (attempted := self._worker.attempt_some()):
            ended.update(each.state for each in attempted)
        return ended
