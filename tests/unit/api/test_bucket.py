from __future__ import annotations

from dataclasses import dataclass

import pytest

from palyra_runtime.api.bucket import Buckets, Rate, TooManyRequests


@dataclass
class Seconds:
    """A clock that a test moves."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_through_and_then_one_at_a_time():
    """In the long run nobody gets more than the rate."""
    seconds = Seconds()
    buckets = Buckets(Rate(per_s=2, burst=3), seconds)

    waits = [buckets.take("ada") for _ in range(4)]
    seconds.now += 0.5
    later = [buckets.take("ada"), buckets.take("ada")]

    assert waits == [0, 0, 0, 0.5]
    assert later == [0, 0.5]


def test_a_bucket_is_never_fuller_than_the_burst():
    """Who was quiet for a day does not get a day's requests at once."""
    seconds = Seconds()
    buckets = Buckets(Rate(per_s=1, burst=2), seconds)
    seconds.now += 86_400

    assert [buckets.take("ada") > 0 for _ in range(3)] == [False, False, True]


def test_each_name_has_a_bucket_of_its_own():
    """Nobody waits because of somebody else."""
    buckets = Buckets(Rate(per_s=1, burst=1), Seconds())

    assert [buckets.take("ada"), buckets.take("bob")] == [0, 0]


def test_many_names_take_no_more_memory():
    """Who asks under ever new names is forgotten, and so is who has not asked for long."""
    buckets = Buckets(Rate(per_s=1, burst=1), Seconds(), names_max=2)
    for name in ("a", "b", "c"):
        buckets.take(name)

    assert len(buckets._levels) == 2


def test_too_many_requests_are_told_with_the_wait():
    """So that a program knows when to come again."""
    buckets = Buckets(Rate(per_s=0.5, burst=1), Seconds())
    buckets.check("ada")

    with pytest.raises(TooManyRequests) as caught:
        buckets.check("ada")
    assert caught.value.retry_after_s == 2
