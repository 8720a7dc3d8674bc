from __future__ import annotations

import pytest

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.delivery import AttemptFailed
from palyra_events.errors import EventTooLarge
from palyra_events.plugin import BINDING_SIZE_MAX, Plugin, PluginBound, PluginRebound, bind_plugin, evolve
from palyra_events.registry import REGISTRY
from tests.sample_events import BARE_BINDING, BARE_STAMP, BINDING, FULL_STAMP, INVOCATION

UNBOUND, BOUND = Plugin("echo"), Plugin("echo", BINDING)


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
