from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from palyra_runtime.cli import units


@pytest.mark.parametrize(
    ("count_bytes", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (1024**2 - 1, "1.0 MiB"),
        (8 * 1024**2, "8.0 MiB"),
        (5 * 1024**4, "5.0 TiB"),
        (5000 * 1024**4, "5000.0 TiB"),
    ],
)
def test_a_size_is_shown_in_the_unit_that_fits(count_bytes, shown):
    """Bytes are counted in powers of 1024, with one decimal."""
    assert units.size(count_bytes) == shown


@pytest.mark.parametrize(
    ("microseconds", "shown"),
    [
        (0, "0 µs"),
        (999, "999 µs"),
        (1_000, "1.0 ms"),
        (1_234_567, "1.2 s"),
        (90_000_000, "1.5 min"),
    ],
)
def test_a_duration_is_shown_in_the_unit_that_fits(microseconds, shown):
    """Durations go from microseconds to minutes."""
    assert units.duration(microseconds) == shown


def test_a_moment_is_shown_in_utc():
    """Times of any zone are shown in UTC, to the second, and say so."""
    moment = datetime(2026, 1, 31, 10, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))

    assert units.moment(moment) == "2026-01-31 09:00:00 UTC"


def test_no_moment_is_nothing():
    """What has not happened has no time."""
    assert units.moment(None) == ""


def test_a_moment_has_one_width():
    """Columns of times line up, also in early years."""
    assert units.short_moment(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01 00:00:00"


@pytest.mark.parametrize(
    ("number", "noun", "shown"),
    [
        (0, "delivery", "0 deliveries"),
        (1, "delivery", "1 delivery"),
        (1200, "delivery", "1,200 deliveries"),
        (2, "secret", "2 secrets"),
    ],
)
def test_a_noun_agrees_with_its_number(number, noun, shown):
    """One is singular, everything else plural."""
    assert units.plural(number, noun) == shown


def test_thousands_are_marked():
    """Large counts can be read at a glance."""
    assert units.count(12_345_678) == "12,345,678"


@pytest.mark.parametrize(
    ("elapsed", "shown"),
    [
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=400), "400 d"),
    ],
)
def test_an_age_is_shown_in_the_largest_unit_that_fits(elapsed, shown):
    """Roughly, and never more than it is."""
    assert units.age(elapsed) == shown
