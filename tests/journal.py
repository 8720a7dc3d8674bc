"""Writes a log event by event, each as the next of its stream: for tests of what is folded from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from palyra_events.blob import Blob, seal
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import stream_id
from palyra_events.record import NewEvent
from palyra_events.registry import REGISTRY
from projections.summary import summarize
from tests.sample_events import MOMENT


class Appendable(Protocol):
    """What a journal needs of a log."""

    def append(self, events: Sequence[NewEvent], *, blobs: Sequence[Blob] = ()) -> Sequence[int]:
        """Append all of it or nothing."""
        ...


class Journal:
    """Events a second apart, by ``operator:alice`` unless a stamp says otherwise."""

    def __init__(self, log: Appendable) -> None:
        self._log = log
        self._versions: Counter[UUID] = Counter()
        self._seconds = 0

    def stamp(self, actor: str = "operator:alice") -> Stamp:
        """Return the next second's stamp."""
        self._seconds += 1
        return Stamp(MOMENT + timedelta(seconds=self._seconds), actor, "c0ffee")

    def add(self, event: type[Event], *, reason: str | None = None, **facts: object) -> int:
        """Append one event and return its position; a reason is sealed."""
        made, blobs = self.stamp().on(event, **facts), []
        if reason is not None:
            sealed, blob = seal(reason, self._seconds.to_bytes(32))
            made, blobs = made.model_copy(update={"reason": sealed}), [blob]
        return self.append([made], blobs)[0]

    def add_all(self, events: Sequence[tuple[type[Event], Mapping[str, object]]]) -> Sequence[int]:
        """Append several events at once and return their positions."""
        return self.append([self.stamp().on(event, **facts) for event, facts in events])

    def append(self, events: Sequence[Event], blobs: Sequence[Blob] = ()) -> Sequence[int]:
        """Append events as they are, each as the next of the stream of its subject."""
        return self._log.append([self._next(event) for event in events], blobs=blobs)

    def _next(self, event: Event) -> NewEvent:
        stream = stream_id(*summarize(event).subject)
        self._versions[stream] += 1
        return NewEvent(stream, self._versions[stream], *REGISTRY.encode(event))
