"""What stands behind the face of an open log: wired once, and shared by all who act over it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack

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
    Enabling,
    Vetting,
)
from palyra_runtime.gateway import Bystander, CheckpointSchedule, GatewayParts
from palyra_runtime.ledger import Keeper, LedgerPlaces
from palyra_runtime.runner import schema_problem
from palyra_runtime.sandbox import Sandbox
from palyra_runtime.skills import AuditHost, AuditPolicy, RunLimits
from palyra_runtime.surroundings import Surroundings
from palyra_runtime.version import VERSION
from projections import Projector, Views, with_reports

#: random bytes of the place at which a process begins what several have to do
_STAGGER_SIZE = 2


class Parts:
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
        self._closing, self._lock = ExitStack(), threading.Lock()
        self._decider: Decider | None = None
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

    def gateway_parts(self, reaudit: Callable[[], object], prune: Callable[[], object]) -> GatewayParts:
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
            prune=prune,
            checkpoint=lambda: self.keeper.checkpoint().checkpoint.size,
            checkpoints=CheckpointSchedule(surroundings.ledger.interval_s, surroundings.ledger.idle_s),
            now=surroundings.now,
            version=VERSION,
            is_enabled=surroundings.policy.enabled,
            reaudit_interval_s=surroundings.gateway.reaudit_interval_s,
            prune_interval_s=surroundings.retention.interval_s if surroundings.retention.rules else 0,
            rebuilds_changed_views=surroundings.gateway.rebuild_changed_views,
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

    def close(self) -> None:
        """End what was started for decisions. Safe to repeat."""
        self._closing.close()

    def decider(self) -> Decider:
        """Return what asks the hooks of phases, in a sandbox of its own; it is started when asked for."""
        with self._lock:
            if self._decider is None:
                self._decider = self._open_decider()
            return self._decider

    def sandbox(self, workers: int) -> Sandbox:
        """Return a sandbox for so many runs at once, which whoever asks for it closes."""
        settings = self.surroundings
        return Sandbox(isolation=settings.isolation, cache=settings.modules, workers=workers)

    def _open_decider(self) -> Decider:
        sandbox = self.sandbox(self.surroundings.decisions.workers)
        self._closing.callback(sandbox.close)
        sandbox.warm_up()
        decider = self._decider_in(sandbox)
        self._closing.callback(decider.close)
        return decider

    def _decider_in(self, sandbox: Sandbox) -> Decider:
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
