"""A clock and a source of bytes of which a test knows beforehand what they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from tests.sample_events import MOMENT


def ticking() -> Callable[[], datetime]:
    """Return a clock that is a second later at each look."""
    seconds = count()
    return lambda: MOMENT + timedelta(seconds=next(seconds))


def counting() -> Callable[[int], bytes]:
    """Return a source of bytes that never gives the same twice."""
    number = count(1)
    return lambda size: next(number).to_bytes(size)
