"""Lost attempts: what a dead worker had begun is recorded, so that a crash loop uses up its attempts.

The record takes the version at which the dead one would have recorded its outcome. Should it live after
all, the log refuses it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from palyra_events.application import Application, Intent, Loaded
from palyra_events.delivery import Delivery, Failure
from palyra_events.errors import StaleVersion
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_runtime.dispatch.lease import Lease, Leases, Standing

WORKER = "system:worker"

#: all that is known of an attempt whose worker died
LOST = Failure("worker_lost", "The worker ended before it recorded an outcome.")

_log = logging.getLogger(__name__)


class LostAttempts:
    """Takes over from workers that have ended. Safe to share between threads and processes."""

    def __init__(
        self, log: EventLog, application: Application, leases: Leases, registry: Registry = REGISTRY
    ) -> None:
        self._log = log
        self._application = application
        self._leases = leases
        self._registry = registry

    def take_over(self, standing: Sequence[Standing] | None = None, *, alone: bool = False) -> int:
        """Record the attempts of dead owners as lost, free their keys, and return their number.

        ``standing`` are the leases as they were just read. Who is ``alone`` is the one dispatcher that there
        can be.
        """
        read = self._leases.standing() if standing is None else standing
        dead = [each for each in read if self._leases.is_dead(each, alone=alone)]
        taken = self._leases.take_over(dead)
        try:
            count = sum(self._record(lease) for lease in taken)
        except BaseException:
            for lease in taken:
                self._leases.abandon(lease)
            raise
        self._leases.drop(taken)
        return count

    def _record(self, lease: Lease) -> bool:
        """Record that an attempt came to nothing, unless its outcome is recorded; tool runs leave none."""
        if lease.delivery_id is None or lease.attempt is None:
            return False
        delivery = self._application.delivery(lease.delivery_id)
        state = delivery.state
        if state.attempts >= lease.attempt or state.state is None or not state.state.is_open:
            return False
        try:
            self._application.record_failure(delivery, LOST, self._intent(delivery))
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
