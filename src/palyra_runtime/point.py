"""Points in a log as people write them: a position, a moment, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_AGE = re.compile(r"([0-9]{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
#: digits of the positions that databases count to
_DIGITS_MAX = 18


def parse_point(text: str, now: datetime) -> datetime | int | None:
    """Return the position, or the moment in UTC, that a text means; None where it means neither.

    ``1234`` is a position, ``2026-03-01T12:00`` a time, in UTC unless it says otherwise, and ``90m`` is
    so long before ``now``.
    """
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= _DIGITS_MAX:
        return int(wanted)
    try:
        if age := _AGE.fullmatch(wanted):
            return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
        moment = datetime.fromisoformat(wanted)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
