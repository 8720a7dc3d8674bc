"""How often somebody may ask: a bucket of tokens that fills at a steady rate."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from palyra_events.errors import Unavailable


class TooManyRequests(Unavailable):
    """More was asked for than is allowed in so short a time."""

    code = "TOO_MANY_REQUESTS"
    advice = "Wait as many seconds as Retry-After says, then ask again."
    retryable = True

    @property
    def retry_after_s(self) -> float:
        """Seconds after which it can be asked for again."""
        return float(str(self.details["retry_after_s"]))


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second in the long run, and ``burst`` of them at once."""

    per_s: float
    burst: int


@dataclass(slots=True)
class _Level:
    requests: float
    at: float


class Buckets:
    """A bucket for each of those who asked last; whoever is forgotten begins with a full one."""

    def __init__(self, rate: Rate, seconds: Callable[[], float], names_max: int = 10_000) -> None:
        self._rate = rate
        self._seconds = seconds
        self._names_max = names_max
        self._levels: OrderedDict[Hashable, _Level] = OrderedDict()

    def take(self, name: Hashable) -> float:
        """Take one request out of a bucket and return 0, or the seconds until an empty one has one."""
        now = self._seconds()
        level = self._levels.pop(name, None) or _Level(self._rate.burst, now)
        filled = min(self._rate.burst, level.requests + (now - level.at) * self._rate.per_s)
        missing = max(0.0, 1.0 - filled)
        self._levels[name] = _Level(filled if missing else filled - 1.0, now)
        while len(self._levels) > self._names_max:
            self._levels.popitem(last=False)
        return missing / self._rate.per_s

    def check(self, name: Hashable) -> None:
        """Take one request out of a bucket.

        Raises:
            TooManyRequests: it is empty.
        """
        if wait_s := self.take(name):
            raise TooManyRequests(retry_after_s=wait_s)
