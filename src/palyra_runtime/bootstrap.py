"""The composition root: the one place that wires objects, and the face that they have for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from palyra_events.blob import BlobRef
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.bindings import BindingFiles, FiledApplication
from palyra_runtime.blobs import kept_bytes
from palyra_runtime.capabilities import HostBroker, HostServices, WaysOut
from palyra_runtime.capabilities.egress import EgressRules
from palyra_runtime.config import (
    read_config,
    read_settings,
)
from palyra_runtime.dispatch import (
    Claims,
    Decider,
    Dispatcher,
    Exclusion,
    Holder,
    Leases,
    LostAttempts,
    Outbox,
    Pace,
    PhaseHooks,
    Prospects,
    Scheduler,
    ToolRunner,
    Worker,
    gateways_up,
    open_role,
    role_holder,
)
from palyra_runtime.dispatch.guest import Guests
from palyra_runtime.facade import (
    ArtifactSources,
    AuditTrail,
    Database,
    Decisions,
    Deliveries,
    DeliveryDetail,
    Dispatch,
    Doctor,
    Enabling,
    Events,
    Gateway,
    Hooks,
    Ledger,
    Messages,
    Patient,
    PluginConfigs,
    Plugins,
    PluginStorage,
    Rechecks,
    Skills,
    Trust,
    Upkeep,
    Verification,
    Vetting,
)
from palyra_runtime.gateway import GATEWAY, Bystander, CheckpointSchedule, GatewayParts
from palyra_runtime.ledger import Keeper, LedgerPlaces
from palyra_runtime.runner import EnabledSkills, schema_problem
from palyra_runtime.sandbox import Sandbox
from palyra_runtime.skills import AuditHost, AuditPolicy, RunLimits
from palyra_runtime.surroundings import Surroundings, configured
from palyra_runtime.version import VERSION
from projections import Projection, Projector, Views, open_engine, with_reports

#: random bytes of the name under which a process holds leases
_OWNER_SIZE = 12
#: random bytes of the place at which a process begins what several have to do
_STAGGER_SIZE = 2


class _Parts:
    """What stands behind the face: made once over one open log, and handed on."""

    def __init__(
        self, log: EventLog, engine: Engine, leases: Leases, guests: Sandbox, surroundings: Surroundings
    ) -> None:
        self.log = log
        self.guests = guests
        self.surroundings = surroundings
        self.projector = Projector(engine, log, projections=with_reports(surroundings.projections))
        self.views = Views(engine, self.projector)
        self._files = BindingFiles.open(surroundings.bindings_home, self.views)
        self.application = FiledApplication(
            log, now=surroundings.now, entropy=surroundings.entropy, files=self._files
        )
        self.artifacts = Artifacts(log)
        self.keeper = Keeper(
            log=log,
            application=self.application,
            places=surroundings.places or LedgerPlaces.under(read_config().home),
            witness=surroundings.witness,
            now=surroundings.now,
            entropy=surroundings.entropy,
        )
        self.leases = leases
        self._engine = engine
        self._lost = LostAttempts(log, self.application, leases)
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
            scheduler=self.scheduler,
            worker=self.worker(),
            outbox=self.outbox(),
            policy=self.surroundings.policy,
            workers=self.surroundings.dispatch.workers,
        )

    def scheduler(self) -> Scheduler:
        """Return what schedules, from where it is recorded to stand."""
        faults_max = self.surroundings.policy.faults_max
        return Scheduler(self.log, self.views, self.application, faults_max=faults_max)

    def outbox(self) -> Outbox:
        """Return what sends messages."""
        return Outbox(
            log=self.log,
            application=self.application,
            views=self.views,
            senders=self.surroundings.senders,
            now=self.surroundings.now,
        )

    def bystander(self) -> Bystander:
        """Return what waits for a gateway of another process."""
        return Bystander(
            log=self.log,
            views=self.views,
            open_scheduler=self.scheduler,
            outbox=self.outbox(),
            role_holder=self.role_holder,
            now=self.surroundings.now,
        )

    def gateway_parts(self, reaudit: Callable[[], object]) -> GatewayParts:
        """Return what a gateway is made of."""
        surroundings = self.surroundings
        return GatewayParts(
            log=self.log,
            projector=self.projector,
            fold=self._fold,
            views=self.views,
            application=self.application,
            open_role=lambda holder: open_role(self._engine, self.log, holder),
            role_holder=self.role_holder,
            open_scheduler=self.scheduler,
            open_worker=self.worker,
            worker_count=surroundings.dispatch.workers,
            outbox=self.outbox(),
            warm_up=self.guests.warm_up,
            reaudit=reaudit,
            checkpoint=lambda: self.keeper.checkpoint().checkpoint.size,
            checkpoints=CheckpointSchedule(surroundings.ledger.interval_s, surroundings.ledger.idle_s),
            now=surroundings.now,
            version=VERSION,
            is_enabled=surroundings.policy.enabled,
            reaudit_interval_s=surroundings.gateway.reaudit_interval_s,
            grace_s=surroundings.gateway.grace_ms / 1000,
        )

    def _fold(self) -> int:
        """Bring all views to the head of the log, with the files of bindings, and return the position."""
        position = self.projector.catch_up()
        if self._files is not None:
            self._files.follow()
        return position

    def role_holder(self) -> Holder | None:
        """Return who schedules over this log at the moment."""
        return role_holder(self._engine, self.log)

    def gateways_up(self) -> list[Holder]:
        """Return the gateways that run over this log at the moment."""
        return gateways_up(self._engine, self.log)

    def _stagger(self) -> int:
        """Return a number that differs between processes, where there can be several."""
        return 0 if self.log.path is not None else int.from_bytes(self.surroundings.entropy(_STAGGER_SIZE))

    def tool_runner(self) -> ToolRunner:
        """Return what runs plugins as tools."""
        return ToolRunner(
            log=self.log,
            application=self.application,
            artifacts=self.artifacts,
            host=self._services.open,
            policy=self.surroundings.policy,
            exclusion=Exclusion(self.leases, self._lost),
            entropy=self.surroundings.entropy,
            run=self.guests.invoke,
        )

    def decider(self, sandbox: Sandbox) -> Decider:
        """Return what asks the hooks of phases, in a sandbox that nothing else uses."""
        surroundings = self.surroundings
        guests = Guests(self.artifacts, surroundings.policy, sandbox.invoke)
        return Decider(
            application=self.application,
            hooks=PhaseHooks(
                log=self.log,
                application=self.application,
                views=self.views,
                guests=guests,
                prepare=sandbox.checks.compile_problem,
            ),
            guests=guests,
            broker=HostBroker(surroundings.now, surroundings.entropy),
            read_blob=self.decision_blob,
            settings=surroundings.decisions,
            now=surroundings.now,
            is_enabled=surroundings.policy.enabled,
        )

    def decision_blob(self, reference: BlobRef) -> bytes | None:
        """Return bytes that a decision names, None where they are not kept any more."""
        return kept_bytes(self.log, reference.sha256)

    def sources(self) -> ArtifactSources:
        """Return what reads artifacts from files and URLs."""
        surroundings = self.surroundings
        return ArtifactSources(surroundings.client, EgressRules(surroundings.policy.http_origins))

    def vetting(self) -> Vetting:
        """Return what judges artifacts."""
        surroundings = self.surroundings
        limits = RunLimits.model_validate(surroundings.policy.model_dump(include=set(RunLimits.model_fields)))
        return Vetting(
            application=self.application,
            views=self.views,
            host=AuditHost(self.guests.checks, limits, schema_problem),
            policy=surroundings.audit_policy
            or AuditPolicy(max_module_bytes=surroundings.policy.max_module_size_bytes),
            secrets=surroundings.secrets,
            now=surroundings.now,
        )

    def enabling(self, vetting: Vetting) -> Enabling:
        """Return what lets releases run."""
        return Enabling(
            application=self.application,
            artifacts=self.artifacts,
            views=self.views,
            vetting=vetting,
            allowed=self.surroundings.policy.allowed,
        )

    def worker(self) -> Worker:
        """Return what carries out deliveries; the threads of a process share one."""
        pace = Pace()
        claims = Claims(
            leases=self.leases,
            lost=self._lost,
            views=self.views,
            application=self.application,
            prospects=Prospects(self.log, self.application),
            pace=pace,
            now=self.surroundings.now,
            plugin_concurrency_max=self.surroundings.dispatch.plugin_concurrency_max,
            stagger=self._stagger(),
        )
        return Worker(
            log=self.log,
            application=self.application,
            artifacts=self.artifacts,
            claims=claims,
            leases=self.leases,
            lost=self._lost,
            host=self._services.open,
            policy=self.surroundings.policy,
            pace=pace,
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
            leases = Leases(
                engine,
                owner=surroundings.entropy(_OWNER_SIZE).hex(),
                durable=durable,
                length_ms=surroundings.dispatch.lease_ms,
            )
            closing.callback(leases.close)
            guests = Sandbox(isolation=surroundings.isolation, cache=surroundings.modules)
            closing.callback(guests.close)
            self._wire(_Parts(log, engine, leases, guests, surroundings), actor)
            self._closing = closing.pop_all()

    def _wire(self, parts: _Parts, actor: str) -> None:
        application, views, policy = parts.application, parts.views, parts.surroundings.policy
        sources, vetting = parts.sources(), parts.vetting()
        self.skills = Skills(
            application=application,
            artifacts=parts.artifacts,
            views=views,
            sources=sources,
            vetting=vetting,
            enabling=parts.enabling(vetting),
            rechecks=Rechecks(
                application=application, artifacts=parts.artifacts, views=views, vetting=vetting
            ),
            inspector=parts.guests.checks,
            actor=actor,
        )
        self.verification = Verification(
            application=application,
            artifacts=parts.artifacts,
            sources=sources,
            vetting=vetting,
            actor=actor,
        )
        self.trust = Trust(application=application, views=views, actor=actor)
        self.plugins = Plugins(
            application=application,
            artifacts=parts.artifacts,
            views=views,
            inspector=parts.guests.checks,
            policy=policy,
            tools=parts.tool_runner(),
            actor=actor,
        )
        self.configs = PluginConfigs(application=application, artifacts=parts.artifacts, actor=actor)
        self.installed = EnabledSkills(application, parts.artifacts)
        self.hooks = Hooks(
            application=application, views=views, actor=actor, attempts_max=policy.attempts_max
        )
        self._wire_work(parts, actor)

    def _wire_work(self, parts: _Parts, actor: str) -> None:
        application, views = parts.application, parts.views
        dispatcher = parts.dispatcher()
        self.deliveries = Deliveries(
            log=parts.log, application=application, views=views, leases=parts.leases, actor=actor
        )
        self.decisions = Decisions(
            application=application,
            views=views,
            read_blob=parts.decision_blob,
            open_decider=partial(self._open_decider, parts),
            actor=actor,
        )
        self.decide = self.decisions.take
        self.messages = Messages(log=parts.log, application=application, views=views, actor=actor)
        self.storage = PluginStorage(parts.log, views)
        self.dispatch = Dispatch(dispatcher, parts.bystander())
        self.gateway = Gateway(
            dispatcher=dispatcher,
            application=application,
            parts=parts.gateway_parts(partial(self.skills.reaudit, actor=GATEWAY)),
            leases=parts.leases,
            gateways_up=parts.gateways_up,
        )
        self.database = Database(parts.log.url)
        self.events = Events(parts.log)
        self.audit = AuditTrail(views)
        self.projections = Upkeep(parts.projector, views)
        self.doctor = Doctor(Patient(parts.log, parts.projector, views, parts.role_holder))
        self.ledger = Ledger(
            log=parts.log, keeper=parts.keeper, compare_views=self.projections.verify, actor=actor
        )

    @classmethod
    def open(  # noqa: PLR0913 - each has a default that most people want
        cls,
        url: str | None = None,
        *,
        home: str | Path | None = None,
        actor: str | None = None,
        create: bool = True,
        surroundings: Surroundings | None = None,
        projections: Sequence[type[Projection]] = (),
    ) -> Self:
        """Open the log at ``url``, and make it where it is missing and ``create`` is set.

        What is not given comes from the environment, then from the defaults: see `read_config`.
        ``projections`` are reports of your own, kept beside Palyra's.

        Raises:
            InvalidProjection: one of the projections is no report, or has another one's name.
            InvalidConfig, InvalidIdentifier, InvalidDatabaseUrl, InvalidUrl, InvalidOrigin: what was
                asked for, or configured, makes no sense.
            DatabaseUnavailable, DatabaseReadOnly, DatabaseLocked, DatabaseDamaged, DatabaseTooNew:
                it cannot be opened; nothing was changed.
        """
        config = read_config(home=home, database_url=url, actor=actor)
        chosen = surroundings or configured(read_settings(config.home), config.home)
        with_own = replace(
            chosen,
            projections=(*chosen.projections, *projections),
            places=chosen.places or LedgerPlaces.under(config.home),
        )
        return cls(EventLog.open(config.database_url, create=create), config.actor, with_own)

    def delivery(self, delivery_id: str) -> DeliveryDetail:
        """Return one delivery with its attempts: what the plugin was told, and what it said.

        Raises:
            UnknownDelivery: there is none of this id; the message says why.
        """
        return self.deliveries.show(delivery_id)

    def _open_decider(self, parts: _Parts) -> Decider:
        settings = parts.surroundings
        sandbox = Sandbox(
            isolation=settings.isolation, cache=settings.modules, workers=settings.decisions.workers
        )
        self._closing.callback(sandbox.close)
        sandbox.warm_up()
        decider = parts.decider(sandbox)
        self._closing.callback(decider.close)
        return decider

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the log and all connections. Safe to repeat."""
        self._closing.close()
