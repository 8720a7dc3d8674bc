"""Points that people name on the command line: a position in the log, a moment, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from palyra_runtime import clock
from palyra_runtime.cli.command import Decorator

_AGE = re.compile(r"([0-9]{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class PointType(click.ParamType[datetime | int]):
    """Reads a position, such as 1234, a time, such as 2026-03-01T12:00, or an age, such as 90m.

    A time is in UTC, unless it says otherwise.
    """

    name = "point"

    def __init__(self, now: clock.Clock = clock.now) -> None:
        self._now = now

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | int:
        """Return the position, or the moment in UTC."""
        if isinstance(value, datetime | int):
            return value
        text = str(value).strip()
        if text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
        moment = self._moment(text)
        if moment is None:
            self.fail(
                f"{text[:80]!r} is neither a position, nor a time such as 2026-03-01T12:00, "
                "nor an age such as 90m.",
                param,
                ctx,
            )
        return moment

    def _moment(self, text: str) -> datetime | None:
        try:
            if age := _AGE.fullmatch(text):
                return self._now() - timedelta(**{_UNITS[age[2]]: int(age[1])})
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


POINT = PointType()
#: how help names it
POINT_METAVAR = "TIME|POSITION"

#: for every listing: time travel
at_option: Decorator = click.option(
    "--at",
    type=POINT,
    metavar=POINT_METAVAR,
    help="As it was then: at a position of the log, at 2026-03-01T12:00 (UTC), or 90m ago.",
)
