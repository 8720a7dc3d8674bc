"""The composition root: the one place that wires objects, and the face that they have for programs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from palyra_events.identifiers import check_actor
from palyra_events.store import EventLog
from palyra_runtime.config import (
    read_config,
    read_settings,
)
from palyra_runtime.dispatch import (
    Leases,
)
from palyra_runtime.facade import (
    AuditTrail,
    Blobs,
    Database,
    Decisions,
    Deliveries,
    DeliveryDetail,
    Dispatch,
    Doctor,
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
    Replay,
    Retention,
    Skills,
    Subjects,
    Surfaces,
    Tokens,
    Trust,
    Upkeep,
    Verification,
)
from palyra_runtime.gateway import GATEWAY
from palyra_runtime.ledger import LedgerPlaces
from palyra_runtime.parts import Parts
from palyra_runtime.runner import EnabledSkills
from palyra_runtime.sandbox import Sandbox
from palyra_runtime.surroundings import Surroundings, configured
from projections import Projection, open_engine

#: random bytes of the name under which a process holds leases
_OWNER_SIZE = 12


class Face:
    """What one actor can do over an open log: an object for each noun."""

    def __init__(self, parts: Parts, actor: str) -> None:
        self._parts = parts
        self._wire(parts, actor)

    def acting_as(self, actor: str) -> Face:
        """Return the same for another actor, who is on every event that it appends; both end together.

        Raises:
            InvalidIdentifier: this cannot be an actor.
        """
        return Face(self._parts, check_actor(actor))

    def delivery(self, delivery_id: str) -> DeliveryDetail:
        """Return one delivery with its attempts: what the plugin was told, and what it said.

        Raises:
            UnknownDelivery: there is none of this id; the message says why.
        """
        return self.deliveries.show(delivery_id)

    def _wire(self, parts: Parts, actor: str) -> None:
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
        self.tokens = Tokens(
            application=application,
            views=views,
            now=parts.surroundings.now,
            entropy=parts.surroundings.entropy,
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

    def _wire_work(self, parts: Parts, actor: str) -> None:
        application, views = parts.application, parts.views
        dispatcher = parts.dispatcher()
        self.deliveries = Deliveries(
            log=parts.log, application=application, views=views, leases=parts.leases, actor=actor
        )
        self.decisions = Decisions(
            application=application,
            views=views,
            read_blob=parts.decision_blob,
            open_decider=parts.decider,
            actor=actor,
        )
        self.decide = self.decisions.take
        self.messages = Messages(log=parts.log, application=application, views=views, actor=actor)
        self.storage = PluginStorage(parts.log, views)
        self.surfaces = Surfaces(log=parts.log, application=application, views=views, actor=actor)
        self.dispatch = Dispatch(dispatcher, parts.bystander())
        self.blobs = Blobs(parts.log)
        self.retention = Retention(parts.log.url, parts.surroundings.retention.rules, parts.surroundings.now)
        self.subjects = Subjects(
            log=parts.log, application=application, projector=parts.projector, actor=actor
        )
        self.gateway = Gateway(
            dispatcher=dispatcher,
            application=application,
            parts=parts.gateway_parts(partial(self.skills.reaudit, actor=GATEWAY), self.retention.run),
            leases=parts.leases,
            gateways_up=parts.gateways_up,
        )
        self.database = Database(parts.log.url)
        self.events = Events(parts.log, views)
        self.audit = AuditTrail(views)
        self.projections = Upkeep(parts.projector, views, parts.log.url)
        self.doctor = Doctor(Patient(parts.log, parts.projector, views, parts.role_holder))
        self.ledger = Ledger(
            log=parts.log,
            keeper=parts.keeper,
            compare_views=self.projections.verify,
            activity=self.audit.activity,
            actor=actor,
        )
        self.replay = Replay(
            log=parts.log,
            application=application,
            views=views,
            artifacts=parts.artifacts,
            guests=parts.guests,
            open_sandbox=parts.sandbox,
            faults_max=parts.surroundings.policy.faults_max,
        )


class Palyra(Face):
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
            parts = Parts(log, engine, leases, guests, surroundings)
            closing.callback(parts.close)
            super().__init__(parts, actor)
            self._closing = closing.pop_all()

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the log and all connections. Safe to repeat."""
        self._closing.close()
