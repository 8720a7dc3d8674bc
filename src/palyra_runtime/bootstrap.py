"""The composition root: the one place that wires objects, and the face that they have for programs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from palyra_events.application import Application
from palyra_events.delivery import DeliveryState
from palyra_events.store import EventLog
from palyra_runtime import clock, sandbox
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities import HostBroker
from palyra_runtime.config import read_config, read_policy
from palyra_runtime.dispatch import Dispatcher, Leases, Scheduler, Worker
from palyra_runtime.facade import (
    AuditTrail,
    Deliveries,
    DeliveryDetail,
    Dispatch,
    Events,
    Gateway,
    Hooks,
    Plugins,
    Skills,
    Upkeep,
)
from palyra_runtime.skills import AuditPolicy
from palyra_runtime.version import VERSION
from projections import DeliveryRow, Projector, Views, open_engine


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What comes from outside and a test can replace: time, randomness and the policies."""

    now: clock.Clock = clock.now
    entropy: clock.Entropy = clock.entropy
    policy: sandbox.WasmPluginRunnerPolicy = field(default_factory=sandbox.WasmPluginRunnerPolicy)
    audit_policy: AuditPolicy = field(default_factory=AuditPolicy)


class Palyra:
    """One log with all that is done over it: skills, plugins, hooks, dispatch and views.

        with Palyra.open("sqlite:///palyra.db") as palyra:
            palyra.skills.install("echo.palyra-skill", trust_on_first_use=True)

    A context manager, for one thread. Every method that writes returns when it is durable.
    """

    def __init__(self, log: EventLog, actor: str, surroundings: Surroundings) -> None:
        """Wire everything over an open log, which this object owns from now on, also where that fails."""
        with ExitStack() as closing:
            closing.callback(log.close)
            engine, durable = open_engine(log.url), open_engine(log.url, durable=True)
            closing.callback(engine.dispose)
            closing.callback(durable.dispose)
            self._wire(log, engine, Leases(durable), actor, surroundings)
            self._closing = closing.pop_all()

    def _wire(
        self, log: EventLog, engine: Engine, leases: Leases, actor: str, surroundings: Surroundings
    ) -> None:
        policy = surroundings.policy
        projector = Projector(engine, log)
        views = Views(engine, projector)
        application = Application(log, now=surroundings.now, entropy=surroundings.entropy)
        artifacts = Artifacts(log)
        worker = Worker(
            log=log,
            application=application,
            artifacts=artifacts,
            leases=leases,
            broker=HostBroker(surroundings.now, surroundings.entropy),
            policy=policy,
        )
        dispatcher = Dispatcher(
            engine=engine,
            log=log,
            views=views,
            scheduler=lambda: Scheduler(log, views, application),
            worker=worker,
            policy=policy,
            now=surroundings.now,
        )
        self.skills = Skills(
            application=application,
            artifacts=artifacts,
            views=views,
            inspector=sandbox,
            policy=surroundings.audit_policy,
            now=surroundings.now,
            actor=actor,
        )
        self.plugins = Plugins(
            application=application, artifacts=artifacts, views=views, policy=policy, actor=actor
        )
        self.hooks = Hooks(
            application=application, views=views, actor=actor, attempts_max=policy.attempts_max
        )
        self._deliveries = Deliveries(log, views)
        self.dispatch = Dispatch(dispatcher)
        self.gateway = Gateway(dispatcher, application, VERSION)
        self.events = Events(log)
        self.audit = AuditTrail(views)
        self.projections = Upkeep(projector, views)

    @classmethod
    def open(
        cls,
        url: str | None = None,
        *,
        home: str | Path | None = None,
        actor: str | None = None,
        create: bool = True,
        surroundings: Surroundings | None = None,
    ) -> Self:
        """Open the log at ``url``, and make it where it is missing and ``create`` is set.

        What is not given comes from the environment, then from the defaults: see `read_config`.

        Raises:
            InvalidConfig, InvalidIdentifier, InvalidDatabaseUrl: what was asked for makes no sense.
            DatabaseUnavailable, DatabaseReadOnly, DatabaseLocked, DatabaseDamaged, DatabaseTooNew:
                it cannot be opened; nothing was changed.
        """
        config = read_config(home=home, database_url=url, actor=actor)
        chosen = surroundings or Surroundings(policy=read_policy(config.home))
        return cls(EventLog.open(config.database_url, create=create), config.actor, chosen)

    def deliveries(
        self, *, state: DeliveryState | None = None, hook: str | None = None, after: int = 0, limit: int = 100
    ) -> Sequence[DeliveryRow]:
        """Return deliveries in the order of scheduling, at most ``limit`` after a position."""
        return self._deliveries.list(state=state, hook=hook, after=after, limit=limit)

    def delivery(self, delivery_id: str) -> DeliveryDetail:
        """Return one delivery with its attempts: what the plugin was told, and what it said.

        Raises:
            UnknownDelivery: there is none of this id.
        """
        return self._deliveries.show(delivery_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the log and all connections. Safe to repeat."""
        self._closing.close()
