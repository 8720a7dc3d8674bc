from __future__ import annotations

from functools import reduce

import pytest

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.delivery import AttemptFailed
from palyra_events.errors import EventTooLarge, IllegalTransition, PluginInUse, UnknownPlugin
from palyra_events.plugin import (
    BINDING_SIZE_MAX,
    Plugin,
    PluginBound,
    PluginDisabled,
    PluginEnabled,
    PluginRebound,
    PluginShowedSurface,
    PluginUnbound,
    adopt_plugin,
    bind_plugin,
    disable_plugin,
    enable_plugin,
    evolve,
    show_surface,
    unbind_plugin,
)
from palyra_events.registry import REGISTRY
from tests.sample_events import BARE_BINDING, BARE_STAMP, BINDING, FULL_STAMP, INVOCATION

UNBOUND, BOUND = Plugin("echo"), Plugin("echo", BINDING)
DISABLED = Plugin("echo", BINDING, enabled=False)


def binding_of_size(size):
    """Return a binding with one grant, so long that it takes ``size`` bytes."""
    grants = PluginCapabilityProfile(secrets=("s",))
    binding = BINDING.model_copy(update={"grants": grants})
    room = size - len(binding.model_dump_json()) + 1
    return binding.model_copy(update={"grants": PluginCapabilityProfile(secrets=("s" * room,))})


def test_a_plugin_is_bound():
    """Binding names the module that the operator looked at and every grant."""
    assert bind_plugin(UNBOUND, BINDING, BARE_STAMP) == [
        BARE_STAMP.on(PluginBound, plugin_id="echo", binding=BINDING)
    ]


def test_a_plugin_is_bound_anew():
    """Another binding is another event, so that hooks and audits see the change."""
    assert bind_plugin(BOUND, BARE_BINDING, BARE_STAMP) == [
        BARE_STAMP.on(PluginRebound, plugin_id="echo", binding=BARE_BINDING)
    ]


def test_binding_to_the_same_changes_nothing():
    """Who repeats a command does not fill the log."""
    assert bind_plugin(BOUND, BINDING, BARE_STAMP) == []


def test_grants_in_another_order_are_the_same_binding():
    """Grants are canonical, so order, blanks and repeats make no difference."""
    grants = PluginCapabilityProfile(
        http_hosts=(" api.example.com ", "api.example.com", ""),
        secrets=("token", "token"),
        storage_prefixes=("notes/",),
        channels=("ops",),
    )
    assert bind_plugin(BOUND, BINDING.model_copy(update={"grants": grants}), BARE_STAMP) == []


@pytest.mark.parametrize("event", [PluginBound, PluginRebound])
def test_the_state_is_the_last_binding(event):
    """Whatever it was before, the plugin is what it was bound to last."""
    assert (
        evolve(Plugin("echo", BARE_BINDING), BARE_STAMP.on(event, plugin_id="echo", binding=BINDING)) == BOUND
    )


def test_other_events_change_nothing():
    """A stream may come to hold events that this rule does not know."""
    assert evolve(BOUND, BARE_STAMP.on(AttemptFailed, delivery_id="1:a", attempt=1, outcome="x")) == BOUND


def test_a_binding_of_the_largest_size_can_fail_with_the_longest_message():
    """Whatever is bound, the outcome of each of its attempts fits into an event."""
    binding = binding_of_size(BINDING_SIZE_MAX)
    (bound,) = bind_plugin(UNBOUND, binding, FULL_STAMP)
    invocation = INVOCATION.model_copy(update={"grants": binding.grants})
    failed = FULL_STAMP.on(
        AttemptFailed, delivery_id="1:a", attempt=1, outcome="x", message="\x01" * 1000, invocation=invocation
    )
    assert REGISTRY.encode(bound)
    assert REGISTRY.encode(failed)


def test_a_binding_that_is_too_large_is_refused():
    """It is refused when it is made, not when an attempt's outcome cannot be recorded."""
    with pytest.raises(EventTooLarge) as refused:
        bind_plugin(UNBOUND, binding_of_size(BINDING_SIZE_MAX + 1), BARE_STAMP)
    assert refused.value.details == {"plugin_id": "echo"}


def test_a_plugin_with_storage_has_a_line_of_its_own():
    """Its attempts come one after the other; those of others need not."""
    assert Plugin("echo", BINDING).exclusive_key == "plugin:echo"
    assert Plugin("echo", BARE_BINDING).exclusive_key is None
    assert Plugin("echo").exclusive_key is None


def test_a_plugin_with_a_surface_has_a_line_of_its_own():
    """What one attempt shows the next one changes; that it shows something is noted once."""
    (noted,) = show_surface(Plugin("echo", BARE_BINDING), "desk", 41, BARE_STAMP)
    after = evolve(Plugin("echo", BARE_BINDING), noted)

    assert noted == BARE_STAMP.on(PluginShowedSurface, plugin_id="echo", surface="desk", position=41)
    assert after.exclusive_key == "plugin:echo"
    assert show_surface(after, "board", 42, BARE_STAMP) == []


def test_an_unbound_plugin_keeps_its_surface():
    """What it shows stays under its name, and so does the order of what is done to it."""
    (event,) = unbind_plugin(Plugin("echo", BARE_BINDING, has_surface=True), [], BARE_STAMP)

    assert evolve(BOUND, event).exclusive_key is None
    assert evolve(Plugin("echo", BARE_BINDING, has_surface=True), event) == Plugin("echo", has_surface=True)


def test_a_plugin_is_switched_off_and_on():
    """Each switch is one event, and leads to the other state."""
    (off,), (on,) = disable_plugin(BOUND, BARE_STAMP), enable_plugin(DISABLED, BARE_STAMP)
    assert off == BARE_STAMP.on(PluginDisabled, plugin_id="echo")
    assert on == BARE_STAMP.on(PluginEnabled, plugin_id="echo")
    assert (evolve(BOUND, off), evolve(DISABLED, on)) == (DISABLED, BOUND)


def test_a_disabled_plugin_that_is_bound_anew_stays_disabled():
    """Changing what a plugin runs does not switch it on."""
    (event,) = bind_plugin(DISABLED, BARE_BINDING, BARE_STAMP)
    assert evolve(DISABLED, event) == Plugin("echo", BARE_BINDING, enabled=False)


@pytest.mark.parametrize(("plugin", "switch"), [(BOUND, enable_plugin), (DISABLED, disable_plugin)])
def test_switching_to_the_present_state_is_refused(plugin, switch):
    """A second switch is a misunderstanding, and is said to be one."""
    with pytest.raises(IllegalTransition) as refused:
        switch(plugin, BARE_STAMP)
    assert refused.value.details == {"plugin_id": "echo"}


@pytest.mark.parametrize(
    "change", [enable_plugin, disable_plugin, lambda plugin, stamp: unbind_plugin(plugin, [], stamp)]
)
def test_a_plugin_that_is_not_bound_is_unknown(change):
    """No change makes a plugin up."""
    with pytest.raises(UnknownPlugin):
        change(UNBOUND, BARE_STAMP)


@pytest.mark.parametrize("plugin", [BOUND, DISABLED])
def test_an_unbound_plugin_is_as_if_it_had_never_been(plugin):
    """Whatever is bound under its name next begins enabled, with what it is given then."""
    (event,) = unbind_plugin(plugin, [], BARE_STAMP)
    assert event == BARE_STAMP.on(PluginUnbound, plugin_id="echo")
    assert evolve(plugin, event) == UNBOUND


def test_a_plugin_that_hooks_use_is_not_unbound():
    """The refusal names the hooks that stand in the way."""
    with pytest.raises(PluginInUse, match=r"used by alarm, greet\.") as refused:
        unbind_plugin(BOUND, ["alarm", "greet"], BARE_STAMP)
    assert refused.value.details == {"plugin_id": "echo", "hooks": ["alarm", "greet"]}


@pytest.mark.parametrize(
    ("plugin", "binding", "enabled", "kinds"),
    [
        (UNBOUND, BINDING, True, [PluginBound]),
        (UNBOUND, BINDING, False, [PluginBound, PluginDisabled]),
        (BOUND, BINDING, True, []),
        (BOUND, BINDING, False, [PluginDisabled]),
        (DISABLED, BARE_BINDING, True, [PluginRebound, PluginEnabled]),
        (DISABLED, BARE_BINDING, False, [PluginRebound]),
    ],
)
def test_a_plugin_becomes_what_it_is_elsewhere(plugin, binding, enabled, kinds):
    """Binding and switch are as they were there, by no more events than that takes."""
    events = adopt_plugin(plugin, binding, BARE_STAMP, enabled=enabled)

    assert [type(event) for event in events] == kinds
    assert reduce(evolve, events, plugin) == Plugin("echo", binding, enabled=enabled)
