"""The commands of scheduler, workers and operators on deliveries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from palyra_events import delivery as deliveries
from palyra_events.blob import Blob
from palyra_events.commands.command import Aggregate, Change, Commands, Commit, Intent, Loaded
from palyra_events.delivery import Delivery, DeliveryScheduled, Failure
from palyra_events.effect import Effects
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import stream_id
from palyra_events.invocation import Invocation

DELIVERY = Aggregate("delivery", Delivery, deliveries.evolve)
#: the consumer under whose name the log keeps the scheduler's position
SCHEDULER_CONSUMER = "scheduler"

#: what an operator can do to a delivery: a rule of `palyra_events.delivery`
Rule: TypeAlias = Callable[[Delivery, Stamp], list[Event]]


class DeliveryCommands(Commands):
    """Schedule deliveries, record how their attempts ended, and change their course."""

    def delivery(self, delivery_id: str, as_of: int | None = None) -> Loaded[Delivery]:
        """Return a delivery, as of a position or as it is, and the version of its next event.

        Who changes it as of a position is refused if it has changed since.
        """
        return self.load(DELIVERY, delivery_id, as_of)

    def deliveries(self, delivery_ids: Sequence[str]) -> list[Loaded[Delivery]]:
        """Return some deliveries as they are, read at once."""
        return self.load_each(DELIVERY, delivery_ids)

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

    def success(
        self,
        delivery: Loaded[Delivery],
        invocation: Invocation,
        effects: Effects,
        intent: Intent,
        blobs: Sequence[Blob],
    ) -> Change[Delivery]:
        """Return the success of an attempt, with all its effects, at the version that was read.

        `commit_each` records it. It is refused where the outcome is recorded already: then this worker was
        taken for dead.
        """
        stamp, sealed = self.stamp(intent)
        events = deliveries.record_success(delivery.state, invocation, effects, stamp)
        return Change(delivery, events, [*sealed, *blobs])

    def record_failure(
        self, delivery: Loaded[Delivery], failure: Failure, intent: Intent, blobs: Sequence[Blob] = ()
    ) -> Commit:
        """Record that an attempt failed, and when it is made again, at the version that was read.

        Raises:
            StaleVersion: its outcome is recorded already; this worker was taken for dead.
        """
        change = self.failure(delivery, failure, intent, blobs)
        return self.commit([(change.loaded, change.events)], change.blobs)

    def failure(
        self, delivery: Loaded[Delivery], failure: Failure, intent: Intent, blobs: Sequence[Blob] = ()
    ) -> Change[Delivery]:
        """Return what `record_failure` records: `commit_each` does it for several deliveries."""
        stamp, sealed = self.stamp(intent)
        events = deliveries.record_failure(delivery.state, failure, stamp)
        return Change(delivery, events, [*sealed, *blobs])

    def skip(self, delivery: Loaded[Delivery], cause: str, as_of: int, intent: Intent) -> Change[Delivery]:
        """Return that the plugin has no right to run; `commit_each` records it."""
        stamp, sealed = self.stamp(intent)
        events = deliveries.skip_delivery(delivery.state, cause, as_of, stamp)
        return Change(delivery, events, sealed)

    def change_deliveries(self, rule: Rule, chosen: Sequence[Loaded[Delivery]], intent: Intent) -> Commit:
        """Do to some deliveries what an operator asked for, to all of them or to none.

        Raises:
            UnknownDelivery, IllegalTransition, ReasonRequired: the rule refuses one of them.
            StaleVersion: somebody changed one at the same time.
        """
        stamp, sealed = self.stamp(intent)
        changes = [(delivery, rule(delivery.state, stamp)) for delivery in chosen]
        return self.commit(changes, sealed)
