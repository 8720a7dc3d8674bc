"""What all forks of a process have in common, made before the first of them."""

from __future__ import annotations

import gc

from palyra_events.registry import REGISTRY
from projections import PROJECTIONS
from projections.code import code_hash
from projections.decoder import Decoder

#: builds of each view that a fork may have: the live one, and the one that it is compared with
_BUILDS = (1, 2)


def warm_up() -> None:
    """Make what every fork would make for itself: tables of views, names of their code, types of events.

    There is no thread and no engine yet. What is in memory now is shared with every fork, until a
    collection of garbage writes to it.
    """
    for projection in PROJECTIONS:
        code_hash(projection)
        for number in _BUILDS:
            projection.of(number)
    Decoder(REGISTRY)
    gc.freeze()
