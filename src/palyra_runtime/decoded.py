"""Reading the whole log fast, for whoever asks what its events name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from palyra_events.event import Event
from palyra_events.registry import REGISTRY
from palyra_events.store.snapshot import Snapshot
from projections.decoder import Decoder


class Decoded(NamedTuple):
    """An event at its place; it has the fields and properties of its ``kind``, though not its class."""

    position: int
    kind: type[Event]
    event: Any
    state: bytes


def decoded(snapshot: Snapshot) -> Iterator[Decoded]:
    """Yield all events of the log in order.

    Raises:
        LogDamaged, UnknownEventType: an event is not one that this program knows.
    """
    decoder = Decoder(REGISTRY)
    for row in snapshot.events():
        event = decoder.decode(row.topic, row.state)
        yield Decoded(row.position, decoder.kinds[row.topic], event, row.state)
