"""The composition root: the one place that wires objects, and the face that they have for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from palyra_events.application import Application
from palyra_events.delivery import DeliveryState
from palyra_events.store import EventLog
from palyra_runtime import clock
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities import HostServices, WaysOut
from palyra_runtime.capabilities.egress import Client, EgressRules, SystemResolver, client_context
from palyra_runtime.capabilities.secrets import EnvironmentSecrets, SecretSource
from palyra_runtime.config import Settings, read_config, read_settings
from palyra_runtime.dispatch import (
    Dispatcher,
    Leases,
    Outbox,
    Scheduler,
    Sender,
    SenderParts,
    ToolRunner,
    Worker,
    open_senders,
)
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
from palyra_runtime.runner import EnabledSkills
from palyra_runtime.sandbox import Isolation, ModuleCache, Sandbox, WasmPluginRunnerPolicy
from palyra_runtime.skills import AuditPolicy
from palyra_runtime.version import VERSION
from projections import DeliveryRow, Projector, Views, open_engine


@cache
def open_client() -> Client:
    """Return the process's way into the network."""
    return Client(SystemResolver(), client_context())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What comes from outside and a test can replace: time, randomness, policies, and the ways out.

    ``senders`` bring the messages of plugins to the channels of these names; ``client`` carries their
    requests, and ``secrets`` is where the secrets are that they may use. Guests run in this process
    (``thread``) or in others without powers (``process``); compiled modules are kept in ``modules``.
    """

    now: clock.Clock = clock.now
    entropy: clock.Entropy = clock.entropy
    policy: WasmPluginRunnerPolicy = field(default_factory=WasmPluginRunnerPolicy)
    audit_policy: AuditPolicy = field(default_factory=AuditPolicy)
    senders: Mapping[str, Sender] = field(default_factory=dict)
    client: Callable[[], Client] = open_client
    secrets: SecretSource = field(default_factory=EnvironmentSecrets)
    isolation: Isolation = "thread"
    modules: ModuleCache | None = None


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
            guests = Sandbox(isolation=surroundings.isolation, cache=surroundings.modules)
            closing.callback(guests.close)
            self._wire(log, engine, Leases(durable), guests, actor, surroundings)
            self._closing = closing.pop_all()

    def _wire(  # noqa: PLR0913, PLR0917 - what was opened, and is closed in the end
        self,
        log: EventLog,
        engine: Engine,
        leases: Leases,
        guests: Sandbox,
        actor: str,
        surroundings: Surroundings,
    ) -> None:
        policy = surroundings.policy
        projector = Projector(engine, log)
        views = Views(engine, projector)
        application = Application(log, now=surroundings.now, entropy=surroundings.entropy)
        artifacts = Artifacts(log)
        services = HostServices(
            log=log,
            views=views,
            now=surroundings.now,
            random_bytes=surroundings.entropy,
            ways_out=WaysOut(surroundings.client, EgressRules(policy.http_origins), surroundings.secrets),
        )
        worker = Worker(
            log=log,
            application=application,
            artifacts=artifacts,
            leases=leases,
            host=services.open,
            policy=policy,
            run=guests.invoke,
        )
        dispatcher = Dispatcher(
            engine=engine,
            log=log,
            views=views,
            scheduler=lambda: Scheduler(log, views, application),
            worker=worker,
            outbox=Outbox(
                log=log,
                application=application,
                views=views,
                senders=surroundings.senders,
                now=surroundings.now,
            ),
            policy=policy,
            now=surroundings.now,
        )
        self.skills = Skills(
            application=application,
            artifacts=artifacts,
            views=views,
            inspector=guests.checks,
            policy=surroundings.audit_policy,
            now=surroundings.now,
            actor=actor,
        )
        self.plugins = Plugins(
            application=application,
            artifacts=artifacts,
            views=views,
            inspector=guests.checks,
            policy=policy,
            tools=ToolRunner(
                log=log,
                application=application,
                artifacts=artifacts,
                host=services.open,
                policy=policy,
                entropy=surroundings.entropy,
                run=guests.invoke,
            ),
            actor=actor,
        )
        self.installed = EnabledSkills(application, artifacts)
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
            InvalidConfig, InvalidIdentifier, InvalidDatabaseUrl, InvalidUrl, InvalidOrigin: what was
                asked for, or configured, makes no sense.
            DatabaseUnavailable, DatabaseReadOnly, DatabaseLocked, DatabaseDamaged, DatabaseTooNew:
                it cannot be opened; nothing was changed.
        """
        config = read_config(home=home, database_url=url, actor=actor)
        chosen = surroundings or _configured(read_settings(config.home), config.home)
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


def _configured(settings: Settings, home: Path) -> Surroundings:
    """Return the real surroundings, as the operator configured them."""
    parts = SenderParts(
        console=sys.stderr,
        secrets=EnvironmentSecrets(),
        client=open_client,
        now=clock.now,
    )
    return Surroundings(
        policy=settings.policy,
        senders=open_senders(settings.channels, parts),
        isolation=settings.isolation,
        modules=_module_cache(home),
    )


def _module_cache(home: Path) -> ModuleCache | None:
    """Return the compiled modules of this home; without a home that can be written, none are kept."""
    if not home.is_dir():
        return None
    try:
        return ModuleCache.open(home / "modules")
    except OSError:
        return None
