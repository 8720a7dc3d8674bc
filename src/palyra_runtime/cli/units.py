"""Numbers and times as people read them; programs get them raw, as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_BINARY_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
#: microseconds in each unit, the largest first
_DURATIONS = ((60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"), (1, "µs"))
#: seconds in each unit, the largest first
_AGES = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def moment(value: datetime | None) -> str:
    """Return a time to the second, such as ``2026-01-31 09:00:00 UTC``; nothing for None."""
    return "" if value is None else f"{short_moment(value)} UTC"


def short_moment(value: datetime) -> str:
    """Return a time to the second, for a column whose title says that it is in UTC."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")


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


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 delivery``, ``2 deliveries``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"
