from __future__ import annotations

import pytest

from palyra_events.errors import UnknownEvent
from palyra_events.hook import HookBound, HookDisabled, HookEnabled, HookRebound
from palyra_runtime.facade import AttemptsOutOfRange
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
