from __future__ import annotations

from datetime import timedelta

import pytest

from palyra_events.delivery import DeliveryRequeued, DeliveryScheduled, DeliverySkipped, DeliveryState
from palyra_events.lifecycle import HookEventKind
from projections import DeliveryFilter, Views
from tests.journal import Journal
from tests.sample_events import MOMENT


@pytest.fixture
def told(journal: Journal) -> Journal:
    """Four deliveries, scheduled a second apart at the positions 1 to 4; the first was skipped at 5."""
    deliveries = [
        (41, "greet", "echo", HookEventKind.SkillEnabled),
        (41, "alarm", "bell", HookEventKind.SkillEnabled),
        (43, "greet", "echo", HookEventKind.GatewayStartup),
        (44, "watch", "echo", HookEventKind.GatewayStartup),
    ]
    for position, hook_id, plugin_id, kind in deliveries:
        journal.add(
            DeliveryScheduled,
            delivery_id=f"{position}:{hook_id}",
            event_position=position,
            event_kind=kind,
            hook_id=hook_id,
            plugin_id=plugin_id,
            ordering_key=f"hook:{hook_id}",
            attempts_max=3,
        )
    journal.add(DeliverySkipped, delivery_id="41:greet", cause="plugin_unbound", as_of=4)
    return journal


@pytest.mark.parametrize(
    ("matching", "found"),
    [
        (DeliveryFilter(), "41:greet 41:alarm 43:greet 44:watch"),
        (DeliveryFilter(states=frozenset({DeliveryState.SKIPPED})), "41:greet"),
        (
            DeliveryFilter(states=frozenset({DeliveryState.SKIPPED, DeliveryState.SCHEDULED})),
            "41:greet 41:alarm 43:greet 44:watch",
        ),
        (DeliveryFilter(hook_id="greet"), "41:greet 43:greet"),
        (DeliveryFilter(plugin_id="echo", hook_id="watch"), "44:watch"),
        (DeliveryFilter(event=41), "41:greet 41:alarm"),
        (DeliveryFilter(event=HookEventKind.GatewayStartup), "43:greet 44:watch"),
        (DeliveryFilter(since=3), "43:greet 44:watch"),
        (DeliveryFilter(since=2, until=3), "41:alarm 43:greet"),
        (DeliveryFilter(since=MOMENT + timedelta(seconds=4)), "44:watch"),
        (DeliveryFilter(until=MOMENT + timedelta(seconds=1)), "41:greet"),
        (DeliveryFilter(changed_since=4), "41:greet 44:watch"),
        (DeliveryFilter(changed_since=MOMENT + timedelta(seconds=5)), "41:greet"),
        (DeliveryFilter(changed_until=3), "41:alarm 43:greet"),
    ],
    ids=str,
)
def test_all_that_a_filter_asks_has_to_hold(views: Views, told: Journal, matching, found):
    """Each part narrows the listing; both ends of a time count, and the count by hook agrees."""
    rows = views.deliveries(matching)

    assert " ".join(row.delivery_id for row in rows) == found
    hooks = [row.hook_id for row in rows]
    assert views.count_deliveries_by_hook(matching) == {
        hook: hooks.count(hook) for hook in sorted(set(hooks))
    }


def test_the_newest_can_come_first(views: Views, told: Journal):
    """What was scheduled last is what people look for first."""
    rows = views.deliveries(limit=2, newest_first=True)

    assert [row.delivery_id for row in rows] == ["44:watch", "43:greet"]


def test_what_has_changed_since_is_not_found(views: Views, told: Journal):
    """A plan that was made at a position leaves alone what moved on after it."""
    told.add(DeliveryRequeued, delivery_id="41:greet", round=2)

    assert views.deliveries(DeliveryFilter(hook_id="greet", changed_until=5))[0].delivery_id == "43:greet"
