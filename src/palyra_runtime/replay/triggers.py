"""The lifecycle events that deliveries come of: those that were read last are in memory."""

from __future__ import annotations

from collections import OrderedDict

from palyra_events.errors import LogDamaged
from palyra_events.event import Event
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_events.store.log import POSITION_MAX

#: events that are kept; the attempts of most deliveries come soon after them
_KEPT_MAX = 4_096


class Triggers:
    """Finds lifecycle events by their positions. For one thread."""

    def __init__(self, log: EventLog, registry: Registry = REGISTRY) -> None:
        self._log = log
        self._registry = registry
        self._kept: OrderedDict[int, Event] = OrderedDict()

    def keep(self, position: int, event: Event) -> None:
        """Remember an event that was read."""
        self._kept[position] = event
        if len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)

    def at(self, position: int) -> Event:
        """Return the event at a position.

        Raises:
            LogDamaged: there is none.
        """
        if position not in self._kept:
            rows = self._log.read_at([position]) if position <= POSITION_MAX else []
            if not rows:
                raise LogDamaged(f"There is no event at position {position} that a hook could be told of.")
            self.keep(position, self._registry.decode(rows[0].topic, rows[0].state))
        return self._kept[position]
