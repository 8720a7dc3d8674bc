"""What one caller wants recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from palyra_events.blob import Blob
from palyra_events.record import NewEvent, RecordedEvent


@dataclass(frozen=True, slots=True)
class Append:
    """Events, blobs to keep and to drop, and a consumer's position, to record together or not at all.

    ``drops`` are the digests of blobs that are not kept any more.
    ``unsure`` says that it was tried before and the answer was lost, so it may be recorded already.
    """

    events: Sequence[NewEvent]
    blobs: Sequence[Blob] = ()
    tracking: tuple[str, int] | None = None
    drops: Sequence[bytes] = ()
    unsure: bool = False


class Lookup(Protocol):
    """Finds one event by its place in its stream."""

    def at(self, event: NewEvent) -> RecordedEvent | None:
        """Return the event recorded at this version of this stream."""
        ...


def recorded_before(append: Append, log: Lookup) -> Sequence[int] | None:
    """Return the positions of an append that was recorded although its answer was lost, else None.

    It counts only if every row is there with the same bytes, one after the other. An append
    without events leaves nothing to recognise it by.
    """
    if not append.unsure or not append.events:
        return None
    positions = []
    for wanted in append.events:
        found = log.at(wanted)
        if found is None or (found.topic, found.state) != (wanted.topic, wanted.state):
            return None
        positions.append(found.position)
    return positions if all(later == earlier + 1 for earlier, later in pairwise(positions)) else None
