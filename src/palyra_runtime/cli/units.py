"""Numbers and times as people read them; programs get them raw, as JSON."""

from __future__ import annotations

from datetime import timedelta

from palyra_runtime.wording import moment, plural, short_moment

__all__ = ["age", "count", "duration", "moment", "plural", "short_moment", "size"]

_BINARY_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
#: microseconds in each unit, the largest first
_DURATIONS = ((60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"), (1, "µs"))
#: seconds in each unit, the largest first
_AGES = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def age(elapsed: timedelta) -> str:
    """Return how long ago something was, roughly, such as ``3 h``."""
    seconds = max(0, int(elapsed.total_seconds()))
    scale, unit = next((entry for entry in _AGES if seconds >= entry[0]), _AGES[-1])
    return f"{seconds // scale} {unit}"


def size(count_bytes: int) -> str:
    """Return a number of bytes, such as ``1.5 MiB``."""
    value, unit = float(count_bytes), 0
    while round(value, 1) >= 1024 and unit < len(_BINARY_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.0f} B" if unit == 0 else f"{value:.1f} {_BINARY_UNITS[unit]}"


def duration(microseconds: int) -> str:
    """Return a duration, such as ``1.5 ms``."""
    scale, unit = next((entry for entry in _DURATIONS if microseconds >= entry[0]), _DURATIONS[-1])
    return f"{microseconds} {unit}" if scale == 1 else f"{microseconds / scale:.1f} {unit}"


def count(number: int) -> str:
    """Return a number with its thousands marked, such as ``12,345``."""
    return f"{number:,}"
