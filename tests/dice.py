"""Choices that a seed decides, the same on every machine and in every version of Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Dice:
    """Thrown one after the other; a failing test names the seed."""

    seed: str
    _throws: count[int] = field(default_factory=count)

    def fraction(self) -> float:
        """Return a number from 0 up to, and without, 1."""
        digest = hashlib.sha256(f"{self.seed}/{next(self._throws)}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    def pick(self, things: Sequence[T]) -> T:
        """Return one of the things."""
        return things[int(self.fraction() * len(things))]
