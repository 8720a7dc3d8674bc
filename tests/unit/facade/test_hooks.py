from __future__ import annotations

import pytest

from palyra_events.errors import UnknownEvent, UnknownHook
from palyra_events.hook import HookBound, HookDisabled, HookEnabled, HookRebound, Ordering
from palyra_runtime.facade import AttemptsOutOfRange, UnknownOrdering
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering, unchanged


@pytest.fixture
def bound(stage: Stage) -> Stage:
    """A stage with a plugin and no hook."""
    stage.install(answering())
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    return stage


def test_a_hook_is_bound_as_it_is_typed(bound: Stage):
    """Names and kinds are normalised; the attempts are the policy's."""
    row = bound.palyra.hooks.bind(" GREET ", event="Skill:Enabled", plugin="Echo")

    assert (row.hook_id, row.event_kind, row.plugin_id) == (HOOK, "skill:enabled", PLUGIN)
    assert (row.attempts_max, row.is_enabled) == (5, True)


def test_binding_to_the_same_changes_nothing(bound: Stage):
    """Repeating a command is harmless."""
    bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)

    with unchanged(bound.log):
        bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)


def test_binding_anew_keeps_what_was(bound: Stage):
    """A rebound hook is another row from then on; the past can be asked for."""
    bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)
    before = bound.log.head()

    row = bound.palyra.hooks.bind(HOOK, event="skill:disabled", plugin=PLUGIN, attempts_max=1)

    assert (row.event_kind, row.attempts_max) == ("skill:disabled", 1)
    assert [type(event) for event in bound.events(HookBound, HookRebound)] == [HookBound, HookRebound]
    assert [past.event_kind for past in bound.palyra.hooks.list(at=before)] == ["skill:enabled"]


def test_a_hook_is_switched_off_and_on(bound: Stage):
    """Each switch is an event with a reason, and the row says how the hook stands."""
    bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)

    off = bound.palyra.hooks.disable(HOOK, reason="at night")
    on = bound.palyra.hooks.enable(HOOK, reason="morning")

    assert (off.is_enabled, on.is_enabled) == (False, True)
    assert [type(event) for event in bound.events(HookDisabled, HookEnabled)] == [HookDisabled, HookEnabled]
    assert [detail.reason for detail in bound.palyra.events.newest(2)] == ["at night", "morning"]


def test_a_hook_that_is_bound_anew_stays_off(bound: Stage):
    """Changing what a hook does is no way to switch it on."""
    bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)
    bound.palyra.hooks.disable(HOOK)

    row = bound.palyra.hooks.bind(HOOK, event="skill:disabled", plugin=PLUGIN)

    assert not row.is_enabled


def test_a_policy_that_allows_very_many_attempts_is_bounded(bound: Stage):
    """A hundred attempts are the most that a hook takes, whatever the policy says."""
    generous = bound.open("generous", policy=WasmPluginRunnerPolicy(attempts_max=1000))

    row = generous.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)

    assert row.attempts_max == 100
    with pytest.raises(AttemptsOutOfRange, match="1 to 100"):
        generous.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN, attempts_max=101)


def test_the_future_of_a_hook_is_unknown(bound: Stage):
    """Nobody knows which hooks there will be."""
    with pytest.raises(UnknownEvent):
        bound.palyra.hooks.list(at=bound.log.head() + 1)


def test_a_hook_says_which_order_it_keeps(bound: Stage):
    """By default its own; what was chosen is shown, and changed by binding anew."""
    chosen = [
        bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN, **asked).ordering
        for asked in ({}, {"ordering": "none"}, {"ordering": Ordering.SKILL})
    ]

    assert chosen == ["hook", "none", "skill"]


def test_an_order_that_there_is_not_is_refused(bound: Stage):
    """A typing error binds nothing."""
    with unchanged(bound.log), pytest.raises(UnknownOrdering, match="'random'"):
        bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN, ordering="random")


def test_rebinding_changes_what_is_named_and_nothing_else(bound: Stage):
    """A hook keeps its event, attempts, ordering and switch, unless they are named."""
    bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN, attempts_max=3, ordering="none")
    bound.palyra.hooks.disable(HOOK)
    bound.palyra.plugins.bind("other", skill=SKILL)

    row = bound.palyra.hooks.rebind(" Greet ", plugin="other", reason="faster")

    assert (row.event_kind, row.plugin_id, row.attempts_max) == ("skill:enabled", "other", 3)
    assert (row.ordering, row.is_enabled) == (Ordering.NONE, False)
    assert bound.palyra.events.newest(1)[0].reason == "faster"


def test_rebinding_without_a_change_changes_nothing(bound: Stage):
    """Who names nothing, or what is so already, does not fill the log."""
    bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)

    with unchanged(bound.log):
        bound.palyra.hooks.rebind(HOOK, plugin=PLUGIN)


def test_a_hook_that_moves_to_a_phase_leaves_its_queue_behind(bound: Stage):
    """Attempts and ordering mean nothing there, and the rule for a missing answer means nothing here."""
    bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN, attempts_max=3, ordering="none")

    asked = bound.palyra.hooks.rebind(HOOK, event="run:before_tool", on_failure="continue")
    kept = bound.palyra.hooks.rebind(HOOK, event="run:before_run")
    queued = bound.palyra.hooks.rebind(HOOK, event="skill:disabled")

    assert (asked.attempts_max, asked.on_failure) == (1, "continue")
    assert (kept.event_kind, kept.on_failure) == ("run:before_run", "continue")
    assert (queued.attempts_max, queued.ordering) == (5, Ordering.HOOK)


def test_an_unbound_hook_does_not_react_any_more(bound: Stage):
    """What was scheduled before is carried out; what it was can still be asked for."""
    bound.palyra.skills.enable(SKILL)
    bound.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)
    bound.fire()
    bound.scheduler().catch_up()
    before = bound.log.head()

    bound.palyra.hooks.unbind(HOOK, reason="not needed")
    bound.fire()
    report = bound.palyra.dispatch.drain()

    assert (report.scheduled, report.succeeded) == (0, 1)
    assert bound.palyra.hooks.list() == []
    assert [row.hook_id for row in bound.palyra.hooks.list(at=before)] == [HOOK]


def test_a_hook_that_was_unbound_can_be_bound_again(bound: Stage):
    """Its name is free, and it begins enabled."""
    bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)
    bound.palyra.hooks.disable(HOOK)
    bound.palyra.hooks.unbind(HOOK)

    assert bound.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN).is_enabled


@pytest.mark.parametrize("change", ["rebind", "unbind"])
def test_a_hook_that_is_not_bound_is_unknown(bound: Stage, change):
    """No change makes a hook up."""
    with unchanged(bound.log), pytest.raises(UnknownHook):
        getattr(bound.palyra.hooks, change)(HOOK)
