"""The moment after which an invocation waits for nothing any more."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from palyra_runtime.capabilities.refusal import Refused


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the clock of ``time.monotonic``."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that many seconds from now."""
        return cls(monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds left: more than 0, so that no socket waits without end.

        Raises:
            Refused: ``timeout``: none are left.
        """
        seconds = self.at - monotonic()
        if seconds <= 0:
            raise late()
        return seconds


def late() -> Refused:
    """Return the answer to a request that ran out of time."""
    return Refused("timeout", "The request took longer than the time that it had.")
