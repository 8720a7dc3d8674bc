"""Checking a span of the log: each row against its leaf hash, its topic and the blobs that it names.

A span begins at a multiple of its length, so the trees over all spans are subtrees of the ledger's,
and spans can be checked in any order, by several processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from palyra_events.blob import blob_digests
from palyra_events.errors import LogDamaged
from palyra_events.ledger import Frontier
from palyra_events.ledger.damage import Damage, Finding, Suspects
from palyra_events.ledger.leaf import RawRow
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from projections.decoder import Decoder

#: positions of a span: a power of two
SPAN = 2**16

#: rows of one question; an event has at most 64 KiB
_PAGE = 500
#: findings of one kind in a span; more of them say nothing new
_FINDINGS_MAX = 100


@dataclass(frozen=True, slots=True)
class Span:
    """Positions to check, from ``first`` to ``last``; the frontiers at ``sizes`` are wanted.

    One that does not begin at a multiple of `SPAN` continues the tree of ``edge``.
    """

    first: int
    last: int
    sizes: tuple[int, ...] = ()
    changed_blobs: frozenset[bytes] = frozenset()
    edge: Frontier | None = None


@dataclass(slots=True)
class SpanReport:
    """What is in a span. Without ``is_whole`` the frontiers end where the first row is missing.

    They count from the beginning of the log if the span has an edge, else from its own beginning.
    """

    span: Span
    events: int = 0
    is_whole: bool = True
    frontier: Frontier = field(default_factory=Frontier)
    frontiers: dict[int, Frontier] = field(default_factory=dict)
    suspects: Suspects = field(default_factory=Suspects)
    findings: list[Finding] = field(default_factory=list)
    erased: int = 0


def check_span(log: EventLog, span: Span) -> SpanReport:
    """Check a span of the log.

    Raises:
        DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: it cannot be read.
    """
    report, place = SpanReport(span, frontier=span.edge or Frontier()), span.first
    marks = sorted({*span.sizes, span.last})
    while place <= span.last:
        page = log.evidence.rows(place, span.last, _PAGE)
        if not page:
            report.suspects.add_gap(place, span.last)
            report.is_whole = False
            break
        leaves = list(_check_rows(page, place, report))
        _grow(report, leaves, place, marks)
        _check_blobs(log, page, report)
        place = page[-1].position + 1
    return report


def check_row(row: RawRow) -> Damage | None:
    """Return what is wrong with a row by itself, None where nothing is."""
    if not row.is_whole:
        return Damage.CHANGED
    try:
        _decoder().decode(row.topic.decode(), row.state)
    except (LogDamaged, UnicodeDecodeError):
        return Damage.UNDECODABLE
    return None


@cache
def _decoder() -> Decoder:
    return Decoder(REGISTRY)


def _check_rows(page: Sequence[RawRow], place: int, report: SpanReport) -> Iterator[bytes]:
    """Yield the leaf hashes that the rows have, which are not those that the database says they have."""
    for row in page:
        if row.position != place:
            report.suspects.add_gap(place, row.position - 1)
            report.is_whole = False
        damage = check_row(row)
        if damage is Damage.CHANGED:
            report.suspects.add_row(row)
        elif damage is not None and len(report.findings) < _FINDINGS_MAX:
            text = f"The event at position {row.position} is not one that this Palyra knows."
            report.findings.append(Finding(damage, text, row.position))
        place = row.position + 1
        report.events += 1
        yield row.leaf if damage is not Damage.CHANGED else row.hash_at(row.position) or bytes(32)


def _grow(report: SpanReport, leaves: Sequence[bytes], place: int, marks: Iterable[int]) -> None:
    """Take leaves into the tree, and keep its right edge at each size that is asked for."""
    if not report.is_whole:
        return
    taken = 0
    for size in marks:
        if place <= size < place + len(leaves):
            report.frontier = report.frontier.extended(leaves[taken : size - place + 1])
            report.frontiers[size] = report.frontier
            taken = size - place + 1
    report.frontier = report.frontier.extended(leaves[taken:])


def _check_blobs(log: EventLog, page: Sequence[RawRow], report: SpanReport) -> None:
    """Count the references to bytes that are not kept any more, and find those to bytes that were changed."""
    named = [(row.position, digest) for row in page for digest in blob_digests(row.state)]
    changed = report.span.changed_blobs
    kept = log.evidence.kept_blobs(list({digest for _, digest in named}))
    report.erased += sum(digest not in kept for _, digest in named)
    for position, digest in named if changed else ():
        if digest in changed and len(report.findings) < _FINDINGS_MAX:
            text = (
                f"The bytes {digest.hex()[:12]}, which the event at position {position} names, were changed."
            )
            report.findings.append(Finding(Damage.BLOB_CHANGED, text, position))
