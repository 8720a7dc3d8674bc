"""Which deliveries a lifecycle event becomes: a pure function of the log.

Replaying it must give the same deliveries, so it sees the event, its position, and the hooks and
plugins as of that position, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from palyra_events.delivery import DeliveryScheduled
from palyra_events.event import Event, Stamp
from palyra_events.hook import ATTEMPTS_MAX_DEFAULT, Hook, Ordering, Target
from palyra_events.identifiers import delivery_id, surface_hook_id
from palyra_events.lifecycle import kind_of
from palyra_events.plugin import Plugin, exclusive_key
from palyra_events.submission import FormSubmitted

SCHEDULER = "system:scheduler"


def schedule(
    position: int, event: Event, hooks: Iterable[Hook], plugin: Callable[[str], Plugin]
) -> list[DeliveryScheduled]:
    """Return one delivery for each enabled hook of the event's kind, in the order of hook ids.

    A form has one, to the plugin whose surface it is on, through a hook that nobody binds.

    ``plugin`` gives the plugin of an id as of the position. Order is kept as the hook says, or among the
    deliveries of a plugin where what one of them stores is read by the next.

    The deliveries bear the event's own time: the moment at which the scheduler happened to look is
    no fact about the world.
    """
    stamp = Stamp(event.timestamp, SCHEDULER, event.correlation_id, f"position:{position}")
    kind = kind_of(event)
    if isinstance(event, FormSubmitted):
        return [_of_form(position, event, stamp)]
    return [
        stamp.on(
            DeliveryScheduled,
            delivery_id=delivery_id(position, hook.hook_id),
            event_position=position,
            event_kind=kind,
            hook_id=hook.hook_id,
            plugin_id=hook.target.plugin_id,
            ordering_key=_ordering_key(position, hook, hook.target, plugin(hook.target.plugin_id)),
            attempts_max=hook.target.attempts_max,
        )
        for hook in sorted(hooks, key=lambda hook: hook.hook_id)
        if hook.enabled and hook.target is not None and hook.target.event_kind is kind
    ]


def _of_form(position: int, form: FormSubmitted, stamp: Stamp) -> DeliveryScheduled:
    hook_id = surface_hook_id(form.plugin_id)
    return stamp.on(
        DeliveryScheduled,
        delivery_id=delivery_id(position, hook_id),
        event_position=position,
        event_kind=kind_of(form),
        hook_id=hook_id,
        plugin_id=form.plugin_id,
        ordering_key=exclusive_key(form.plugin_id),
        attempts_max=ATTEMPTS_MAX_DEFAULT,
    )


def _ordering_key(position: int, hook: Hook, target: Target, plugin: Plugin) -> str:
    """Return the key of which one delivery is carried out at a time; one that keeps no order has its own."""
    if plugin.exclusive_key is not None:
        return plugin.exclusive_key
    if target.ordering is Ordering.NONE:
        return delivery_id(position, hook.hook_id)
    if target.ordering is Ordering.SKILL and plugin.binding is not None:
        return f"skill:{plugin.binding.skill_id}"
    return f"hook:{hook.hook_id}"
