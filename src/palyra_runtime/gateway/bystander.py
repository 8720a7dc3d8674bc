"""Waiting for a gateway: whoever wants to have done what is due, while a gateway does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from time import monotonic
from typing import TypeAlias

from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryDeadLettered,
    DeliveryScheduled,
    DeliverySkipped,
)
from palyra_events.event import Event
from palyra_events.message import MessageFailed, MessageSent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_runtime.dispatch import (
    DispatcherBusy,
    DrainReport,
    Holder,
    Outbox,
    OutboxReport,
    Scheduler,
)
from projections import Views

#: told whom one waits for
Told: TypeAlias = Callable[[Holder], None]

#: seconds between two looks at whether the gateway still runs
_LOOK_S = 0.5
#: seconds without an event after which a gateway that has something to do is taken for stuck
STUCK_S = 60.0
#: events that are read at once
_PAGE_SIZE = 1000


class GatewayStuck(DispatcherBusy):
    """A gateway has the role, and records nothing although deliveries are due."""

    code = "GATEWAY_STUCK"
    advice = "Look at what it is doing with: palyra gateway status. It may be waiting for the database."


class Bystander:
    """Waits until a gateway has done all that is due at this moment."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        log: EventLog,
        views: Views,
        open_scheduler: Callable[[], Scheduler],
        outbox: Outbox,
        role_holder: Callable[[], Holder | None],
        now: Callable[[], datetime],
        stuck_s: float = STUCK_S,
        registry: Registry = REGISTRY,
    ) -> None:
        self._log = log
        self._views = views
        self._open_scheduler = open_scheduler
        self._outbox = outbox
        self._role_holder = role_holder
        self._now = now
        self._stuck_s = stuck_s
        self._registry = registry

    def wait(self, told: Told | None = None) -> DrainReport | None:
        """Return what was done meanwhile; None where no gateway runs, or it ended before.

        What comes in while it waits is not waited for. ``told`` hears whom it waits for, once.

        Raises:
            GatewayStuck: nothing was recorded for a long time.
        """
        begun, moment = self._log.head(), self._now()
        delivered, told_of = None, None
        seen, grown = begun, monotonic()
        while (holder := self._gateway()) is not None:
            if delivered is None and self._is_delivered(begun, moment):
                delivered = self._log.head()
            if delivered is not None and not self._outbox.has_due(delivered, moment):
                return self._report(begun)
            if told is not None and told_of != holder.pid:
                told(holder)
                told_of = holder.pid
            if self._log.wait(seen, _LOOK_S):
                seen, grown = self._log.head(), monotonic()
            elif monotonic() - grown > self._stuck_s:
                raise _stuck(holder, self._stuck_s)
        return None

    @property
    def sees_gateway(self) -> bool:
        """Whether a gateway has the role at this moment."""
        return self._gateway() is not None

    def _gateway(self) -> Holder | None:
        holder = self._role_holder()
        return holder if holder is not None and holder.part == "gateway" else None

    def _is_delivered(self, until: int, moment: datetime) -> bool:
        """Say whether all that an event up to ``until`` set off, and that was due, is carried out."""
        if self._open_scheduler().is_behind(until):
            return False
        return not self._views.has_due_deliveries(moment, until)

    def _report(self, begun: int) -> DrainReport:
        counts = Counter(_kind(event) for event in self._events(begun))
        return DrainReport(
            scheduled=counts[DeliveryScheduled, ""],
            succeeded=counts[AttemptSucceeded, ""],
            retrying=counts[AttemptFailed, "retrying"],
            dead=counts[DeliveryDeadLettered, ""],
            skipped=counts[DeliverySkipped, ""],
            taken_over=counts[AttemptFailed, "lost"],
            waiting=self._views.open_deliveries(),
            next_retry_at=self._views.next_retry_at(),
            messages=OutboxReport(
                sent=counts[MessageSent, ""],
                retrying=counts[MessageFailed, "retrying"],
                dead=counts[MessageFailed, ""],
                waiting=self._outbox.waiting(),
            ),
        )

    def _events(self, after: int) -> Iterator[Event]:
        while page := self._log.read(after, _PAGE_SIZE):
            after = page[-1].position
            for row in page:
                yield self._registry.decode(row.topic, row.state)


def _kind(event: Event) -> tuple[type[Event], str]:
    """Return what an event counts as."""
    if isinstance(event, AttemptFailed) and event.outcome == "worker_lost":
        return AttemptFailed, "lost"
    if isinstance(event, AttemptFailed | MessageFailed) and event.retry_at is not None:
        return type(event), "retrying"
    return type(event), ""


def _stuck(holder: Holder, seconds: float) -> GatewayStuck:
    words = holder.words
    return GatewayStuck(f"{words[0].upper()}{words[1:]} has recorded nothing for {seconds:.0f} s.")
