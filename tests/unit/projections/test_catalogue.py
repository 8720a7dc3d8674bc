from __future__ import annotations

from projections import PROJECTIONS


def test_views_have_names_of_their_own():
    """A name stands for one view, and the list is in order."""
    names = [projection.name for projection in PROJECTIONS]

    assert names == sorted(set(names))


def test_only_what_nothing_acts_upon_may_skip_an_event():
    """Scheduling and dispatch never rest on a view with holes."""
    assert [projection.name for projection in PROJECTIONS if not projection.is_decision] == [
        "audit",
        "audit_search",
        "bindings",
        "decision",
    ]
