"""What a person wrote, and what was recorded of runs that were told of it, gathered event by event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from palyra_events.blob import SALT_SIZE
from palyra_events.delivery import (
    AttemptSucceeded,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryRequeued,
    DeliveryScheduled,
    DeliverySkipped,
)
from palyra_events.event import Event
from palyra_events.holding import BlobKind, InUse, holdings, told_of

#: bytes; shorter texts are looked for in records of runs that were told of them, and nowhere else
QUOTE_SIZE_MIN = 16

#: What is dropped with the person whose words are in it. A value that stands and a message that is to be
#: sent are kept nevertheless, and so is what others wrote, and what plugins and skills are made of.
_ERASABLE = frozenset(BlobKind) - {BlobKind.CONFIG, BlobKind.ARTIFACT, BlobKind.REPORT}

_BEGINNINGS: frozenset[type[Event]] = frozenset({DeliveryScheduled, DeliveryRequeued})
_ENDINGS: frozenset[type[Event]] = frozenset(
    {AttemptSucceeded, DeliveryDeadLettered, DeliverySkipped, DeliveryCancelled}
)


@dataclass(slots=True)
class Belongings:
    """All that belongs to one ``subject``.

    ``positions`` are the events that say so; ``owned`` are bytes by digest; ``open_deliveries`` are those
    of the person's events whose runs are still to come. What the person did after the position ``until``
    is left alone.
    """

    subject: str
    until: int | None = None
    positions: set[int] = field(default_factory=set)
    owned: dict[bytes, BlobKind] = field(default_factory=dict)
    open_deliveries: set[str] = field(default_factory=set)
    in_use: InUse = field(default_factory=InUse)
    _acts: set[int] = field(default_factory=set)

    def take(self, position: int, event: Any, kind: type[Event] | None = None) -> None:
        """Take in the event at a position; of one that was decoded for views, ``kind`` tells its type."""
        type_ = kind or type(event)
        self.in_use.take(position, event, type_)
        if event.actor == self.subject and (self.until is None or position <= self.until):
            self._acts.add(position)
        self._follow(event, type_)
        if position not in self._acts and told_of(event, type_) not in self._acts:
            return
        self.positions.add(position)
        for what, digest in holdings(event, type_):
            if what in _ERASABLE:
                self.owned[digest] = what

    def _follow(self, event: Any, kind: type[Event]) -> None:
        if kind in _ENDINGS:
            self.open_deliveries.discard(event.delivery_id)
        elif kind in _BEGINNINGS and int(event.delivery_id.partition(":")[0]) in self._acts:
            self.open_deliveries.add(event.delivery_id)


def is_erasable(kind: BlobKind) -> bool:
    """Say whether bytes of a kind go with the person whose words they quote, wherever they come from."""
    return kind in _ERASABLE and kind not in {BlobKind.REASON, BlobKind.FORM}


def texts_of(kind: BlobKind, content: bytes) -> Iterator[str]:
    """Yield the texts that a person wrote, from a blob as it is kept."""
    if kind is BlobKind.REASON:
        yield content[SALT_SIZE:].decode()
    elif kind is BlobKind.FORM:
        yield from _leaves(json.loads(content[SALT_SIZE:]))


def _leaves(value: Any) -> Iterator[str]:
    """Yield the texts in a JSON value."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)


class Quotes:
    """Finds texts in bytes, as they are and as they stand in JSON, also in JSON that is itself a text."""

    def __init__(self, texts: Iterable[str]) -> None:
        spellings = {spelling for text in texts for spelling in _spellings(text)}
        self._all = sorted(spellings, key=len)
        self._long = [spelling for spelling in self._all if len(spelling) >= QUOTE_SIZE_MIN]

    def are_in(self, content: bytes, *, also_short: bool) -> bool:
        """Say whether one of the texts is in some bytes; short ones are in many, by chance."""
        return any(spelling in content for spelling in (self._all if also_short else self._long))


def _spellings(text: str) -> Iterator[bytes]:
    for ensure_ascii in (False, True):
        once = json.dumps(text, ensure_ascii=ensure_ascii)[1:-1]
        yield once.encode(errors="surrogatepass")
        yield json.dumps(once, ensure_ascii=ensure_ascii)[1:-1].encode(errors="surrogatepass")
    yield text.encode(errors="surrogatepass")
