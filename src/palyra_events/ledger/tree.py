"""The Merkle tree of RFC 6962 over the leaf hashes of the log.

The tree over n leaves is a row of perfect trees, the largest first: one for each bit of n. Their
roots, the peaks, are all that is needed to add leaves and to tell the root, so the head of a log
of any length fits into a few hundred bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Self

#: bytes of every hash in the tree
HASH_SIZE = 32

#: the root over no leaves (RFC 6962 section 2.1)
EMPTY_ROOT = hashlib.sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: 0x01 keeps it from being read as a leaf (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: its size and the roots of its perfect subtrees, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @classmethod
    def over(cls, leaves: Iterable[bytes]) -> Self:
        """Return the frontier over these leaf hashes."""
        return cls().extended(leaves)

    def extended(self, leaves: Iterable[bytes]) -> Self:
        """Return the frontier after some more leaf hashes; a million of them take about a second."""
        size, peaks, sha256 = self.size, list(self.peaks), hashlib.sha256
        for leaf in leaves:
            peak, full = leaf, size
            # Each bit that the carry clears is a perfect tree that grows together with its neighbour.
            while full & 1:
                peak = sha256(b"\x01" + peaks.pop() + peak).digest()
                full >>= 1
            peaks.append(peak)
            size += 1
        return type(self)(size, tuple(peaks))

    def joined(self, following: Self) -> Self:
        """Return the frontier over the leaves of this tree and, after them, those of another.

        This size is to be a multiple of each perfect tree in ``following``: so it is where a long row of
        leaves is cut at multiples of a power of two, and no piece is longer than that.
        """
        size, peaks, weight = self.size, list(self.peaks), 1 << following.size.bit_length()
        for following_peak in following.peaks:
            peak, weight = following_peak, weight >> 1
            while not following.size & weight:
                weight >>= 1
            full = size // weight
            while full & 1:
                peak, full = node_hash(peaks.pop(), peak), full >> 1
            peaks.append(peak)
            size += weight
        return type(self)(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The root of the whole tree, 32 bytes."""
        if not self.peaks:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self.peaks))
