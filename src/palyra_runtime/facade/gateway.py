"""What an operator does with a gateway: run it, stop it, and see which ones ran and how they ended."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from palyra_events.application import Application, Intent
from palyra_events.event import Event
from palyra_events.gateway import GatewayStarted, GatewayStopped, StopCause
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_runtime.dispatch import (
    Dispatcher,
    DrainReport,
    Holder,
    Leases,
    Scheduler,
    Standing,
    busy,
)
from palyra_runtime.facade.page import PageOutOfRange
from palyra_runtime.gateway import (
    GATEWAY,
    GatewayParts,
    GatewayReport,
    GatewayRun,
    Service,
    stopped_by_signals,
)

#: of a run without a stop that is not up: it was killed, or its machine was
RunState: TypeAlias = Literal["up", "stopped", "ended without stopping"]

#: runs of a listing, unless more are asked for
RUNS_DEFAULT = 5
#: runs of a listing, however many are asked for: each is read event by event
RUNS_MAX = 1_000
#: events of gateways that are looked at for one run: its start, its stop, and as much again for luck
_EVENTS_PER_RUN = 4


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of a gateway; ``pid``, ``address`` and ``port`` are known while it is up.

    ``address`` is the machine that it is on, None where that is the database's, and ``port`` the one that it
    serves, None where it serves nothing.
    """

    gateway_id: str
    state: RunState
    version: str
    started_at: datetime
    started_position: int
    stopped_at: datetime | None
    cause: StopCause | None
    pid: int | None
    address: str | None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class ConsumerRow:
    """How far a consumer of the log has come; ``lag`` is how many events it has not dealt with."""

    name: str
    position: int
    lag: int


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A delivery, or a tool run, that is being carried out; ``expires_ms`` is until others may take over."""

    key: str
    plugin_id: str
    delivery_id: str | None
    attempt: int | None
    owner: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """What gateways are doing; ``role`` is who schedules at this moment."""

    head: int
    role: Holder | None
    runs: Sequence[RunRow]
    consumers: Sequence[ConsumerRow]
    leases: Sequence[LeaseRow]
    deliveries_open: int
    next_retry_at: datetime | None
    messages_waiting: int


class Gateway:
    """A gateway over this log."""

    def __init__(
        self,
        *,
        dispatcher: Dispatcher,
        application: Application,
        parts: GatewayParts,
        leases: Leases,
        gateways_up: Callable[[], Sequence[Holder]],
    ) -> None:
        self._dispatcher = dispatcher
        self._application = application
        self._parts = parts
        self._leases = leases
        self._gateways_up = gateways_up
        self._running: GatewayRun | None = None

    def run(self, services: Sequence[Service] = (), *, port: int | None = None) -> GatewayReport:
        """Run a gateway until a signal, or `stop`, ends it; with ``services`` of yours beside its own.

        ``port`` is the one that they serve, which `status` tells. In the main thread SIGTERM and SIGINT are
        heard while it runs; the second one ends the process.

        Raises:
            RunnerDisabled: the policy lets nothing run.
            DispatcherBusy: another gateway runs over this SQLite file; the message names it.
            PalyraError: it cannot go on. What is only in the way for a while is waited for.
        """
        run = self._running = GatewayRun(self._parts, services, port=port)
        try:
            with stopped_by_signals(run.stop):
                return run.run()
        finally:
            self._running = None

    def check_alone(self) -> None:
        """Check that no gateway of another process runs over this SQLite file.

        Raises:
            DispatcherBusy: one does; the message names it.
        """
        holder = None if self._parts.log.path is None else self._parts.role_holder()
        if holder is not None and holder.part == "gateway":
            raise busy(holder)

    def stop(self) -> None:
        """Ask a gateway in another thread of this program to stop; it finishes what it has begun."""
        if self._running is not None:
            self._running.stop.ask("request")

    def run_once(self) -> DrainReport:
        """Start, carry out all that is due, and stop; the startup hooks are among it.

        Raises:
            DispatcherBusy: another gateway runs over this log.
            RunnerDisabled: the policy lets nothing run.
        """
        holder = Holder(part="gateway", pid=os.getpid(), since=self._parts.now())
        with self._dispatcher.role(holder=holder) as role:
            gateway_id, _ = self._application.start_gateway(self._parts.version, Intent(GATEWAY))
            role.introduce(holder.model_copy(update={"gateway_id": gateway_id}))
            report = self._dispatcher.drain()
            self._application.stop_gateway(gateway_id, "drained", Intent(GATEWAY))
            return report

    def status(self, *, runs: int = RUNS_DEFAULT) -> GatewayStatus:
        """Return what gateways do, and the last ``runs`` of them.

        Raises:
            PageOutOfRange: so many runs are not told at once.
        """
        if not 0 <= runs <= RUNS_MAX:
            raise PageOutOfRange(f"{runs} is no number of runs up to {RUNS_MAX}.")
        views = self._parts.views
        return GatewayStatus(
            head=self._parts.log.head(),
            role=self._parts.role_holder(),
            runs=self._runs(runs),
            consumers=self._consumers(),
            leases=[_lease_row(each) for each in self._leases.standing()],
            deliveries_open=views.open_deliveries(),
            next_retry_at=views.next_retry_at(),
            messages_waiting=views.waiting_messages(),
        )

    def _runs(self, limit: int) -> list[RunRow]:
        """Return the last runs, the newest first."""
        rows = self._parts.views.audit(
            subject_kind="gateway", limit=limit * _EVENTS_PER_RUN, newest_first=True
        )
        events = [(row.position, _event(self._parts.log, row.position)) for row in rows]
        stops = {event.gateway_id: event for _, event in events if isinstance(event, GatewayStopped)}
        up = {holder.gateway_id: holder for holder in self._gateways_up()}
        started = [(position, event) for position, event in events if isinstance(event, GatewayStarted)]
        return [
            _run_row(position, event, stops.get(event.gateway_id), up.get(event.gateway_id))
            for position, event in started[:limit]
        ]

    def _consumers(self) -> list[ConsumerRow]:
        log, views = self._parts.log, self._parts.views
        scheduler: Scheduler = self._parts.open_scheduler()
        head = log.head()
        position = scheduler.position if scheduler.is_behind(head) else head
        folded = [(row.name, row.position) for row in views.status() if row.state == "live"]
        return [ConsumerRow(name, at, max(0, head - at)) for name, at in [("scheduler", position), *folded]]


def _event(log: EventLog, position: int) -> Event:
    (row,) = log.read(position - 1, 1)
    return REGISTRY.decode(row.topic, row.state)


def _run_row(
    position: int, started: GatewayStarted, stopped: GatewayStopped | None, up: Holder | None
) -> RunRow:
    ended: RunState = "up" if up is not None else "ended without stopping"
    return RunRow(
        gateway_id=started.gateway_id,
        state=ended if stopped is None else "stopped",
        version=started.version,
        started_at=started.timestamp,
        started_position=position,
        stopped_at=stopped.timestamp if stopped is not None else None,
        cause=stopped.cause if stopped is not None else None,
        pid=up.pid if up is not None else None,
        address=up.address if up is not None else None,
        port=up.port if up is not None else None,
    )


def _lease_row(standing: Standing) -> LeaseRow:
    lease = standing.lease
    return LeaseRow(
        key=lease.key,
        plugin_id=lease.plugin_id,
        delivery_id=lease.delivery_id,
        attempt=lease.attempt,
        owner=standing.owner,
        expires_ms=standing.until - standing.now,
    )
