"""Building the tree from the leaf hashes that the database keeps: a page at a time, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator

from palyra_events.errors import LogDamaged
from palyra_events.ledger import Frontier
from palyra_events.store.evidence import Evidence

#: leaf hashes of one question, about 100 bytes each
_PAGE = 10_000


def leaves(evidence: Evidence, first: int, last: int) -> Iterator[bytes]:
    """Yield the leaf hashes of positions, all of them and in order.

    Raises:
        LogDamaged: a position is missing.
        DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: they cannot be read.
    """
    while first <= last:
        page = evidence.leaves(first, last, _PAGE)
        for position, leaf in page:
            if position != first:
                break
            yield leaf
            first += 1
        if not page or page[-1][0] != first - 1:
            raise LogDamaged(f"Position {first} is missing in the log.", position=first)


def grown(evidence: Evidence, frontier: Frontier, size: int) -> Frontier:
    """Return the frontier at a larger size, or the same."""
    return frontier.extended(leaves(evidence, frontier.size + 1, size))


def subtree(evidence: Evidence, start: int, end: int) -> bytes:
    """Return the root over the leaves from one index to before another; the first leaf has the index 0."""
    return Frontier.over(leaves(evidence, start + 1, end)).root
