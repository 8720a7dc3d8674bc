from __future__ import annotations

import pytest

from palyra_events.errors import UnknownDelivery, UnknownSkill
from palyra_events.hook import HookBound, HookDisabled
from palyra_events.lifecycle import HookEventKind
from projections import ViewBehind, Views
from tests.journal import Journal
from tests.sample_events import MOMENT, TARGET


def test_an_answer_is_never_stale(views: Views, journal: Journal):
    """Each question first brings the views to the head of the log."""
    journal.add(HookBound, hook_id="greet", target=TARGET)

    assert [row.hook_id for row in views.hooks()] == ["greet"]


def test_an_answer_as_it_is_folds_nothing(views: Views, journal: Journal):
    """Who has just caught up is not made to do so again."""
    journal.add(HookBound, hook_id="greet", target=TARGET)
    views.hooks()
    journal.add(HookDisabled, hook_id="greet")

    assert views.as_is.hooks()[0].is_enabled


def test_an_answer_as_it_is_needs_views(views: Views):
    """Before anything was folded there is no answer, rather than an empty one."""
    with pytest.raises(ViewBehind):
        views.as_is.hooks()


@pytest.mark.parametrize("question", ["event", "plugin", "listing"])
def test_no_answer_is_given_about_events_that_are_not_folded(views: Views, journal: Journal, question: str):
    """A hook that the view has not seen yet must not be missed in silence."""
    journal.add(HookBound, hook_id="greet", target=TARGET)
    views.hooks()
    journal.add(HookDisabled, hook_id="greet")
    ask = {
        "event": lambda: views.as_is.hooks_for_event(HookEventKind.SkillEnabled, at=3),
        "plugin": lambda: views.as_is.hooks_for_plugin("echo", at=3),
        "listing": lambda: views.as_is.hooks(at=2),
    }

    with pytest.raises(ViewBehind) as behind:
        ask[question]()

    assert behind.value.details["position"] == 2


def test_the_event_after_the_last_one_folded_can_be_asked_about(views: Views, journal: Journal):
    """An event at N needs the events before it, not itself."""
    journal.add(HookBound, hook_id="greet", target=TARGET)
    views.hooks()

    assert [row.hook_id for row in views.as_is.hooks_for_event(HookEventKind.SkillEnabled, at=2)] == ["greet"]


def test_what_was_never_made_is_not_found(views: Views):
    """A delivery and a skill that do not exist are said to be unknown, by name."""
    with pytest.raises(UnknownDelivery, match="1:greet"):
        views.delivery("1:greet")
    with pytest.raises(UnknownSkill, match=r"acme\.echo"):
        views.releases("acme.echo")


def test_an_empty_log_has_empty_views(views: Views):
    """The first question of a new installation has an answer."""
    assert (views.skills(), views.plugins(), views.hooks(), views.deliveries(), views.audit()) == (
        [], [], [], [], [],
    )  # fmt: skip
    assert (views.due_deliveries(MOMENT), views.next_retry_at(), views.attempts("1:greet")) == ([], None, [])
