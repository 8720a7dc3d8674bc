from __future__ import annotations

from palyra_events.lifecycle import HookEventKind
from palyra_events.right import Refusal, Right
from palyra_runtime.replay.past import Past
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering

STARTUP = HookEventKind.GatewayStartup


def past_of(stage: Stage, upto: int | None = None) -> Past:
    past = Past()
    for row in stage.log.read(0, 1_000, upto):
        past.look_at(row)
    return past


def test_the_past_is_what_the_views_say(stage: Stage):
    """At each position, hooks and rights are those that scheduler and workers found there."""
    stage.ready(answering())
    stage.palyra.hooks.disable(HOOK)
    stage.palyra.plugins.disable(PLUGIN)
    stage.palyra.hooks.enable(HOOK)
    stage.palyra.plugins.enable(PLUGIN)
    stage.palyra.skills.disable(SKILL, reason="done")
    stage.palyra.hooks.unbind(HOOK)

    past = past_of(stage)

    for position in range(stage.log.head() + 1):
        hooks = [row.hook for row in stage.views.hooks_for_event(STARTUP, position + 1) if row.is_enabled]
        assert past.hooks(STARTUP, position) == hooks
        assert past.right(PLUGIN, position) == stage.application.right_to_run(PLUGIN, position)


def test_what_is_asked_on_the_way_is_as_of_then(stage: Stage):
    """What was found is kept, and looked up anew after the next event that could change it."""
    stage.ready(answering())
    head = stage.log.head()
    past = past_of(stage)
    before = (past.hooks(STARTUP, head), past.right(PLUGIN, head))
    stage.palyra.hooks.disable(HOOK)
    stage.palyra.plugins.disable(PLUGIN)

    for row in stage.log.read(head, 10):
        past.look_at(row)

    assert ([hook.hook_id for hook in before[0]], isinstance(before[1], Right)) == ([HOOK], True)
    assert past.hooks(STARTUP, stage.log.head()) == []
    assert past.right(PLUGIN, stage.log.head()) is Refusal.PLUGIN_DISABLED
    assert (past.hooks(STARTUP, head), past.right(PLUGIN, head)) == before


def test_of_what_never_was_there_is_nothing(stage: Stage):
    """An unknown hook is not bound, an unknown plugin may run nothing."""
    past = past_of(stage)

    assert past.hook("nobody", 5).target is None
    assert past.plugin_of_hook("nobody", 5) is None
    assert past.right("nobody", 5) is Refusal.PLUGIN_UNBOUND
    assert past.skill("acme.nothing", 5).enabled is None


def test_the_hook_of_a_surface_names_its_plugin(stage: Stage):
    """Nobody binds it; one that is bound leads to the plugin that it was bound to."""
    stage.ready(answering())
    past = past_of(stage)

    assert past.plugin_of_hook("surface:desk", 1) == "desk"
    assert past.plugin_of_hook(HOOK, stage.log.head()) == PLUGIN
