"""What all commands share: load what a stream says, and append what the rules decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Generic, TypeVar
from uuid import UUID

from palyra_events.blob import SALT_SIZE, Blob, seal
from palyra_events.errors import LogDamaged, ReasonTooLong
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import check_actor, stream_id
from palyra_events.record import Log, NewEvent
from palyra_events.registry import REGISTRY, Registry

#: characters of a reason that a person gives; plugins are told it, as part of their input
STATED_REASON_LENGTH_MAX = 4_000

#: random bytes of an id that nothing else names
ID_SIZE = 16

StateT = TypeVar("StateT")


@dataclass(frozen=True, slots=True)
class Intent:
    """Who wants something and why: what a command needs beside its facts.

    ``reason`` is a text by a person. It is sealed: the log keeps an HMAC, the text lies beside it.
    """

    actor: str
    reason: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """What a command appended; empty where there was nothing to change."""

    positions: tuple[int, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def head(self) -> int:
        """The last position that was appended, 0 where nothing was."""
        return self.positions[-1] if self.positions else 0


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[StateT]):
    """One kind of stream: how its state begins, and how each event changes it."""

    kind: str
    fresh: Callable[[str], StateT]
    evolve: Callable[[StateT, Event], StateT]


@dataclass(frozen=True, slots=True)
class Loaded(Generic[StateT]):
    """The state of one stream, and the version that it was read at."""

    stream_id: UUID
    version: int
    state: StateT


class Commands:
    """The ground of every command: a log, a clock and a source of randomness, all of them given."""

    def __init__(
        self,
        log: Log,
        *,
        now: Callable[[], datetime],
        entropy: Callable[[int], bytes],
        registry: Registry = REGISTRY,
    ) -> None:
        self._log = log
        self._now = now
        self._entropy = entropy
        self._registry = registry

    def check_intent(self, intent: Intent) -> None:
        """Check an intent before something is done that could not be recorded under it.

        Raises:
            InvalidIdentifier, InvalidInput: actor or reason are not well-formed.
            ReasonTooLong: the reason is.
        """
        self.stamp(intent)

    def stamp(self, intent: Intent) -> tuple[Stamp, list[Blob]]:
        """Return what every event of one command bears, and the blob of its reason where it has one.

        Raises:
            InvalidIdentifier, InvalidInput: actor or reason are not well-formed.
            ReasonTooLong: the reason is longer than `STATED_REASON_LENGTH_MAX` characters.
        """
        reference, blobs = None, []
        if intent.reason and intent.reason.strip():
            if len(intent.reason) > STATED_REASON_LENGTH_MAX:
                raise ReasonTooLong(length=len(intent.reason))
            reference, blob = seal(intent.reason, self._entropy(SALT_SIZE))
            blobs.append(blob)
        stamp = Stamp(
            timestamp=self._now(),
            actor=check_actor(intent.actor),
            correlation_id=intent.correlation_id or self._entropy(ID_SIZE).hex(),
            causation_id=intent.causation_id,
            reason=reference,
        )
        return stamp, blobs

    def load(self, aggregate: Aggregate[StateT], key: str, as_of: int | None = None) -> Loaded[StateT]:
        """Return the state of one stream, as of a position or as it is.

        Raises:
            LogDamaged: events of it are missing.
        """
        stream = stream_id(aggregate.kind, key)
        rows = self._log.read_stream(stream)
        if as_of is not None:
            rows = [row for row in rows if row.position <= as_of]
        if [row.version for row in rows] != list(range(1, len(rows) + 1)):
            raise LogDamaged(f"Events of {aggregate.kind} {key} are missing.", kind=aggregate.kind, key=key)
        events = (self._registry.decode(row.topic, row.state) for row in rows)
        state = reduce(aggregate.evolve, events, aggregate.fresh(key))
        return Loaded(stream, len(rows), state)

    def commit(
        self,
        changes: Sequence[tuple[Loaded[Any], Sequence[Event]]],
        blobs: Sequence[Blob],
        tracking: tuple[str, int] | None = None,
    ) -> Commit:
        """Append events to streams in one step, each at the version after the one that was read.

        Raises:
            StaleVersion: somebody appended to one of the streams since; nothing was appended.
            StalePosition: the position of ``tracking`` is not behind the one that is kept.
        """
        rows = [
            NewEvent(loaded.stream_id, loaded.version + step, *self._registry.encode(event))
            for loaded, events in changes
            for step, event in enumerate(events, start=1)
        ]
        if not rows and tracking is None:
            return Commit()
        positions = self._log.append(rows, blobs=blobs, tracking=tracking)
        return Commit(tuple(positions), tuple(event for _, events in changes for event in events))
