from __future__ import annotations

from datetime import timedelta

import pytest

from palyra_events.retry import DELAY_MS_MAX, FIRST_DELAY_MS, retry_at
from tests.sample_events import MOMENT


@pytest.mark.parametrize("attempt", [1, 2, 3, 8, 12, 13, 100])
def test_the_delay_doubles_up_to_an_hour(attempt):
    """Half of the delay is certain, the other half is jitter."""
    delay_ms = min(FIRST_DELAY_MS * 2 ** (attempt - 1), DELAY_MS_MAX)
    delay = retry_at(MOMENT, "12:greet", attempt) - MOMENT
    assert timedelta(milliseconds=delay_ms // 2) <= delay < timedelta(milliseconds=delay_ms)


def test_the_same_attempt_is_always_due_at_the_same_time():
    """Replaying the log gives the same times, on every machine: these values never change."""
    delays = [(retry_at(MOMENT, "12:greet", n) - MOMENT) // timedelta(milliseconds=1) for n in (1, 2, 3, 20)]
    assert delays == [929, 1592, 3364, 2823356]


def test_a_burst_of_failures_does_not_come_back_as_a_burst():
    """A hundred deliveries that failed at once are spread over at least nine tenths of the jitter."""
    delays = [retry_at(MOMENT, f"{n}:greet", 1) - MOMENT for n in range(100)]
    assert max(delays) - min(delays) > timedelta(milliseconds=0.9 * FIRST_DELAY_MS / 2)
