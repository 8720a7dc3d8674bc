"""The tree of RFC 6962, spelled out as section 2.1 does: slow, and the oracle for what is fast."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache


def leaves(count: int) -> tuple[bytes, ...]:
    """Return some leaf hashes, each another."""
    return tuple(hashlib.sha256(b"\x00" + index.to_bytes(8)).digest() for index in range(count))


@cache
def tree_head(hashes: tuple[bytes, ...]) -> bytes:
    """Return MTH(D[n])."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    k = largest_power_of_two_below(len(hashes))
    return hashlib.sha256(b"\x01" + tree_head(hashes[:k]) + tree_head(hashes[k:])).digest()


def path(m: int, hashes: tuple[bytes, ...]) -> list[bytes]:
    """Return PATH(m, D[n])."""
    if len(hashes) == 1:
        return []
    k = largest_power_of_two_below(len(hashes))
    if m < k:
        return [*path(m, hashes[:k]), tree_head(hashes[k:])]
    return [*path(m - k, hashes[k:]), tree_head(hashes[:k])]


def proof(m: int, hashes: tuple[bytes, ...]) -> list[bytes]:
    """Return PROOF(m, D[n])."""
    return subproof(m, hashes, is_whole=True)


def subproof(m: int, hashes: tuple[bytes, ...], *, is_whole: bool) -> list[bytes]:
    """Return SUBPROOF(m, D[n], b)."""
    if m == len(hashes):
        return [] if is_whole else [tree_head(hashes)]
    k = largest_power_of_two_below(len(hashes))
    if m <= k:
        return [*subproof(m, hashes[:k], is_whole=is_whole), tree_head(hashes[k:])]
    return [*subproof(m - k, hashes[k:], is_whole=False), tree_head(hashes[:k])]


def mutations(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """Return what a forger would try with a proof: other bytes, another order, more or fewer hashes."""
    flipped = [
        [*hashes[:i], bytes([hashes[i][0] ^ 1]) + hashes[i][1:], *hashes[i + 1 :]] for i in range(len(hashes))
    ]
    fewer = [[*hashes[:i], *hashes[i + 1 :]] for i in range(len(hashes))]
    more = [[*hashes[:i], bytes(32), *hashes[i:]] for i in range(len(hashes) + 1)]
    swapped = [[*hashes[:i], hashes[i + 1], hashes[i], *hashes[i + 2 :]] for i in range(len(hashes) - 1)]
    return [*flipped, *fewer, *more, *(each for each in swapped if each != list(hashes))]


def largest_power_of_two_below(n: int) -> int:
    """Return k with k < n <= 2k."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k
