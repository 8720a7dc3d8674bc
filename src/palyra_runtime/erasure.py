"""Finding what is to be erased with a person: what they wrote, and what quotes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from palyra_events.belongings import Belongings, Quotes, is_erasable, texts_of
from palyra_events.blob import blob_digests
from palyra_events.holding import BlobKind, holdings
from palyra_events.store.location import locate
from palyra_events.store.snapshot import Snapshot, open_snapshot
from palyra_runtime.decoded import decoded


@dataclass(frozen=True, slots=True)
class Left:
    """Words of a person that stay, because something needs them: where, and as what.

    ``what`` is a kind of bytes that the event at ``position`` names, or ``event`` where it is the event
    itself that holds them.
    """

    position: int
    what: str


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What is erased with a person, of the log as it was at the position ``head``.

    ``kinds`` counts the ``blobs`` that are dropped; ``open_deliveries`` will be told of what the person did
    without what they wrote.
    """

    subject: str
    head: int
    acts: int
    blobs: int
    kinds: Mapping[BlobKind, int]
    dropped_bytes: int
    left: tuple[Left, ...]
    open_deliveries: tuple[str, ...]
    digests: tuple[bytes, ...] = field(repr=False)
    quotes: Quotes = field(repr=False)


@dataclass(slots=True)
class _Found:
    """Bytes that are kept and concern the person: what they are, and who else names them."""

    size: int
    is_quote: bool
    kinds: set[BlobKind] = field(default_factory=set)
    strangers: set[int] = field(default_factory=set)


def survey(url: str, subject: str, *, until: int | None = None, quotes: Quotes | None = None) -> ErasurePlan:
    """Return what is to be erased with a person, of what they did up to the position ``until``.

    ``quotes`` are their texts where they are gone already. The log is read twice and the blobs once.

    Raises:
        LogDamaged, UnknownEventType: an event is not what was recorded.
        DatabaseUnavailable, DatabaseLocked, DatabaseDamaged, StorageFailed: it cannot be read.
    """
    with open_snapshot(locate(url)) as snapshot:
        head, belongings = 0, Belongings(subject, until)
        for row in decoded(snapshot):
            head = row.position
            belongings.take(row.position, row.event, row.kind)
        texts = quotes or Quotes(_texts(snapshot, belongings))
        found = _find(snapshot, belongings, texts)
        left = list(_name(snapshot, belongings, found, texts))
    return _plan(belongings, found, left, head, texts)


def _texts(snapshot: Snapshot, belongings: Belongings) -> Iterator[str]:
    for blob in snapshot.blobs():
        kind = belongings.owned.get(blob.digest)
        if kind is not None:
            yield from texts_of(kind, blob.content)


def _find(snapshot: Snapshot, belongings: Belongings, texts: Quotes) -> dict[bytes, _Found]:
    """Return the blobs that belong to the person, and those that quote them."""
    found: dict[bytes, _Found] = {}
    for blob in snapshot.blobs():
        is_owned = blob.digest in belongings.owned
        is_quote = texts.are_in(blob.content, also_short=is_owned)
        if is_owned or is_quote:
            found[blob.digest] = _Found(len(blob.content), is_quote)
    return found


def _name(
    snapshot: Snapshot, belongings: Belongings, found: Mapping[bytes, _Found], texts: Quotes
) -> Iterator[Left]:
    """Learn who names what was found, and yield the events that hold words of the person themselves."""
    for row in decoded(snapshot):
        if texts.are_in(row.state, also_short=False):
            yield Left(row.position, "event")
        if any(digest in found for digest in blob_digests(row.state)):
            for kind, digest in holdings(row.event, row.kind):
                if digest in found:
                    found[digest].kinds.add(kind)
                    if row.position not in belongings.positions:
                        found[digest].strangers.add(row.position)


def _plan(
    belongings: Belongings,
    found: Mapping[bytes, _Found],
    left: Sequence[Left],
    head: int,
    texts: Quotes,
) -> ErasurePlan:
    in_use = belongings.in_use.digests()
    going = {
        digest: each
        for digest, each in found.items()
        if digest not in in_use and _goes(each, is_owned=digest in belongings.owned)
    }
    staying = (each for digest, each in found.items() if digest not in going and each.is_quote)
    return ErasurePlan(
        subject=belongings.subject,
        head=head,
        acts=len(belongings.positions),
        blobs=len(going),
        kinds=_counted(going.values()),
        dropped_bytes=sum(each.size for each in going.values()),
        left=tuple(sorted([*left, *_left(staying)], key=lambda each: each.position)),
        open_deliveries=tuple(sorted(belongings.open_deliveries)),
        digests=tuple(going),
        quotes=texts,
    )


def _goes(found: _Found, *, is_owned: bool) -> bool:
    """Say whether bytes that nothing needs are dropped.

    What belongs to the person goes, unless others have the very same and it quotes nothing, as an empty
    answer; what belongs to others goes if it quotes the person.
    """
    if is_owned and not found.strangers:
        return True
    return found.is_quote and all(map(is_erasable, found.kinds))


def _counted(found: Iterable[_Found]) -> Mapping[BlobKind, int]:
    counts: dict[BlobKind, int] = {}
    for each in found:
        kind = min(each.kinds, key=list(BlobKind).index)
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _left(found: Iterable[_Found]) -> Iterator[Left]:
    for each in found:
        for position in each.strangers:
            yield Left(position, "/".join(sorted(each.kinds)))
