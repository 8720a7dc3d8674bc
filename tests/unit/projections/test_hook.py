from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import Engine, insert

from palyra_events.hook import Hook, HookBound, HookDisabled, HookEnabled, HookRebound, HookUnbound, Target
from palyra_events.lifecycle import HookEventKind
from projections import HookRow, Views
from projections.hook import HookView
from tests.journal import Journal
from tests.sample_events import MOMENT

ENABLED = Target(event_kind=HookEventKind.SkillEnabled, plugin_id="echo", attempts_max=3)
STARTUP = Target(event_kind=HookEventKind.GatewayStartup, plugin_id="other")


def _met(views: Views, kind: HookEventKind, at: int) -> list[tuple[str, bool]]:
    return [(row.hook_id, row.is_enabled) for row in views.hooks_for_event(kind, at)]


def test_an_event_meets_the_hooks_that_were_bound_before_it(views: Views, journal: Journal):
    """A hook does not see the event that bound it, but the one after it."""
    journal.add(HookBound, hook_id="greet", target=ENABLED)

    assert _met(views, HookEventKind.SkillEnabled, at=1) == []
    assert _met(views, HookEventKind.SkillEnabled, at=2) == [("greet", True)]


def test_the_event_that_ends_a_row_still_meets_it(views: Views, journal: Journal):
    """What disables a hook meets it enabled; disabled hooks are still met, and say so."""
    journal.add(HookBound, hook_id="greet", target=ENABLED)
    journal.add(HookDisabled, hook_id="greet")
    journal.add(HookEnabled, hook_id="greet")

    met = [_met(views, HookEventKind.SkillEnabled, at=position) for position in (2, 3, 4)]

    assert met == [[("greet", True)], [("greet", False)], [("greet", True)]]


def test_a_hook_that_is_bound_anew_is_met_under_its_new_kind(views: Views, journal: Journal):
    """The old kind is met up to that event, the new one from the next on; it stays disabled."""
    journal.add(HookBound, hook_id="greet", target=ENABLED)
    journal.add(HookDisabled, hook_id="greet")
    journal.add(HookRebound, hook_id="greet", target=STARTUP)

    assert _met(views, HookEventKind.SkillEnabled, at=3) == [("greet", False)]
    assert _met(views, HookEventKind.SkillEnabled, at=4) == []
    assert _met(views, HookEventKind.GatewayStartup, at=4) == [("greet", False)]


def test_an_unbound_hook_is_met_no_more_until_it_is_bound_again(views: Views, journal: Journal):
    """The event that unbinds it still meets it; bound again, it begins enabled, and its past stays."""
    journal.add(HookBound, hook_id="greet", target=ENABLED)
    journal.add(HookDisabled, hook_id="greet")
    journal.add(HookUnbound, hook_id="greet")
    journal.add(HookBound, hook_id="greet", target=STARTUP)

    kinds = [HookEventKind.SkillEnabled] * 2 + [HookEventKind.GatewayStartup]
    met = [_met(views, kind, at) for kind, at in zip(kinds, (3, 4, 5), strict=True)]

    assert met == [[("greet", False)], [], [("greet", True)]]
    assert [row.event_kind for row in views.hooks()] == [HookEventKind.GatewayStartup]
    assert views.hooks(at=3) == []


def test_hooks_are_met_in_the_order_of_their_ids(views: Views, journal: Journal):
    """Deliveries are scheduled in hook-id order, whatever order they were bound in."""
    journal.add_all([(HookBound, {"hook_id": name, "target": ENABLED}) for name in ("b", "a", "a-1", "_")])

    assert [name for name, _ in _met(views, HookEventKind.SkillEnabled, at=5)] == ["_", "a", "a-1", "b"]


def test_a_row_is_the_hook_that_scheduling_knows(views: Views, journal: Journal):
    """Nothing is lost between the log, the row and the rule."""
    journal.add(HookBound, hook_id="greet", target=ENABLED)

    (row,) = views.hooks()

    assert row.hook == Hook("greet", ENABLED, enabled=True)
    assert (row.valid_from, row.valid_to) == (1, None)


def test_hooks_of_a_plugin_are_those_bound_to_it_then(views: Views, journal: Journal):
    """A hook that moved to another plugin is found under the one that it had."""
    journal.add(HookBound, hook_id="greet", target=ENABLED)
    journal.add(HookRebound, hook_id="greet", target=STARTUP)

    assert [row.hook_id for row in views.hooks_for_plugin("echo", at=2)] == ["greet"]
    assert [row.hook_id for row in views.hooks_for_plugin("echo", at=3)] == []
    assert [row.hook_id for row in views.hooks_for_plugin("other", at=3)] == ["greet"]


def test_a_listing_of_the_past_shows_what_an_event_left(views: Views, journal: Journal):
    """A listing at a position includes the event at that position."""
    journal.add(HookBound, hook_id="greet", target=ENABLED)
    journal.add(HookDisabled, hook_id="greet")

    listed = [[(row.hook_id, row.is_enabled) for row in views.hooks(at=at)] for at in (0, 1, 2)]

    assert listed == [[], [("greet", True)], [("greet", False)]]


def test_times_tell_when_it_was_bound_and_when_it_changed(views: Views, journal: Journal):
    """The first binding's time is carried through all changes."""
    journal.add(HookBound, hook_id="greet", target=ENABLED)
    bound = views.hooks()[0]
    journal.add(HookRebound, hook_id="greet", target=STARTUP)
    journal.add(HookDisabled, hook_id="greet")

    (row,) = views.hooks()

    assert row.bound_at == bound.bound_at == bound.changed_at < row.changed_at


def test_hooks_are_found_by_an_index(views: Views, plan_of):
    """A hundred thousand hooks of other kinds and plugins cost nothing: no question walks through them."""
    views.hooks()

    by_kind = plan_of(lambda: views.as_is.hooks_for_event(HookEventKind.SkillEnabled, 1))
    by_plugin = plan_of(lambda: views.as_is.hooks_for_plugin("echo", 1))

    assert "ix_hook_g1_kind" in by_kind
    assert "ix_hook_g1_plugin" in by_plugin


@pytest.mark.slow
def test_hooks_of_other_kinds_cost_an_event_nothing(views: Views, engine: Engine, rows_read):
    """Beside twenty thousand hooks of another kind, and as many that were rebound, one is read."""
    views.hooks()
    table = HookView.of(1).hook.table
    with engine.begin() as connection:
        connection.execute(insert(table), list(_hooks(HookEventKind.SkillDisabled, None)))
        connection.execute(insert(table), list(_hooks(HookEventKind.SkillQuarantined, 5)))
        connection.execute(insert(table), [*_hooks(HookEventKind.SkillEnabled, None)][:1])
        connection.exec_driver_sql("ANALYZE")

    def ask() -> list[HookRow]:
        return views.as_is.hooks_for_event(HookEventKind.SkillEnabled, 1)

    assert ask() == []
    assert 0 < rows_read("hook_g1", ask) < 50


def _hooks(kind: HookEventKind, valid_to: int | None) -> Iterator[Mapping[str, object]]:
    for number in range(20_000):
        yield {
            "hook_id": f"{kind.name.lower()}-{number}",
            "valid_from": 2,
            "valid_to": valid_to,
            "event_kind": kind.value,
            "plugin_id": "echo",
            "attempts_max": 5,
            "ordering": "hook",
            "on_failure": "block",
            "is_enabled": True,
            "bound_at": MOMENT,
            "changed_at": MOMENT,
        }
