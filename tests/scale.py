"""How much a test does: what fits into every run, or all of it where somebody has the time."""

from __future__ import annotations

import os

#: set by ``scripts/full-test``
FULL_SIZE_VARIABLE = "PALYRA_FULL_TEST"


def scaled(usual: int, full: int) -> int:
    """Return the size for an ordinary run of the tests, or the full one."""
    return full if os.environ.get(FULL_SIZE_VARIABLE) else usual
