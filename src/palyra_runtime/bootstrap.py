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


class _Parts:
    """What stands behind the face: made once over one open log, and handed on."""

    def __init__(
        self, log: EventLog, engine: Engine, leases: Leases, guests: Sandbox, surroundings: Surroundings
    ) -> None:
        self.log = log
        self.guests = guests
        self.surroundings = surroundings
        self.projector = Projector(engine, log)
        self.views = Views(engine, self.projector)
        self.application = Application(log, now=surroundings.now, entropy=surroundings.entropy)
        self.artifacts = Artifacts(log)
        self._engine = engine
        self._leases = leases
        self._services = HostServices(
            log=log,
            views=self.views,
            now=surroundings.now,
            random_bytes=surroundings.entropy,
            ways_out=WaysOut(
                surroundings.client, EgressRules(surroundings.policy.http_origins), surroundings.secrets
            ),
        )

    def dispatcher(self) -> Dispatcher:
        """Return what schedules, carries out and sends."""
        return Dispatcher(
            engine=self._engine,
            log=self.log,
            views=self.views,
            scheduler=lambda: Scheduler(self.log, self.views, self.application),
            worker=self._worker(),
            outbox=Outbox(
                log=self.log,
                application=self.application,
                views=self.views,
                senders=self.surroundings.senders,
                now=self.surroundings.now,
            ),
            policy=self.surroundings.policy,
            now=self.surroundings.now,
        )

    def tool_runner(self) -> ToolRunner:
        """Return what runs plugins as tools."""
        return ToolRunner(
            log=self.log,
            application=self.application,
            artifacts=self.artifacts,
            host=self._services.open,
            policy=self.surroundings.policy,
            entropy=self.surroundings.entropy,
            run=self.guests.invoke,
        )

    def _worker(self) -> Worker:
        return Worker(
            log=self.log,
            application=self.application,
            artifacts=self.artifacts,
            leases=self._leases,
            host=self._services.open,
            policy=self.surroundings.policy,
            run=self.guests.invoke,
        )


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
            self._wire(_Parts(log, engine, Leases(durable), guests, surroundings), actor)
            self._closing = closing.pop_all()

    def _wire(self, parts: _Parts, actor: str) -> None:
        application, views, policy = parts.application, parts.views, parts.surroundings.policy
        dispatcher = parts.dispatcher()
        self.skills = Skills(
            application=application,
            artifacts=parts.artifacts,
            views=views,
            inspector=parts.guests.checks,
            policy=parts.surroundings.audit_policy,
            now=parts.surroundings.now,
            actor=actor,
        )
        self.plugins = Plugins(
            application=application,
            artifacts=parts.artifacts,
            views=views,
            inspector=parts.guests.checks,
            policy=policy,
            tools=parts.tool_runner(),
            actor=actor,
        )
        self.installed = EnabledSkills(application, parts.artifacts)
        self.hooks = Hooks(
            application=application, views=views, actor=actor, attempts_max=policy.attempts_max
        )
        self._deliveries = Deliveries(parts.log, views)
        self.dispatch = Dispatch(dispatcher)
        self.gateway = Gateway(dispatcher, application, VERSION)
        self.events = Events(parts.log)
        self.audit = AuditTrail(views)
        self.projections = Upkeep(parts.projector, views)

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
