"""Proofs over the Merkle tree: that an event is in it, and that a later tree continues an earlier one.

Making a proof asks for the hashes of whole subtrees, so whoever keeps some of them makes proofs
without reading all leaves. Checking one needs nothing but the proof itself: the algorithms are
those of RFC 9162 sections 2.1.3.2 and 2.1.4.2, over the tree of RFC 6962.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from palyra_events.errors import InvalidInput
from palyra_events.ledger.tree import EMPTY_ROOT, Frontier, node_hash

#: returns the root over the leaves from one index to before another
SubtreeHash: TypeAlias = Callable[[int, int], bytes]


class OutsideLedger(InvalidInput):
    """There is no such place in a ledger of this size."""

    code = "OUTSIDE_LEDGER"
    advice = "Ask for a position, or a size, that the checkpoint covers."


def subtree_hash(leaves: Sequence[bytes]) -> SubtreeHash:
    """Return what tells the roots of subtrees over leaf hashes that are all at hand."""
    return lambda start, end: Frontier.over(leaves[start:end]).root


def inclusion_proof(index: int, size: int, subtree: SubtreeHash) -> list[bytes]:
    """Return the hashes that lead from the leaf at ``index`` to the root over ``size`` leaves.

    Raises:
        OutsideLedger: there is no such leaf in a tree of this size.
    """
    if not 0 <= index < size:
        raise OutsideLedger(f"Leaf {index} is not in a ledger of {size} leaves.", index=index, size=size)
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, size: int, subtree: SubtreeHash) -> list[bytes]:
    """Return the hashes that show the tree over ``old_size`` leaves to be the beginning of a larger one.

    Raises:
        OutsideLedger: the old tree is empty, or larger than the other.
    """
    if not 0 < old_size <= size:
        raise OutsideLedger(
            f"A ledger of {size} leaves does not continue one of {old_size}.", old_size=old_size, size=size
        )
    path = []
    start, end, is_whole = 0, size, True
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, is_whole = middle, False
    # Who checks the proof has the old root, and needs no hash where that is the very subtree.
    return ([] if is_whole else [subtree(start, end)]) + path[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether a proof leads from a leaf hash at ``index`` to ``root`` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            reached = node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and reached == root


def is_consistent(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether a proof shows the old tree to be the beginning of the new (RFC 9162 section 2.1.4.2).

    Every tree continues the empty one, and itself, without any proof.
    """
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if not 0 < old_size < size or not proof:
        return False
    return _continues(old_size, old_root, size, root, proof)


def _continues(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    # A perfect old tree is a node of the new one, and the proof leaves out what its root says.
    path = iter(proof if old_size & (old_size - 1) else [old_root, *proof])
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_reached = reached = next(path)
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_reached, reached = node_hash(sibling, old_reached), node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old_reached == old_root and reached == root


def _split(size: int) -> int:
    """Return the largest power of two below ``size``, where RFC 6962 divides a tree."""
    return 1 << ((size - 1).bit_length() - 1)
