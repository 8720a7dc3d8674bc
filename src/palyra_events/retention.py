"""What is kept for how long: a policy by age and by size for each kind of bytes beside the log.

A policy drops bytes and never events. Reasons, forms, pages, configurations, artifacts and reports of
audits have none: they are needed, or they go with the person who wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from palyra_events.event import Event
from palyra_events.holding import BlobKind, InUse, holdings

#: the kinds that a policy can drop, in the order in which they are told
DROPPABLE = (
    BlobKind.INPUT,
    BlobKind.OUTPUT,
    BlobKind.LOGS,
    BlobKind.TRANSCRIPT,
    BlobKind.PAYLOAD,
    BlobKind.STORED,
    BlobKind.MESSAGE,
)


class KeepRule(BaseModel):
    """How much of one kind is kept: the newest ``keep_bytes`` of what is younger than ``keep_days``.

    Without either, everything is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep_days: Annotated[int, Field(ge=0, le=36_500)] | None = None
    keep_bytes: Annotated[int, Field(ge=0, lt=2**63)] | None = None


class KindUse(NamedTuple):
    """The room that blobs of one kind take, and how much of it a policy would give back."""

    kind: BlobKind
    blobs: int
    bytes: int
    dropped: int
    dropped_bytes: int


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """What the ``rules`` of a policy drop of the log as it was at the position ``head``."""

    head: int
    made_at: datetime
    rules: Mapping[BlobKind, KeepRule]
    kinds: tuple[KindUse, ...]
    digests: tuple[bytes, ...]

    @property
    def blobs(self) -> int:
        """How many blobs are dropped."""
        return sum(use.dropped for use in self.kinds)

    @property
    def dropped_bytes(self) -> int:
        """The bytes of what is dropped."""
        return sum(use.dropped_bytes for use in self.kinds)


@dataclass(slots=True)
class _Kept:
    """Bytes that are kept: of one kind, or of several and then of none; and when they were named last."""

    kind: BlobKind | None
    size: int
    named_at: datetime


class Inventory:
    """Gathers, event by event, what is kept, from the sizes of all blobs by their digests."""

    def __init__(self, sizes: Mapping[bytes, int]) -> None:
        self._sizes = sizes
        self._kept: dict[bytes, _Kept] = {}
        self._in_use = InUse()
        self._head = 0

    def take(self, position: int, event: Any, kind: type[Event] | None = None) -> None:
        """Take in the event at a position; of one that was decoded for views, ``kind`` tells its type."""
        self._head = position
        self._in_use.take(position, event, kind)
        for what, digest in holdings(event, kind):
            if digest in self._sizes:
                self._name(what, digest, event.timestamp)

    def plan(self, rules: Mapping[BlobKind, KeepRule], now: datetime) -> RetentionPlan:
        """Return what goes by these rules.

        What is in use stays, and so do bytes that stand for two things at once; those are not counted.
        """
        in_use = self._in_use.digests()
        by_kind: dict[BlobKind, list[tuple[bytes, _Kept]]] = {}
        for digest, kept in self._kept.items():
            if kept.kind is not None:
                by_kind.setdefault(kept.kind, []).append((digest, kept))
        uses, digests = [], []
        for kind in BlobKind:
            of_kind = by_kind.get(kind, [])
            rule = rules.get(kind, KeepRule()) if kind in DROPPABLE else KeepRule()
            going = list(_going((each for each in of_kind if each[0] not in in_use), rule, now))
            digests += [digest for digest, _ in going]
            uses.append(KindUse(kind, *_room(of_kind), *_room(going)))
        return RetentionPlan(self._head, now, rules, tuple(uses), tuple(digests))

    def _name(self, kind: BlobKind, digest: bytes, moment: datetime) -> None:
        known = self._kept.get(digest)
        if known is None:
            self._kept[digest] = _Kept(kind, self._sizes[digest], moment)
            return
        known.kind = kind if known.kind is kind else None
        known.named_at = max(known.named_at, moment)


def _going(
    kept: Iterable[tuple[bytes, _Kept]], rule: KeepRule, now: datetime
) -> Iterable[tuple[bytes, _Kept]]:
    """Yield what a rule drops: the oldest first to go, so the newest count first."""
    room = rule.keep_bytes
    for digest, each in sorted(kept, key=lambda entry: entry[1].named_at, reverse=True):
        is_old = rule.keep_days is not None and now - each.named_at > timedelta(days=rule.keep_days)
        if room is not None:
            room -= each.size
        if is_old or (room is not None and room < 0):
            yield digest, each


def _room(kept: Iterable[tuple[bytes, _Kept]]) -> tuple[int, int]:
    sizes = [each.size for _, each in kept]
    return len(sizes), sum(sizes)
