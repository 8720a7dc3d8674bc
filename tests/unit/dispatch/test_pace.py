from __future__ import annotations

from palyra_runtime.dispatch import Pace


def test_a_plugin_that_was_never_carried_out_is_not_quick():
    """Nothing is known of it, so nobody counts on it."""
    assert not Pace().is_quick("echo")


def test_the_last_attempt_tells_whether_a_plugin_is_quick():
    """Ten milliseconds are quick; a microsecond more is not, until it is quick again."""
    pace, told = Pace(), []

    for duration_us in (10_000, 10_001, 0):
        pace.note("echo", duration_us)
        told.append(pace.is_quick("echo"))

    assert told == [True, False, True]
    assert not pace.is_quick("other")
