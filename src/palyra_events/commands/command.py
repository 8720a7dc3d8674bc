"""What all commands share: load what a stream says, and append what the rules decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Generic, TypeVar
from uuid import UUID

from palyra_events.blob import SALT_SIZE, Blob, seal
from palyra_events.commands.known import KnownStreams
from palyra_events.errors import LogDamaged, ReasonTooLong, StaleVersion
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import check_actor, stream_id
from palyra_events.record import Entry, Log, NewEvent, RecordedEvent
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
    """One kind of stream: how its state begins, and how each event changes it.

    The states of streams that ``is_known`` says so of are remembered: they are few and asked for often.
    """

    kind: str
    fresh: Callable[[str], StateT]
    evolve: Callable[[StateT, Event], StateT]
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Loaded(Generic[StateT]):
    """The state of one stream, and the version that it was read at."""

    stream_id: UUID
    version: int
    state: StateT


@dataclass(frozen=True, slots=True)
class Change(Generic[StateT]):
    """What was decided on one stream, and is to be recorded; ``blobs`` are those that the events name."""

    loaded: Loaded[StateT]
    events: Sequence[Event]
    blobs: Sequence[Blob]


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
        self._known = KnownStreams()

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
        known: Loaded[StateT] | None = self._known.find(stream, as_of) if aggregate.is_known else None
        base = known or Loaded(stream, 0, aggregate.fresh(key))
        rows = self._log.read_stream(stream, base.version)
        if as_of is not None:
            rows = [row for row in rows if row.position <= as_of]
        loaded = self._folded(aggregate, key, base, rows)
        if aggregate.is_known and rows:
            self._known.keep(stream, rows[-1].position, loaded)
        return loaded

    def load_each(self, aggregate: Aggregate[StateT], keys: Sequence[str]) -> list[Loaded[StateT]]:
        """Return the states of some streams as they are, read at once.

        Raises:
            LogDamaged: events of one are missing.
        """
        streams = [stream_id(aggregate.kind, key) for key in keys]
        rows: dict[UUID, list[RecordedEvent]] = {stream: [] for stream in streams}
        for row in self._log.read_streams(streams):
            rows[row.stream_id].append(row)
        return [
            self._folded(aggregate, key, Loaded(stream, 0, aggregate.fresh(key)), rows[stream])
            for key, stream in zip(keys, streams, strict=True)
        ]

    def commit(
        self,
        changes: Sequence[tuple[Loaded[Any], Sequence[Event]]],
        blobs: Sequence[Blob],
        tracking: tuple[str, int] | None = None,
        *,
        drops: Sequence[bytes] = (),
    ) -> Commit:
        """Append events to streams in one step, each at the version after the one that was read.

        ``drops`` are the digests of blobs that are kept no longer.

        Raises:
            StaleVersion: somebody appended to one of the streams since; nothing was appended.
            StalePosition: the position of ``tracking`` is not behind the one that is kept.
        """
        rows = [row for loaded, events in changes for row in self._rows(loaded, events)]
        if not rows and tracking is None:
            return Commit()
        positions = self._log.append(rows, blobs=blobs, drops=drops, tracking=tracking)
        return Commit(tuple(positions), tuple(event for _, events in changes for event in events))

    def commit_each(self, changes: Sequence[Change[Any]]) -> list[Commit | None]:
        """Append changes, each in a step of its own, and wait once for all.

        It is None for a change whose stream somebody appended to since it was read.
        """
        entries = [Entry(self._rows(change.loaded, change.events), change.blobs) for change in changes]
        return [
            None if isinstance(answer, StaleVersion) else Commit(tuple(answer), tuple(change.events))
            for change, answer in zip(changes, self._log.append_each(entries), strict=True)
        ]

    def _rows(self, loaded: Loaded[Any], events: Sequence[Event]) -> list[NewEvent]:
        return [
            NewEvent(loaded.stream_id, loaded.version + step, *self._registry.encode(event))
            for step, event in enumerate(events, start=1)
        ]

    def _folded(
        self, aggregate: Aggregate[StateT], key: str, base: Loaded[StateT], rows: Sequence[RecordedEvent]
    ) -> Loaded[StateT]:
        version = base.version + len(rows)
        if [row.version for row in rows] != list(range(base.version + 1, version + 1)):
            raise LogDamaged(f"Events of {aggregate.kind} {key} are missing.", kind=aggregate.kind, key=key)
        events = (self._registry.decode(row.topic, row.state) for row in rows)
        return Loaded(base.stream_id, version, reduce(aggregate.evolve, events, base.state))
