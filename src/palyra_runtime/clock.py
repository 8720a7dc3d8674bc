"""The real clock and the real randomness: their one home.

Everything else is handed them, so that a test can say what time it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
Entropy: TypeAlias = Callable[[int], bytes]


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is its one home


def entropy(size: int) -> bytes:
    """Return ``size`` bytes that nobody can guess."""
    return os.urandom(size)
