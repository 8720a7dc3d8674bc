"""The numbers by which a guest names what it was granted."""

from __future__ import annotations

from typing import Literal

CapabilityClass = Literal["http", "secret", "storage", "channel"]

#: distance between the bases of two classes: one grant more would be taken for the next class
GRANTS_PER_CLASS_MAX = 10_000

#: number of the first handle of each class
HANDLE_BASES: dict[CapabilityClass, int] = {
    "http": 10_000,
    "secret": 20_000,
    "storage": 30_000,
    "channel": 40_000,
}

#: the order in which the classes are told by their place
CAPABILITY_CLASSES = tuple(HANDLE_BASES)

#: what a guest gets for an index that it was not granted
NO_HANDLE = -1


def handle_of(name: CapabilityClass, index: int, granted: int) -> int:
    """Return the handle of the grant at ``index`` of ``granted`` ones, or -1 where there is none."""
    return HANDLE_BASES[name] + index if 0 <= index < granted else NO_HANDLE
