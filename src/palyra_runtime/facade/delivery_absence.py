"""Why there is no delivery where somebody expected one."""

from __future__ import annotations

from palyra_events.errors import UnknownDelivery
from palyra_events.identifiers import surface_hook_id
from palyra_events.lifecycle import kind_of
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_events.store.log import POSITION_MAX
from palyra_events.submission import FormSubmitted
from projections import Views

_NOT_YET = "no gateway and no drain has come so far yet"


class DeliveryAbsence:
    """Looks in the log and at the hooks for what was missing."""

    def __init__(self, log: EventLog, views: Views, registry: Registry = REGISTRY) -> None:
        self._log = log
        self._views = views
        self._registry = registry

    def explain(self, delivery_id: str) -> UnknownDelivery:
        """Return the error that says why there is no delivery of this id."""
        number, _, hook_id = delivery_id.partition(":")
        if not (number.isascii() and number.isdigit() and hook_id and delivery_id.isprintable()):
            return UnknownDelivery(f"There is no delivery {delivery_id[:160]!r}; ids look like 12:greet.")
        return UnknownDelivery(
            f"Delivery {delivery_id[:160]} was never scheduled: {self._reason(int(number), hook_id[:160])}.",
            delivery_id=delivery_id[:160],
        )

    def _reason(self, position: int, hook_id: str) -> str:
        rows = self._log.read(position - 1, 1) if 0 < position <= POSITION_MAX else []
        if not rows:
            return f"the log has no event at position {position}"
        event = self._registry.decode(rows[0].topic, rows[0].state)
        kind = kind_of(event)
        if kind is None:
            return f"no hook can react to {type(event).__name__} at position {position}"
        if isinstance(event, FormSubmitted):
            implied = surface_hook_id(event.plugin_id)
            return _NOT_YET if hook_id == implied else f"the form at position {position} is for {implied}"
        hooks = {row.hook_id: row for row in self._views.hooks_for_event(kind, at=position)}
        if hook_id not in hooks:
            return f"no hook {hook_id} was bound to {kind} when that happened at position {position}"
        if not hooks[hook_id].is_enabled:
            return f"the hook was disabled when {kind} happened at position {position}"
        return _NOT_YET
