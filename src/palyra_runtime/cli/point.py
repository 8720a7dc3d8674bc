"""Points that people name on the command line: a position in the log, a moment, or how long ago."""

from __future__ import annotations

from datetime import datetime

import click

from palyra_runtime import clock
from palyra_runtime.cli.command import Decorator
from palyra_runtime.point import parse_point


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
        point = parse_point(text, self._now())
        if point is None:
            self.fail(
                f"{text[:80]!r} is neither a position, nor a time such as 2026-03-01T12:00, "
                "nor an age such as 90m.",
                param,
                ctx,
            )
        return point


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
