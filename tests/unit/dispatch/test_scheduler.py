from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from palyra_events.delivery import DeliveryScheduled
from palyra_events.errors import DatabaseLocked, StalePosition
from palyra_events.event import Event
from palyra_events.hook import HookBound, Target
from palyra_events.lifecycle import HookEventKind, kind_of
from palyra_events.registry import REGISTRY
from palyra_events.schedule import schedule
from projections import DeliveryRow
from tests.journal import Journal
from tests.stage import PLUGIN, SKILL, Stage, answering


@pytest.fixture
def plugin(stage: Stage) -> Stage:
    """A stage on which there is a plugin that no hook uses yet."""
    return with_plugin(stage)


@pytest.fixture
def each_plugin(each_stage: Stage) -> Stage:
    """The same over each database."""
    return with_plugin(each_stage)


def with_plugin(stage: Stage) -> Stage:
    stage.install(answering())
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    return stage


def bind(stage: Stage, *hooks: str, event: str = "gateway:startup") -> None:
    for hook in hooks:
        stage.palyra.hooks.bind(hook, event=event, plugin=PLUGIN)


def hooks_of(deliveries: list[DeliveryRow]) -> list[str]:
    return [row.hook_id for row in deliveries]


def test_each_hook_of_the_kind_gets_the_event_once_in_the_order_of_ids(each_plugin):
    """One event becomes one delivery for each hook that is bound to its kind, and no other."""
    bind(each_plugin, "zeta", "alpha", "mid")
    bind(each_plugin, "other", event="skill:disabled")
    position = each_plugin.fire()

    count = each_plugin.scheduler().catch_up()

    assert count == 3
    assert [row.delivery_id for row in each_plugin.views.deliveries()] == [
        f"{position}:alpha",
        f"{position}:mid",
        f"{position}:zeta",
    ]


def test_a_delivery_names_its_event_and_what_led_to_it(plugin):
    """The scheduled event has the trigger's time and correlation, and the trigger as its cause."""
    bind(plugin, "greet")
    position = plugin.fire()
    plugin.clock.move(hours=1)

    plugin.scheduler().catch_up()

    (scheduled,) = plugin.events(DeliveryScheduled)
    started = plugin.events(after=position - 1)[0]
    assert (scheduled.timestamp, scheduled.correlation_id) == (started.timestamp, started.correlation_id)
    assert (scheduled.actor, scheduled.causation_id) == ("system:scheduler", f"position:{position}")
    assert (scheduled.event_position, scheduled.ordering_key) == (position, "hook:greet")


def test_a_hook_does_not_see_events_from_before_it_was_bound(plugin):
    """A hook that is bound after an event, and before it is scheduled, does not react to it."""
    bind(plugin, "early")
    plugin.fire()
    bind(plugin, "late")

    plugin.scheduler().catch_up()

    assert hooks_of(plugin.views.deliveries()) == ["early"]


def test_a_hook_sees_an_event_although_it_was_disabled_afterwards(plugin):
    """What counts is what the hook was when the event happened, not when the scheduler looked."""
    bind(plugin, "greet")
    plugin.fire()
    plugin.palyra.hooks.disable("greet")

    plugin.scheduler().catch_up()

    assert hooks_of(plugin.views.deliveries()) == ["greet"]


def test_a_disabled_hook_does_not_react(plugin):
    """Between disable and enable a hook gets nothing, and afterwards it gets what happens then."""
    bind(plugin, "greet")
    plugin.palyra.hooks.disable("greet")
    plugin.fire()
    plugin.palyra.hooks.enable("greet")
    seen = plugin.fire()

    plugin.scheduler().catch_up()

    assert [row.delivery_id for row in plugin.views.deliveries()] == [f"{seen}:greet"]


def test_a_hook_that_is_bound_anew_reacts_to_the_new_kind_only(plugin):
    """Rebinding a hook to another kind moves it: the old kind does not reach it any more."""
    bind(plugin, "greet")
    bind(plugin, "greet", event="skill:disabled")
    plugin.fire()
    plugin.palyra.skills.disable(SKILL)

    plugin.scheduler().catch_up()

    assert [row.event_kind for row in plugin.views.deliveries()] == ["skill:disabled"]


def test_events_of_a_downtime_are_scheduled_by_the_next_scheduler(plugin):
    """A scheduler that starts late begins where the last one stopped, and misses nothing."""
    bind(plugin, "greet")
    first = plugin.fire()
    plugin.scheduler().catch_up()
    missed = [plugin.fire() for _ in range(3)]

    count = plugin.scheduler().catch_up()

    assert count == 3
    assert [row.event_position for row in plugin.views.deliveries()] == [first, *missed]


def test_a_second_scheduler_stands_back(each_plugin):
    """Of two schedulers at work, one schedules; the other is refused, and nothing is doubled."""
    bind(each_plugin, "greet")
    first, second = each_plugin.scheduler(), each_plugin.scheduler()
    each_plugin.fire()
    first.catch_up()

    with pytest.raises(StalePosition):
        second.catch_up()

    assert len(each_plugin.events(DeliveryScheduled)) == 1


def test_a_scheduler_that_stood_back_goes_on_from_the_recorded_position(plugin):
    """After StalePosition a new scheduler finds nothing to do."""
    bind(plugin, "greet")
    plugin.fire()
    plugin.scheduler().catch_up()

    assert plugin.scheduler().catch_up() == 0


def test_the_position_is_kept_with_the_deliveries(each_plugin):
    """The scheduler's position is the event's whose deliveries it appended."""
    bind(each_plugin, "greet")
    position = each_plugin.fire()

    each_plugin.scheduler().catch_up()

    assert each_plugin.log.position("scheduler") == position


def test_the_position_is_kept_now_and_then_when_nobody_reacts(plugin, monkeypatch):
    """A long log without hooks is not read again from its beginning at each start."""
    monkeypatch.setattr("palyra_runtime.dispatch.scheduler._KEEP_EVERY", 3)

    plugin.scheduler().catch_up()

    assert plugin.log.position("scheduler") == plugin.log.head()


def test_replaying_the_log_gives_the_same_deliveries(each_plugin):
    """Scheduling is a pure function of the log: from zero, it gives what was recorded, byte for byte."""
    bind(each_plugin, "b", "a")
    each_plugin.fire()
    each_plugin.scheduler().catch_up()
    each_plugin.palyra.hooks.disable("a")
    each_plugin.fire()
    each_plugin.palyra.hooks.enable("a")
    each_plugin.fire()
    each_plugin.scheduler().catch_up()

    replayed = list(replay(each_plugin))

    assert [event.hook_id for event in replayed] == ["a", "b", "b", "a", "b"]
    assert replayed == each_plugin.events(DeliveryScheduled)


def replay(stage: Stage) -> Iterator[Event]:
    for row in stage.log.read(0, 1000):
        event = REGISTRY.decode(row.topic, row.state)
        if kind := kind_of(event):
            hooks = stage.views.hooks_for_event(kind, at=row.position)
            bound = partial(stage.application.plugin, as_of=row.position)
            yield from schedule(row.position, event, [found.hook for found in hooks], bound)


def test_five_thousand_hooks_on_one_event_are_scheduled_in_one_append(stage):
    """However many hooks an event meets, its deliveries come together with the position, or not at all."""
    target = Target(event_kind=HookEventKind.GatewayStartup, plugin_id=PLUGIN)
    Journal(stage.log).add_all(
        [(HookBound, {"hook_id": f"h{number:05}", "target": target}) for number in range(5_000)]
    )
    position = stage.fire()

    count = stage.scheduler().catch_up()

    assert count == 5_000
    assert stage.log.head() == position + 5_000
    assert stage.log.position("scheduler") == position


def test_events_that_are_there_already_are_scheduled_in_few_appends(each_plugin, monkeypatch):
    """A burst costs as many commits as fit its deliveries, and each delivery is as it would be alone."""
    bind(each_plugin, "alpha", "beta")
    positions = [each_plugin.fire() for _ in range(30)]
    appends = []
    append = each_plugin.log.append
    monkeypatch.setattr(
        each_plugin.log, "append", lambda *events, **rest: appends.append(events) or append(*events, **rest)
    )

    assert each_plugin.scheduler().catch_up() == 60

    assert len(appends) == 1
    scheduled = each_plugin.events(DeliveryScheduled)
    assert [event.delivery_id for event in scheduled] == [
        f"{position}:{hook}" for position in positions for hook in ("alpha", "beta")
    ]
    assert each_plugin.log.position("scheduler") == positions[-1]


def test_a_scheduler_that_found_the_database_locked_goes_on_where_it_was(stage, monkeypatch):
    """What could not be appended is appended by the next call, once."""
    with_plugin(stage)
    bind(stage, "alpha")
    position = stage.fire()
    scheduler = stage.scheduler()

    def locked(*_events: object, **_rest: object) -> None:
        raise DatabaseLocked

    with monkeypatch.context() as patched:
        patched.setattr(stage.log, "append", locked)
        with pytest.raises(DatabaseLocked):
            scheduler.catch_up()

    scheduler.catch_up()

    assert [event.delivery_id for event in stage.events(DeliveryScheduled)] == [f"{position}:alpha"]
