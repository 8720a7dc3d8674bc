"""What differs between the parts that there are and those that are meant to be."""

from __future__ import annotations

from palyra_events.store.layout import differences

MEANT = {("table", "event"): "a", ("trigger", "guard"): "b"}


def test_equal_parts_do_not_differ():
    """There is nothing to say."""
    assert differences(dict(MEANT), MEANT) == []


def test_each_difference_is_named():
    """What is missing first, then what was changed, then what was added."""
    found = {("table", "event"): "x", ("rule", "sly"): "c"}

    assert differences(found, MEANT) == [
        "The trigger guard is missing.",
        "The table event is not as it was made.",
        "The rule sly was added.",
    ]
