"""Checking the bytes beside the log. Each is under its SHA-256, or under the HMAC that its salt gives."""

from __future__ import annotations

import hashlib
import hmac

from palyra_events.blob import SALT_SIZE
from palyra_events.store import EventLog
from palyra_events.store.evidence import DIGESTS_MAX

#: digests of one question, and bytes that are in memory at once beyond one blob
_PAGE = DIGESTS_MAX
_BYTES_MAX = 4 * 1024 * 1024
#: digests of changed bytes that are told; more of them say nothing new
CHANGED_MAX = 1_000


def changed_blobs(log: EventLog) -> frozenset[bytes]:
    """Return the digests under which there are other bytes than those that were kept; `CHANGED_MAX` at most.

    Raises:
        DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: they cannot be read.
    """
    changed: set[bytes] = set()
    last = b""
    while len(changed) < CHANGED_MAX and (page := log.evidence.blob_sizes(last, _PAGE)):
        batch: list[bytes] = []
        size = 0
        for digest, length in page:
            batch.append(digest)
            size += length
            if size > _BYTES_MAX:
                changed |= _changed(log, batch)
                batch, size = [], 0
        changed |= _changed(log, batch)
        last = page[-1][0]
    return frozenset(changed)


def _changed(log: EventLog, digests: list[bytes]) -> set[bytes]:
    return {digest for digest, content in log.evidence.blobs(digests).items() if not is_kept(digest, content)}


def is_kept(digest: bytes, content: bytes) -> bool:
    """Return whether bytes are those that were put under this digest."""
    if hashlib.sha256(content).digest() == digest:
        return True
    salt, text = content[:SALT_SIZE], content[SALT_SIZE:]
    return hmac.compare_digest(hmac.digest(salt, text, "sha256"), digest)
