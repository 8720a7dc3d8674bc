from __future__ import annotations

from palyra_events.hook import Hook, HookBound, HookDisabled, HookEnabled, HookRebound, Target
from palyra_events.lifecycle import HookEventKind
from projections import Views
from tests.journal import Journal

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

    assert "ix_hook_g1_event_kind_valid_to" in by_kind
    assert "ix_hook_g1_plugin_id_valid_to" in by_plugin
