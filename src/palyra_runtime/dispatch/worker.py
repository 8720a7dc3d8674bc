"""The worker: claims a delivery, invokes its plugin, and records the one outcome of the attempt."""

from __future__ import annotations

import logging
from functools import reduce

from palyra_events.application import Application, Commit, Intent, Loaded
from palyra_events.delivery import Delivery, DeliveryState, Failure, evolve
from palyra_events.errors import PalyraError, StaleVersion
from palyra_events.lifecycle import kind_of, payload
from palyra_events.plugin import Plugin
from palyra_events.registry import REGISTRY, Registry
from palyra_events.right import Refusal
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.blobs import kept_text
from palyra_runtime.capabilities import AttemptHost, HostOpener
from palyra_runtime.dispatch.attempt import (
    Subject,
    Trigger,
    failure,
    input_document,
    record,
    succeeded,
)
from palyra_runtime.dispatch.guest import Guest, Guests, NotRunnable, Run
from palyra_runtime.dispatch.lease import Lease, Leases
from palyra_runtime.sandbox import Execution, WasmPluginRunnerPolicy, invoke
from projections import DeliveryRow

WORKER = "system:worker"

#: the round of attempts; nothing opens a second one yet
_ROUND = 1

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
        host: HostOpener,
        policy: WasmPluginRunnerPolicy,
        run: Run = invoke,
        registry: Registry = REGISTRY,
    ) -> None:
        self._log = log
        self._application = application
        self._leases = leases
        self._host = host
        self._guests = Guests(artifacts, policy, run)
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
        guest = right if isinstance(right, Refusal) else self._guests.find(right, as_of)
        if isinstance(guest, Refusal | NotRunnable):
            return self._application.skip_delivery(delivery, guest, as_of, intent)
        subject = Subject(row.delivery_id, delivery.state.attempts + 1, row.hook_id, row.plugin_id)
        # The plugin may have got storage, or lost it, since the delivery was scheduled.
        exclusive_key = Plugin(row.plugin_id, guest.terms.right.binding).exclusive_key
        self._claim(Lease(exclusive_key or row.ordering_key, subject.delivery_id, subject.attempt))
        return self._invoke(guest, input_document(subject, trigger), delivery, intent)

    def _invoke(self, guest: Guest, document: bytes, delivery: Loaded[Delivery], intent: Intent) -> Commit:
        """Run the guest and record how that ended; effects are a success's, and go into the same event."""
        host, execution = self._run(guest, document, delivery.state.delivery_id)
        invocation, blobs = record(guest.terms, execution, document)
        if not succeeded(execution):
            return self._application.record_failure(delivery, failure(execution, invocation), intent, blobs)
        effects = host.effects
        return self._application.record_success(
            delivery, invocation, effects.effects(), intent, [*blobs, *effects.blobs()]
        )

    def _run(self, guest: Guest, document: bytes, delivery_id: str) -> tuple[AttemptHost, Execution]:
        try:
            host = self._host(guest.caller(f"{delivery_id}.{_ROUND}"))
            return host, self._guests.run(guest, document, host.broker)
        except PalyraError:
            # It is the host that could not, so what was claimed must not count as an attempt.
            self.settle()
            raise

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

    def _claim(self, lease: Lease) -> None:
        self._leases.claim(lease, finished=self._finished)
        self._finished = [lease]


def _is_open(delivery: Loaded[Delivery]) -> bool:
    return delivery.state.state is not None and delivery.state.state.is_open
