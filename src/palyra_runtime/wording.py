"""Times and numbers inside sentences."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(value: datetime | None) -> str:
    """Return a time to the second, such as ``2026-01-31 09:00:00 UTC``; nothing for None."""
    return "" if value is None else f"{short_moment(value)} UTC"


def short_moment(value: datetime) -> str:
    """Return a time to the second, for a column whose title says that it is in UTC."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 delivery``, ``2 deliveries``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"
