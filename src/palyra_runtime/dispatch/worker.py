"""The worker: claims a delivery, invokes its plugin, and records the one outcome of the attempt."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import reduce

from palyra_events.application import Application, Commit, Intent, Loaded
from palyra_events.delivery import Delivery, DeliveryState, Failure, evolve
from palyra_events.errors import InvalidInput, NotAllowed, StaleVersion, UnknownBlob
from palyra_events.lifecycle import kind_of, payload
from palyra_events.registry import REGISTRY, Registry
from palyra_events.right import Refusal, Right
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.blobs import kept_text
from palyra_runtime.dispatch.attempt import (
    Subject,
    Terms,
    Trigger,
    failure,
    input_document,
    record,
    succeeded,
)
from palyra_runtime.dispatch.lease import Lease, Leases
from palyra_runtime.sandbox import Broker, Execution, Invocation, WasmPluginRunnerPolicy, invoke
from palyra_runtime.skills import denied_capabilities
from projections import DeliveryRow

WORKER = "system:worker"

#: causes of a skip, beside those of `Refusal`: the artifact's bytes are not kept any more; this version
#: of Palyra does not open what an older one installed
ARTIFACT_ERASED = "artifact_erased"
ARTIFACT_REFUSED = "artifact_refused"

_log = logging.getLogger(__name__)


class Worker:
    """Carries out deliveries one after the other. Hold the dispatcher role."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        log: EventLog,
        application: Application,
        artifacts: Artifacts,
        leases: Leases,
        broker: Broker,
        policy: WasmPluginRunnerPolicy,
        registry: Registry = REGISTRY,
    ) -> None:
        self._log = log
        self._application = application
        self._artifacts = artifacts
        self._leases = leases
        self._broker = broker
        self._policy = policy
        self._registry = registry
        self._finished: list[Lease] = []

    def take_over(self) -> int:
        """Record ``worker_lost`` for attempts that a dead worker began, and return their number.

        So a plugin that kills its worker uses up its attempts like any other.
        """
        left = self._leases.left_behind()
        lost = sum(self._record_lost(lease) for lease in left)
        self._leases.drop(left)
        return lost

    def settle(self) -> None:
        """Forget the claims whose outcome is recorded."""
        self._leases.drop(self._finished)
        self._finished = []

    def carry_out(self, row: DeliveryRow) -> DeliveryState | None:
        """Make the next attempt of a delivery and return where it stands; None if somebody was faster."""
        delivery = self._application.delivery(row.delivery_id)
        if not _is_open(delivery):
            return None
        try:
            commit = self._attempt(row, delivery)
        except StaleVersion:
            _log.warning("the outcome of %s was recorded by another worker", row.delivery_id)
            return None
        return reduce(evolve, commit.events, delivery.state).state

    def _attempt(self, row: DeliveryRow, delivery: Loaded[Delivery]) -> Commit:
        as_of = self._log.head()
        trigger = self._trigger(row.event_position)
        intent = Intent(
            WORKER, correlation_id=trigger.correlation_id, causation_id=f"position:{row.scheduled_position}"
        )
        right = self._application.right_to_run(row.plugin_id, as_of)
        guest = right if isinstance(right, Refusal) else self._guest(right, as_of)
        if isinstance(guest, str):
            return self._application.skip_delivery(delivery, guest, as_of, intent)
        subject = Subject(row.delivery_id, delivery.state.attempts + 1, row.hook_id, row.plugin_id)
        document = input_document(subject, trigger)
        self._claim(Lease(row.ordering_key, subject.delivery_id, subject.attempt))
        return self._record(delivery, guest.terms, self._run(guest, document), document, intent)

    def _trigger(self, position: int) -> Trigger:
        """Return the event that set a delivery off, with the text of its reason if that is still kept."""
        (row,) = self._log.read(position - 1, 1)
        event = self._registry.decode(row.topic, row.state)
        return Trigger(
            position=position,
            kind=str(kind_of(event)),
            timestamp=event.timestamp,
            actor=event.actor,
            correlation_id=event.correlation_id,
            payload=payload(event, kept_text(self._log, event.reason)),
        )

    def _record_lost(self, lease: Lease) -> bool:
        """Record that the attempt of a claim came to nothing, unless its outcome is recorded."""
        delivery = self._application.delivery(lease.delivery_id)
        if delivery.state.attempts >= lease.attempt or not _is_open(delivery):
            return False
        gone = Failure("worker_lost", "The worker ended before it recorded an outcome.")
        try:
            self._application.record_failure(delivery, gone, self._intent(delivery))
        except StaleVersion:
            _log.warning("the outcome of %s was recorded by a worker taken for dead", lease.delivery_id)
            return False
        return True

    def _intent(self, delivery: Loaded[Delivery]) -> Intent:
        """Return the worker's intent, with the correlation of what set the delivery off."""
        scheduled = self._log.read_stream(delivery.stream_id)[0]
        event = self._registry.decode(scheduled.topic, scheduled.state)
        return Intent(
            WORKER, correlation_id=event.correlation_id, causation_id=f"position:{scheduled.position}"
        )

    def _guest(self, right: Right, as_of: int) -> _Guest | str:
        """Return what to run, or why the bytes that were installed cannot be run any more.

        One release that nobody can open must not hold up the deliveries of all others.
        """
        facts = right.release.facts
        try:
            manifest = self._artifacts.open(facts.artifact).manifest
        except UnknownBlob:
            return ARTIFACT_ERASED
        except (InvalidInput, NotAllowed):
            return ARTIFACT_REFUSED
        quotas = manifest.capabilities.quotas
        limits = self._policy.limits(
            fuel_budget=quotas.fuel_budget,
            max_memory_bytes=quotas.max_memory_bytes,
            timeout_ms=quotas.wall_clock_timeout_ms,
        )
        terms = Terms(right=right, grants=right.binding.grants, limits=limits, as_of=as_of)
        module = self._artifacts.module(facts.artifact, right.module)
        return _Guest(terms, module, denied_capabilities(manifest, terms.grants, self._policy.allowed))

    def _claim(self, lease: Lease) -> None:
        self._leases.claim(lease, finished=self._finished)
        self._finished = [lease]

    def _run(self, guest: _Guest, document: bytes) -> Execution:
        if guest.denied:
            return Execution("denied", f"These capabilities are not allowed: {', '.join(guest.denied)}.")
        if len(guest.module) > self._policy.max_module_size_bytes:
            return Execution("denied", "The module is larger than the policy allows.")
        return invoke(
            guest.module,
            Invocation(
                broker=self._broker,
                input=document,
                entrypoint=guest.terms.right.binding.entrypoint,
                grants=guest.terms.grant_set,
                limits=guest.terms.limits,
            ),
        )

    def _record(
        self, delivery: Loaded[Delivery], terms: Terms, execution: Execution, document: bytes, intent: Intent
    ) -> Commit:
        invocation, blobs = record(terms, execution, document)
        if succeeded(execution):
            return self._application.record_success(delivery, invocation, intent, blobs)
        return self._application.record_failure(delivery, failure(execution, invocation), intent, blobs)


@dataclass(frozen=True, slots=True)
class _Guest:
    """What is about to run; ``denied`` names capabilities that its grants have and nobody allows."""

    terms: Terms
    module: bytes
    denied: tuple[str, ...]


def _is_open(delivery: Loaded[Delivery]) -> bool:
    return delivery.state.state is not None and delivery.state.state.is_open
