"""The dispatcher: schedules what happened and carries out what is due, until nothing is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from palyra_events.delivery import DeliveryState
from palyra_events.store import EventLog
from palyra_runtime.dispatch.outbox import Outbox, OutboxReport
from palyra_runtime.dispatch.role import dispatcher_role
from palyra_runtime.dispatch.scheduler import Scheduler
from palyra_runtime.dispatch.worker import Worker
from palyra_runtime.runner import RunnerDisabled
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from projections import Views

#: deliveries that are looked up at once
_DUE_PAGE_SIZE = 100
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
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._log = log
        self._views = views
        self._scheduler = scheduler
        self._worker = worker
        self._outbox = outbox
        self._policy = policy
        self._now = now

    @contextmanager
    def role(self, *, wait_ms: int = ROLE_WAIT_MS) -> Iterator[None]:
        """Hold the dispatcher role while the block runs.

        Raises:
            DispatcherBusy: another process held it for longer than ``wait_ms``.
            RunnerDisabled: the policy lets nothing run.
        """
        if not self._policy.enabled:
            raise RunnerDisabled
        with dispatcher_role(self._engine, self._log, wait_ms=wait_ms):
            yield

    def drain(self) -> DrainReport:
        """Schedule and carry out all that is due now, and send what comes of it. Hold the role.

        Deliveries whose next attempt is later are left, and counted.
        """
        scheduler = self._scheduler()
        taken_over = self._worker.take_over()
        scheduled, ended = 0, Counter[DeliveryState | None]()
        while True:
            scheduled += scheduler.catch_up()
            due = self._views.due_deliveries(self._now(), _DUE_PAGE_SIZE)
            if not due:
                break
            ended.update(self._worker.carry_out(row) for row in due)
        self._worker.settle()
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
