"""What the log says of deliveries that were just claimed: one look for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from palyra_events.application import Application, Loaded
from palyra_events.delivery import Delivery
from palyra_events.record import RecordedEvent
from palyra_events.right import Refusal, Right
from palyra_events.store import EventLog
from projections import DeliveryRow


@dataclass(frozen=True, slots=True)
class Prospect:
    """A delivery with the event that set it off, and what its plugin may run as of a position."""

    delivery: Loaded[Delivery]
    trigger: RecordedEvent
    right: Right | Refusal
    as_of: int


class Prospects:
    """Looks deliveries up in the log. Safe to share between threads."""

    def __init__(self, log: EventLog, application: Application) -> None:
        self._log = log
        self._application = application

    def of(self, rows: Sequence[DeliveryRow]) -> list[Prospect]:
        """Return what the log says now of deliveries that the view has.

        Raises:
            LogDamaged: what the view tells of is missing in the log.
        """
        as_of = self._log.head()
        triggers = {
            event.position: event for event in self._log.read_at([row.event_position for row in rows])
        }

        @cache
        def right(plugin_id: str) -> Right | Refusal:
            return self._application.right_to_run(plugin_id, as_of)

        deliveries = self._application.deliveries([row.delivery_id for row in rows])
        return [
            Prospect(delivery, triggers[row.event_position], right(row.plugin_id), as_of)
            for row, delivery in zip(rows, deliveries, strict=True)
        ]
