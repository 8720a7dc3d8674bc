from __future__ import annotations

from functools import reduce

import pytest
from pydantic import ValidationError

from palyra_events.errors import IllegalTransition, UnknownHook
from palyra_events.hook import (
    Hook,
    HookBound,
    HookDisabled,
    HookEnabled,
    HookRebound,
    HookUnbound,
    Target,
    adopt_hook,
    bind_hook,
    disable_hook,
    enable_hook,
    evolve,
    unbind_hook,
)
from palyra_events.lifecycle import HookEventKind
from palyra_events.publisher import PublisherPinned
from tests.sample_events import BARE_STAMP, BARE_TARGET, TARGET

UNBOUND = Hook("greet")
ENABLED = Hook("greet", TARGET)
DISABLED = Hook("greet", TARGET, enabled=False)


def test_a_hook_is_bound():
    """A new hook reacts from the start."""
    (event,) = bind_hook(UNBOUND, TARGET, BARE_STAMP)
    assert event == BARE_STAMP.on(HookBound, hook_id="greet", target=TARGET)
    assert evolve(UNBOUND, event) == ENABLED


def test_a_hook_is_bound_anew():
    """Another target is another event."""
    (event,) = bind_hook(ENABLED, BARE_TARGET, BARE_STAMP)
    assert event == BARE_STAMP.on(HookRebound, hook_id="greet", target=BARE_TARGET)


def test_a_disabled_hook_that_is_bound_anew_stays_disabled():
    """Changing what a hook does does not switch it on."""
    (event,) = bind_hook(DISABLED, BARE_TARGET, BARE_STAMP)
    assert evolve(DISABLED, event) == Hook("greet", BARE_TARGET, enabled=False)


@pytest.mark.parametrize("hook", [ENABLED, DISABLED])
def test_binding_to_the_same_changes_nothing(hook):
    """Who repeats a command does not fill the log."""
    assert bind_hook(hook, TARGET, BARE_STAMP) == []


@pytest.mark.parametrize(
    ("hook", "target", "enabled", "kinds"),
    [
        (UNBOUND, TARGET, True, [HookBound]),
        (UNBOUND, TARGET, False, [HookBound, HookDisabled]),
        (ENABLED, TARGET, True, []),
        (ENABLED, TARGET, False, [HookDisabled]),
        (DISABLED, BARE_TARGET, True, [HookRebound, HookEnabled]),
        (DISABLED, BARE_TARGET, False, [HookRebound]),
    ],
)
def test_a_hook_becomes_what_it_is_elsewhere(hook, target, enabled, kinds):
    """Target and switch are as they were there, by no more events than that takes."""
    events = adopt_hook(hook, target, BARE_STAMP, enabled=enabled)

    assert [type(event) for event in events] == kinds
    assert reduce(evolve, events, hook) == Hook("greet", target, enabled=enabled)


def test_a_hook_is_switched_off_and_on():
    """Each switch is one event, and leads to the other state."""
    (off,) = disable_hook(ENABLED, BARE_STAMP)
    (on,) = enable_hook(DISABLED, BARE_STAMP)
    assert off == BARE_STAMP.on(HookDisabled, hook_id="greet")
    assert on == BARE_STAMP.on(HookEnabled, hook_id="greet")
    assert (evolve(ENABLED, off), evolve(DISABLED, on)) == (DISABLED, ENABLED)


@pytest.mark.parametrize(("hook", "switch"), [(ENABLED, enable_hook), (DISABLED, disable_hook)])
def test_switching_to_the_present_state_is_refused(hook, switch):
    """A second switch is a misunderstanding, and is said to be one."""
    with pytest.raises(IllegalTransition) as refused:
        switch(hook, BARE_STAMP)
    assert refused.value.details == {"hook_id": "greet"}


@pytest.mark.parametrize("hook", [ENABLED, DISABLED])
def test_an_unbound_hook_is_as_if_it_had_never_been(hook):
    """Whatever is bound under its name next begins enabled."""
    (event,) = unbind_hook(hook, BARE_STAMP)
    assert event == BARE_STAMP.on(HookUnbound, hook_id="greet")
    assert evolve(hook, event) == UNBOUND


@pytest.mark.parametrize("switch", [enable_hook, disable_hook, unbind_hook])
def test_a_hook_that_is_not_bound_is_unknown(switch):
    """No switch makes a hook up."""
    with pytest.raises(UnknownHook):
        switch(UNBOUND, BARE_STAMP)


def test_other_events_change_nothing():
    """A stream may come to hold events that this rule does not know."""
    pinned = BARE_STAMP.on(PublisherPinned, publisher="acme", key_id="k", public_key="4b" * 32)
    assert evolve(DISABLED, pinned) == DISABLED


@pytest.mark.parametrize("attempts_max", [0, -1, 101])
def test_a_hook_tries_a_sane_number_of_times(attempts_max):
    """No hook tries never, and none for ever."""
    with pytest.raises(ValidationError):
        Target(event_kind=HookEventKind.SkillEnabled, plugin_id="echo", attempts_max=attempts_max)
