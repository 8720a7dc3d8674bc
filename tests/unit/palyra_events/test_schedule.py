from __future__ import annotations

from itertools import permutations

import pytest

from palyra_events.delivery import DeliveryScheduled
from palyra_events.event import Stamp
from palyra_events.hook import Hook, Ordering, Target
from palyra_events.lifecycle import HookEventKind, kind_of
from palyra_events.plugin import Plugin
from palyra_events.schedule import schedule
from tests.sample_events import BARE_BINDING, BINDING, SAMPLES

EVENTS = {type(sample.full).__name__: sample.full for sample in SAMPLES}
ENABLED = EVENTS["SkillEnabled"]


def hook(hook_id, kind=HookEventKind.SkillEnabled, *, enabled=True, **target: object):
    return Hook(hook_id, Target(event_kind=kind, plugin_id=f"{hook_id}-plugin", **target), enabled)


def test_an_event_becomes_a_delivery():
    """The delivery names event, hook and plugin, and has the event's own time and correlation."""
    stamp = Stamp(ENABLED.timestamp, "system:scheduler", ENABLED.correlation_id, "position:41")
    assert schedule(41, ENABLED, [hook("greet", attempts_max=3)], Plugin) == [
        stamp.on(
            DeliveryScheduled,
            delivery_id="41:greet",
            event_position=41,
            event_kind=HookEventKind.SkillEnabled,
            hook_id="greet",
            plugin_id="greet-plugin",
            ordering_key="hook:greet",
            attempts_max=3,
        )
    ]


@pytest.mark.parametrize("order", list(permutations(["a", "a-b", "a.b", "b"])))
def test_deliveries_are_in_the_order_of_hook_ids(order):
    """The same hooks in whatever order give the same deliveries in one order, compared bytewise."""
    scheduled = schedule(41, ENABLED, [hook(hook_id) for hook_id in order], Plugin)
    assert [delivery.hook_id for delivery in scheduled] == ["a", "a-b", "a.b", "b"]


def test_only_enabled_hooks_of_the_kind_are_meant():
    """A disabled hook, an unbound one and one of another kind get nothing."""
    hooks = [
        hook("off", enabled=False),
        Hook("unbound"),
        hook("other", HookEventKind.SkillDisabled),
        hook("phase", HookEventKind.RunBeforeRun),
        hook("on"),
    ]
    assert [delivery.hook_id for delivery in schedule(41, ENABLED, hooks, Plugin)] == ["on"]


@pytest.mark.parametrize("name", sorted(name for name, event in EVENTS.items() if kind_of(event) is None))
def test_an_event_that_is_no_lifecycle_event_schedules_nothing(name):
    """An outcome fires no hook, so no hook can fire itself."""
    assert schedule(41, EVENTS[name], [hook(kind.name.lower(), kind) for kind in HookEventKind], Plugin) == []


def test_a_form_becomes_one_delivery_to_the_owner_of_its_surface():
    """Whatever hooks there are: it goes through one that nobody binds, and waits for all the plugin does."""
    form = EVENTS["FormSubmitted"]
    stamp = Stamp(form.timestamp, "system:scheduler", form.correlation_id, "position:41")
    hooks = [hook(kind.name.lower(), kind) for kind in HookEventKind]
    assert schedule(41, form, hooks, Plugin) == [
        stamp.on(
            DeliveryScheduled,
            delivery_id="41:surface:echo",
            event_position=41,
            event_kind=HookEventKind.FormSubmitted,
            hook_id="surface:echo",
            plugin_id="echo",
            ordering_key="plugin:echo",
            attempts_max=5,
        )
    ]


def test_scheduling_is_a_function_of_the_log():
    """Whoever replays the log gets the same deliveries; the hooks are given as of the position."""
    hooks = [hook("b"), hook("a")]
    assert schedule(41, ENABLED, iter(hooks), Plugin) == schedule(41, ENABLED, hooks, Plugin)


def test_the_same_event_at_another_position_is_another_delivery():
    """Enabling a skill twice reaches a hook twice."""
    (first,), (second,) = (schedule(position, ENABLED, [hook("greet")], Plugin) for position in (41, 42))
    assert (first.delivery_id, second.delivery_id) == ("41:greet", "42:greet")


def test_a_plugin_with_storage_gets_its_deliveries_one_after_the_other():
    """What one delivery stores the next one reads, so all hooks of such a plugin share one line."""
    bound = {"a-plugin": Plugin("a-plugin", BINDING), "b-plugin": Plugin("b-plugin", BARE_BINDING)}
    scheduled = schedule(41, ENABLED, [hook("a"), hook("b")], bound.__getitem__)
    assert [delivery.ordering_key for delivery in scheduled] == ["plugin:a-plugin", "hook:b"]


@pytest.mark.parametrize(
    ("ordering", "key"),
    [(Ordering.HOOK, "hook:a"), (Ordering.SKILL, "skill:acme.echo"), (Ordering.NONE, "41:a")],
)
def test_a_hook_says_among_which_deliveries_order_is_kept(ordering, key):
    """Its own, those of its plugin's skill, or none: then each delivery is a line of its own."""
    (delivery,) = schedule(41, ENABLED, [hook("a", ordering=ordering)], lambda id_: Plugin(id_, BARE_BINDING))
    assert delivery.ordering_key == key


@pytest.mark.parametrize("ordering", Ordering)
def test_storage_goes_before_what_a_hook_says(ordering):
    """A plugin that stores values runs one attempt at a time, whatever its hooks would like."""
    (delivery,) = schedule(41, ENABLED, [hook("a", ordering=ordering)], lambda id_: Plugin(id_, BINDING))
    assert delivery.ordering_key == "plugin:a-plugin"


def test_a_plugin_with_a_surface_gets_its_deliveries_one_after_the_other():
    """What one delivery shows the next one changes."""
    plugin = Plugin("a-plugin", BARE_BINDING, has_surface=True)
    (delivery,) = schedule(41, ENABLED, [hook("a")], lambda _: plugin)
    assert delivery.ordering_key == "plugin:a-plugin"


def test_a_skill_that_is_not_known_orders_by_hook():
    """A plugin that was unbound before the event belongs to no skill; its delivery is skipped in its turn."""
    (delivery,) = schedule(41, ENABLED, [hook("a", ordering=Ordering.SKILL)], Plugin)
    assert delivery.ordering_key == "hook:a"
