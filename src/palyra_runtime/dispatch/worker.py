"""The worker: claims a delivery, invokes its plugin, and records the one outcome of the attempt."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from threading import Event
from time import monotonic

from palyra_events.application import Application, Change, Commit, Intent, Loaded
from palyra_events.delivery import Delivery, DeliveryState, evolve
from palyra_events.errors import PalyraError, Unavailable
from palyra_events.lifecycle import kind_of, payload
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.right import Refusal
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.blobs import kept_text
from palyra_runtime.capabilities import HostOpener
from palyra_runtime.dispatch.attempt import (
    Subject,
    Trigger,
    failure,
    input_document,
    record,
    succeeded,
)
from palyra_runtime.dispatch.claim import Claim, Claims
from palyra_runtime.dispatch.guest import Guest, Guests, NotRunnable, Run
from palyra_runtime.dispatch.lease import Lease, Leases
from palyra_runtime.dispatch.lost import WORKER, LostAttempts
from palyra_runtime.dispatch.pace import Pace
from palyra_runtime.sandbox import WasmPluginRunnerPolicy, invoke

_log = logging.getLogger(__name__)


#: seconds after which a worker that carries out quick plugins records what has ended
_STEP_S = 0.02


@dataclass(frozen=True, slots=True)
class Attempted:
    """An attempt, and where its delivery stands; None where somebody else was faster, or took over."""

    delivery_id: str
    state: DeliveryState | None


@dataclass(frozen=True, slots=True)
class _Ended:
    """An attempt that is over, and what is to be recorded of it; None where that is nothing."""

    claim: Claim
    change: Change[Delivery] | None


class Worker:
    """Carries out deliveries. One for each process: its threads share it.

    Any number of processes may work over one PostgreSQL. On SQLite one process works: hold the
    dispatcher role.
    """

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        log: EventLog,
        application: Application,
        artifacts: Artifacts,
        claims: Claims,
        leases: Leases,
        lost: LostAttempts,
        host: HostOpener,
        policy: WasmPluginRunnerPolicy,
        pace: Pace,
        run: Run = invoke,
        registry: Registry = REGISTRY,
    ) -> None:
        self._log = log
        self._application = application
        self._claims = claims
        self._leases = leases
        self._lost = lost
        self._host = host
        self._guests = Guests(artifacts, policy, run)
        self._pace = pace
        self._registry = registry
        self._stopping = Event()

    def take_over(self) -> int:
        """Record ``worker_lost`` for attempts that a dead worker began, and return their number.

        So a plugin that kills its worker uses up its attempts like any other. On SQLite a process that has
        the dispatcher role need not wait until leases expire.
        """
        return self._lost.take_over(alone=self._log.path is not None)

    def work(self, begun: Callable[[], None] | None = None) -> bool:
        """Do what `attempt_some` does; False where nothing was to be had."""
        return bool(self.attempt_some(begun))

    def attempt_some(self, begun: Callable[[], None] | None = None) -> list[Attempted]:
        """Claim a due delivery that nobody holds, carry it out and record it, and say how that ended.

        Where plugins are quick, it is some deliveries, one after the other, whose outcomes are recorded
        together. Nothing where none can be had, or after `stop`. ``begun`` is called once one is claimed:
        whoever waits may look for the next one.

        Raises:
            PalyraError: this host could not go on; what was claimed and has no outcome is given back.
        """
        claim = None if self._stopping.is_set() else self._claims.take()
        if claim is None:
            self._claims.settle()
            return []
        if begun is not None:
            begun()
        ended, until_s = list[_Ended](), monotonic() + _STEP_S
        try:
            while claim is not None:
                ended.append(self._carry_out(claim))
                is_over = self._stopping.is_set() or monotonic() > until_s
                claim = None if is_over else self._claims.take_quick()
        except BaseException:
            self._claims.give_back()
            self._record(ended)
            self._claims.settle()
            raise
        return self._record(ended)

    def due_elsewhere(self) -> bool:
        """Return whether something is due that this process could not have, because others are at it."""
        return self._claims.due_elsewhere()

    def settle(self) -> None:
        """Give back the leases of attempts whose outcome is recorded."""
        self._claims.settle()

    def stop(self) -> None:
        """Begin no other attempt; those that are running go on."""
        self._stopping.set()

    def hand_back(self) -> int:
        """Give all leases back, and return their number: others may begin at once what is not finished here.

        An attempt that is still running records nothing any more, and does not count as one.
        """
        self.stop()
        return self._leases.give_up()

    def _carry_out(self, claim: Claim) -> _Ended:
        """Return how an attempt ended; where this host could not make it, its lease is given back."""
        try:
            current = self._claims.seen_anew(claim)
            return _Ended(claim, None if current is None else self._attempt(current))
        except PalyraError:
            self._release([claim.lease])
            raise
        except BaseException:
            # Whoever comes next records the attempt as lost: what broke this worker may break it again.
            self._leases.abandon(claim.lease)
            raise

    def _attempt(self, claim: Claim) -> Change[Delivery] | None:
        row, prospect = claim.row, claim.prospect
        trigger = self._trigger(prospect.trigger)
        intent = Intent(
            WORKER, correlation_id=trigger.correlation_id, causation_id=f"position:{row.scheduled_position}"
        )
        right, as_of = prospect.right, prospect.as_of
        guest = right if isinstance(right, Refusal) else self._guests.find(right, as_of)
        if isinstance(guest, Refusal | NotRunnable):
            return self._application.skip(prospect.delivery, guest, as_of, intent)
        if (guest.exclusive_key or row.ordering_key) != claim.lease.key:
            _log.info("%s got another ordering key meanwhile", row.delivery_id)
            return None
        subject = Subject(row.delivery_id, claim.lease.attempt or 0, row.hook_id, row.plugin_id)
        document = input_document(subject, trigger, guest.config)
        return self._invoke(guest, document, prospect.delivery, intent)

    def _invoke(
        self, guest: Guest, document: bytes, delivery: Loaded[Delivery], intent: Intent
    ) -> Change[Delivery]:
        """Run the guest and return how that ended; effects are a success's, and go into the same event."""
        host = self._host(guest.caller(delivery.state.work_id))
        execution = self._guests.run(guest, document, host.broker)
        self._pace.note(guest.terms.right.plugin_id, execution.duration_us)
        invocation, blobs = record(guest.terms, execution, document)
        if not succeeded(execution):
            return self._application.failure(delivery, failure(execution, invocation), intent, blobs)
        effects = host.effects
        effects.show(execution.document)
        return self._application.success(
            delivery, invocation, effects.effects(), intent, [*blobs, *effects.blobs()]
        )

    def _record(self, ended: Sequence[_Ended]) -> list[Attempted]:
        """Record outcomes, and return where their deliveries stand."""
        leases = [each.claim.lease for each in ended]
        changes = {each.claim.lease: each.change for each in ended if each.change is not None}
        for lease in [lease for lease in changes if not self._leases.holds(lease)]:
            _log.warning("the outcome of %s is dropped: its lease was handed back", lease.delivery_id)
            del changes[lease]
        try:
            commits = dict(zip(changes, self._application.commit_each([*changes.values()]), strict=True))
        except PalyraError:
            self._release(leases)
            raise
        except BaseException:
            for lease in leases:
                self._leases.abandon(lease)
            raise
        for lease in [lease for lease, commit in commits.items() if commit is None]:
            _log.warning("the outcome of %s came too late", lease.delivery_id)
        for lease in leases:
            self._claims.done(lease)
        return [
            Attempted(lease.delivery_id or "", _state(changes.get(lease), commits.get(lease)))
            for lease in leases
        ]

    def _trigger(self, row: RecordedEvent) -> Trigger:
        """Return the event that set a delivery off, with the text of its reason if that is still kept."""
        event = self._registry.decode(row.topic, row.state)
        return Trigger(
            position=row.position,
            kind=str(kind_of(event)),
            timestamp=event.timestamp,
            actor=event.actor,
            correlation_id=event.correlation_id,
            payload=payload(event, partial(kept_text, self._log)),
        )

    def _release(self, leases: Sequence[Lease]) -> None:
        """Give back what this host could not do; where the database is gone as well, the leases expire."""
        try:
            self._leases.drop(leases)
        except Unavailable as error:
            _log.warning("%d leases were not given back: %s", len(leases), error.message)


def _state(change: Change[Delivery] | None, commit: Commit | None) -> DeliveryState | None:
    """Return where a delivery stands after its change; None where it was not to be recorded."""
    if change is None or commit is None:
        return None
    return reduce(evolve, commit.events, change.loaded.state).state
