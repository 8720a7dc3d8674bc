"""What happens to deliveries, event by event, as it comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from palyra_events import delivery as deliveries
from palyra_events.event import Event
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from projections.summary import summarize

#: the events of a delivery
CHANGES: tuple[type[Event], ...] = (
    deliveries.DeliveryScheduled,
    deliveries.AttemptSucceeded,
    deliveries.AttemptFailed,
    deliveries.DeliveryDeadLettered,
    deliveries.DeliverySkipped,
    deliveries.DeliveryCancelled,
    deliveries.DeliveryRequeued,
    deliveries.DeliveryHastened,
)
#: those of them that somebody may have to look after
TROUBLES: tuple[type[Event], ...] = (
    deliveries.AttemptFailed,
    deliveries.DeliveryDeadLettered,
    deliveries.DeliverySkipped,
)

#: events that are read at once
_PAGE_SIZE = 500
#: events before the end of the log among which the latest changes are looked for
LOOK_BACK_MAX = 20_000


@dataclass(frozen=True, slots=True)
class DeliveryChange:
    """One event of a delivery, in words."""

    position: int
    timestamp: datetime
    delivery_id: str
    event: str
    summary: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFilter:
    """Which changes somebody asks for: of one hook, or only those that mean trouble."""

    hook_id: str | None = None
    only_troubles: bool = False

    def takes(self, kind: type[Event], delivery_id: str) -> bool:
        """Tell whether a change is asked for that an event of a type made."""
        if self.only_troubles and kind not in TROUBLES:
            return False
        return self.hook_id is None or delivery_id.partition(":")[2] == self.hook_id


class DeliveryChanges:
    """Reads the changes of deliveries from the log. It holds one page of it, however much there is."""

    def __init__(self, log: EventLog, registry: Registry = REGISTRY) -> None:
        self._log = log
        self._registry = registry
        self._topics = {name.partition("@")[0] for kind, name in registry.topics.items() if kind in CHANGES}

    def tail(self, limit: int, matching: ChangeFilter, *, follow: bool) -> Iterator[DeliveryChange]:
        """Yield the latest changes, at most ``limit``, the oldest first, and to ``follow`` those to come."""
        head = self._log.head()
        yield from self._latest(head, limit, matching)
        if follow:
            yield from self._follow(head, matching)

    def _latest(self, end: int, limit: int, matching: ChangeFilter) -> Sequence[DeliveryChange]:
        """Return the latest changes, looked for among the last `LOOK_BACK_MAX` events of the log."""
        found: list[DeliveryChange] = []
        first = max(0, end - LOOK_BACK_MAX)
        while len(found) < limit and end > first:
            start = max(first, end - _PAGE_SIZE)
            rows = self._log.read(start, end - start)
            found = [change for row in rows if (change := self._change(row, matching))] + found
            end = start
        return found[max(0, len(found) - limit) :]

    def _follow(self, after: int, matching: ChangeFilter) -> Iterator[DeliveryChange]:
        with closing(self._log.subscribe(after)) as tail:
            for row in tail:
                if change := self._change(row, matching):
                    yield change

    def _change(self, row: RecordedEvent, matching: ChangeFilter) -> DeliveryChange | None:
        name = row.topic.partition("@")[0]
        if name not in self._topics:
            return None
        event = self._registry.decode(row.topic, row.state)
        subject, text = summarize(event)
        if not matching.takes(type(event), subject.id):
            return None
        return DeliveryChange(row.position, event.timestamp, subject.id, name, text, event.actor)
