"""One run of a gateway: up, at work, and down again, with an event at either end."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from palyra_events.application import Application, Intent
from palyra_events.errors import Unavailable
from palyra_events.gateway import StopCause
from palyra_events.store import EventLog
from palyra_runtime.dispatch import (
    DispatcherRole,
    Holder,
    Outbox,
    RunnerDisabled,
    Scheduler,
    Worker,
    busy,
)
from palyra_runtime.gateway.checkpointing import CheckpointSchedule, CheckpointService
from palyra_runtime.gateway.folding import ProjectorService
from palyra_runtime.gateway.lookout import Lookout
from palyra_runtime.gateway.rebuilding import RebuildService
from palyra_runtime.gateway.regular import RegularService
from palyra_runtime.gateway.scheduling import SchedulerService
from palyra_runtime.gateway.sending import OutboxService
from palyra_runtime.gateway.service import Service
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.structured_log import fields
from palyra_runtime.gateway.supervisor import Supervisor
from palyra_runtime.gateway.tenure import Tenure
from palyra_runtime.gateway.working import WorkerService
from projections import Projector, Views

#: who a gateway's own events are by
GATEWAY = "system:gateway"

#: seconds that a gateway waits on SQLite for another one that is about to end, and for a drain
_GATEWAY_WAIT_S, _DRAIN_WAIT_S = 0.5, 30.0
#: seconds between two looks at a role that somebody else holds
_LOOK_AGAIN_S = 0.05

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GatewayParts:
    """What a gateway is made of; wired in one place.

    ``reaudit_interval_s`` of 0 means that no release is audited again, ``prune_interval_s`` of 0
    that nothing is dropped. With ``rebuilds_changed_views``, those that other code has made are built anew.
    ``grace_s`` is how long what is being done at the stop may take.
    """

    log: EventLog
    projector: Projector
    fold: Callable[[], int]
    views: Views
    application: Application
    open_role: Callable[[Holder], DispatcherRole]
    role_holder: Callable[[], Holder | None]
    open_scheduler: Callable[[], Scheduler]
    open_worker: Callable[[], Worker]
    worker_count: int
    outbox: Outbox
    warm_up: Callable[[], object]
    reaudit: Callable[[], object]
    prune: Callable[[], object]
    checkpoint: Callable[[], int]
    now: Callable[[], datetime]
    version: str
    is_enabled: bool
    reaudit_interval_s: float
    prune_interval_s: float
    rebuilds_changed_views: bool
    grace_s: float
    checkpoints: CheckpointSchedule


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """A run that is over; ``unfinished`` are the services that did not end within the grace."""

    gateway_id: str
    cause: StopCause
    unfinished: tuple[str, ...] = ()


class GatewayRun:
    """A gateway that is to run once, from its start to its stop, with ``others`` beside its own services.

    ``port`` is where one of those is asked, for people to be told.
    """

    def __init__(
        self, parts: GatewayParts, others: Sequence[Service] = (), *, port: int | None = None
    ) -> None:
        self._parts = parts
        self._others = others
        self._port = port
        self._since = parts.now()
        self._role = parts.open_role(self._holder())
        self._tenure = Tenure(self._role)
        self.stop = Stop(parts.log)

    def run(self) -> GatewayReport:
        """Start, work until the stop is asked for, and stop.

        Raises:
            RunnerDisabled: the policy lets nothing run.
            DispatcherBusy: another gateway runs over this SQLite file.
            PalyraError: what a service failed with for good.
            DatabaseUnavailable: the stop cannot be recorded.
        """
        if not self._parts.is_enabled:
            raise RunnerDisabled
        with closing(self._role):
            self._take_role()
            self._parts.warm_up()
            worker = self._parts.open_worker()
            worker.take_over()
            gateway_id, _ = self._parts.application.start_gateway(self._parts.version, Intent(GATEWAY))
            self._role.introduce(self._holder(gateway_id))
            return self._work(gateway_id, worker)

    def _work(self, gateway_id: str, worker: Worker) -> GatewayReport:
        supervisor = Supervisor(self._services(worker), self.stop)
        supervisor.start()
        _log.info(
            "gateway %s is up: %d workers, %s",
            *(gateway_id, self._parts.worker_count, self._parts.log.dialect),
            extra=fields(gateway_id=gateway_id, pid=os.getpid(), version=self._parts.version),
        )
        self.stop.wait()
        _log.info("gateway %s stops (%s)", gateway_id, self.stop.cause, extra=fields(gateway_id=gateway_id))
        unfinished = supervisor.join(self._parts.grace_s)
        try:
            self._end(gateway_id, worker, unfinished)
        except Unavailable as error:
            _log.error("the stop of gateway %s was not recorded: %s", gateway_id, error.message)
            raise supervisor.error or error from error
        if supervisor.error is not None:
            raise supervisor.error
        return GatewayReport(gateway_id, self.stop.cause, tuple(unfinished))

    def _services(self, worker: Worker) -> list[Service]:
        parts, tenure, lookout = self._parts, self._tenure, Lookout()
        workers = [
            WorkerService(
                number=number,
                lookout=lookout,
                projector=parts.projector,
                views=parts.views,
                worker=worker,
                now=parts.now,
            )
            for number in range(1, parts.worker_count + 1)
        ]
        services: list[Service] = [
            tenure,
            SchedulerService(parts.projector, tenure, parts.open_scheduler),
            *workers,
            OutboxService(parts.projector, tenure, parts.outbox, parts.now),
            ProjectorService(parts.fold),
            *self._others,
        ]
        if parts.rebuilds_changed_views:
            services.append(RebuildService(parts.projector))
        if parts.checkpoints.interval_s:
            services.append(CheckpointService(parts.log, tenure, parts.checkpoint, parts.checkpoints))
        if parts.reaudit_interval_s:
            services.append(RegularService("re-audit", tenure, parts.reaudit, parts.reaudit_interval_s))
        if parts.prune_interval_s:
            services.append(RegularService("retention", tenure, parts.prune, parts.prune_interval_s))
        return services

    def _take_role(self) -> None:
        """Get the role; on PostgreSQL a gateway that cannot stands by and works all the same."""
        begun = monotonic()
        while not self._tenure.take() and self._parts.log.path is not None:
            holder = self._parts.role_holder()
            is_drain = holder is not None and holder.part == "drain"
            wait_s = _DRAIN_WAIT_S if is_drain else _GATEWAY_WAIT_S
            if self.stop.asked or monotonic() - begun > wait_s:
                raise busy(holder)
            self.stop.sleep(_LOOK_AGAIN_S)

    def _end(self, gateway_id: str, worker: Worker, unfinished: Sequence[str]) -> None:
        """Give back what nobody carries out any more, so that others need not wait, and record the stop."""
        for name in unfinished:
            _log.warning("%s did not end within %.0f s", name, self._parts.grace_s)
        worker.hand_back()
        self._parts.application.stop_gateway(gateway_id, self.stop.cause, Intent(GATEWAY))

    def _holder(self, gateway_id: str | None = None) -> Holder:
        return Holder(
            part="gateway", pid=os.getpid(), since=self._since, gateway_id=gateway_id, port=self._port
        )
