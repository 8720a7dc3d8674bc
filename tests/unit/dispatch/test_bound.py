from __future__ import annotations

from palyra_events.delivery import DeliveryScheduled
from palyra_events.lifecycle import HookEventKind
from palyra_runtime.dispatch.bound import Bound
from tests.stage import HOOK, PLUGIN, Stage, answering


def test_what_is_bound_between_two_events_is_met_by_the_second(each_stage: Stage):
    """Hooks that come, go and change while the scheduler is away meet the events after them alone."""
    each_stage.ready(answering())
    positions = [each_stage.fire()]
    each_stage.palyra.hooks.bind("later", event="gateway:startup", plugin=PLUGIN)
    positions.append(each_stage.fire())
    each_stage.palyra.hooks.disable(HOOK)
    positions.append(each_stage.fire())
    each_stage.palyra.hooks.unbind("later")
    positions.append(each_stage.fire())

    each_stage.scheduler().catch_up()

    scheduled = [event.delivery_id for event in each_stage.events(DeliveryScheduled)]
    assert scheduled == [
        f"{positions[0]}:greet",
        f"{positions[1]}:greet",
        f"{positions[1]}:later",
        f"{positions[2]}:later",
    ]


def test_a_plugin_that_is_bound_anew_is_met_as_it_is_then(stage: Stage):
    """A plugin that is enabled or disabled between two events is asked for again."""
    stage.ready(answering())
    bound = Bound(stage.views, stage.application)
    before = bound.plugin(PLUGIN, stage.fire())
    stage.palyra.plugins.disable(PLUGIN)
    position = stage.fire()
    for row in stage.log.read(0, position - 1):
        bound.pass_by(row)

    after = bound.plugin(PLUGIN, position)

    assert (before.enabled, after.enabled) == (True, False)


def test_nothing_is_asked_twice_while_nothing_changes(stage: Stage):
    """Between two changes the answer is the very one that was given before."""
    stage.ready(answering())
    bound, first = Bound(stage.views, stage.application), stage.fire()
    hooks = bound.hooks(HookEventKind.GatewayStartup, first)
    for row in stage.log.read(first - 1, 1):
        bound.pass_by(row)

    again = bound.hooks(HookEventKind.GatewayStartup, stage.fire())

    assert again is hooks
    assert [row.hook.hook_id for row in again] == [HOOK]
