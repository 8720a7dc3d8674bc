from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from palyra_runtime.cli.point import PointType

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
POINT = PointType(lambda: NOON)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("0", 0),
        (" 1234 ", 1234),
        ("2026-02-28T09:30", datetime(2026, 2, 28, 9, 30, tzinfo=UTC)),
        ("2026-02-28T09:30+02:00", datetime(2026, 2, 28, 7, 30, tzinfo=UTC)),
        ("2026-02-28T09:30:15.5Z", datetime(2026, 2, 28, 9, 30, 15, 500_000, UTC)),
        ("2026-02-28", datetime(2026, 2, 28, tzinfo=UTC)),
        ("90m", datetime(2026, 3, 1, 10, 30, tzinfo=UTC)),
        ("2d", datetime(2026, 2, 27, 12, tzinfo=UTC)),
    ],
)
def test_a_point_is_a_position_a_time_or_an_age(text, point):
    """Times are in UTC unless they say otherwise; ages go back from now."""
    assert POINT.convert(text, None, None) == point


@pytest.mark.parametrize(
    "text", ["", "yesterday", "-1", "9" * 30, "90 m", "999999w", "2026-13-01", "0001-01-01T00:00+02:00", "٣"]
)
def test_what_is_no_point_is_refused(text):
    """The message says what would do."""
    with pytest.raises(click.BadParameter, match=r"nor an age such as 90m"):
        POINT.convert(text, None, None)


def test_a_point_stays_what_it_is():
    """A default that is a point already is not read again."""
    assert POINT.convert(NOON, None, None) is NOON
