from __future__ import annotations

from palyra_events.hook import HookBound, HookDisabled
from projections import Projector, Status, Views
from tests.journal import Journal
from tests.sample_events import TARGET


def test_nothing_stands_before_anything_was_folded(views: Views):
    """To ask how views stand does not bring them forward."""
    assert views.status() == []


def test_a_view_tells_how_far_it_has_come(views: Views, journal: Journal, projector: Projector):
    """Position, head, lag and rows, for the live generation."""
    journal.add(HookBound, hook_id="greet", target=TARGET)
    projector.catch_up()
    journal.add(HookDisabled, hook_id="greet")

    hook = next(status for status in views.status() if status.name == "hook")

    assert (hook.generation, hook.state, hook.rows, hook.dead_letters) == (1, Status.LIVE, 1, 0)
    assert (hook.position, hook.head, hook.lag) == (1, 2, 1)


def test_a_rebuild_is_seen_while_it_runs(views: Views, journal: Journal, projector: Projector):
    """Both generations stand side by side until the new one takes over."""
    journal.add(HookBound, hook_id="greet", target=TARGET)
    projector.catch_up()
    seen = []

    projector.rebuild(["hook"], lambda *_: seen.append([(s.generation, s.state) for s in _of_hook(views)]))

    assert seen[0] == [(1, Status.LIVE), (2, Status.BUILDING)]
    assert [(s.generation, s.state) for s in _of_hook(views)] == [(2, Status.LIVE)]


def _of_hook(views: Views):
    return [status for status in views.status() if status.name == "hook"]
