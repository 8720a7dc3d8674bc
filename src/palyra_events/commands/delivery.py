"""The commands of scheduler and workers on deliveries."""

from __future__ import annotations

from collections.abc import Sequence

from palyra_events import delivery as deliveries
from palyra_events.blob import Blob
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent, Loaded
from palyra_events.delivery import Delivery, DeliveryScheduled, Failure
from palyra_events.effect import Effects
from palyra_events.identifiers import stream_id
from palyra_events.invocation import Invocation

DELIVERY = Aggregate("delivery", Delivery, deliveries.evolve)
#: the consumer under whose name the log keeps the scheduler's position
SCHEDULER_CONSUMER = "scheduler"


class DeliveryCommands(Commands):
    """Schedule deliveries, and record how their attempts ended."""

    def delivery(self, delivery_id: str) -> Loaded[Delivery]:
        """Return a delivery, and the version at which its next event is expected."""
        return self.load(DELIVERY, delivery_id)

    def schedule_deliveries(self, scheduled: Sequence[DeliveryScheduled], position: int) -> Commit:
        """Append the deliveries of the event at ``position``, together with that position.

        Raises:
            StalePosition: another scheduler has been here; nothing was appended.
        """
        changes = [
            (Loaded(stream_id(DELIVERY.kind, event.delivery_id), 0, Delivery(event.delivery_id)), [event])
            for event in scheduled
        ]
        return self.commit(changes, (), tracking=(SCHEDULER_CONSUMER, position))

    def record_success(
        self,
        delivery: Loaded[Delivery],
        invocation: Invocation,
        effects: Effects,
        intent: Intent,
        blobs: Sequence[Blob],
    ) -> Commit:
        """Record that an attempt succeeded, with all its effects, at the version that was read.

        Raises:
            StaleVersion: its outcome is recorded already; this worker was taken for dead.
        """
        stamp, sealed = self.stamp(intent)
        events = deliveries.record_success(delivery.state, invocation, effects, stamp)
        return self.commit([(delivery, events)], [*sealed, *blobs])

    def record_failure(
        self, delivery: Loaded[Delivery], failure: Failure, intent: Intent, blobs: Sequence[Blob] = ()
    ) -> Commit:
        """Record that an attempt failed, and when it is made again, at the version that was read.

        Raises:
            StaleVersion: its outcome is recorded already; this worker was taken for dead.
        """
        stamp, sealed = self.stamp(intent)
        events = deliveries.record_failure(delivery.state, failure, stamp)
        return self.commit([(delivery, events)], [*sealed, *blobs])

    def skip_delivery(self, delivery: Loaded[Delivery], cause: str, as_of: int, intent: Intent) -> Commit:
        """Record that the plugin has no right to run.

        Raises:
            StaleVersion: somebody recorded an outcome at the same time.
        """
        stamp, sealed = self.stamp(intent)
        events = deliveries.skip_delivery(delivery.state, cause, as_of, stamp)
        return self.commit([(delivery, events)], sealed)
