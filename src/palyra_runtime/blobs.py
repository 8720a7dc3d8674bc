"""Reading bytes that lie beside the log, and that may have been erased since."""

from __future__ import annotations

from palyra_events.blob import BlobRef, SealedRef
from palyra_events.errors import UnknownBlob
from palyra_events.store import EventLog


def kept_bytes(log: EventLog, sha256: str | None) -> bytes | None:
    """Return the bytes of a SHA-256, in hexadecimal, or None where there are none, or none any more.

    Raises:
        LogDamaged: they are not the bytes that were recorded.
    """
    if sha256 is None:
        return None
    try:
        content = log.blob(bytes.fromhex(sha256))
    except UnknownBlob:
        return None
    return BlobRef(sha256=sha256, size=len(content)).check(content)


def kept_text(log: EventLog, sealed: SealedRef | None) -> str | None:
    """Return the text that an event seals, or None where there is none, or none any more.

    Raises:
        LogDamaged: it is not the text that was recorded.
    """
    if sealed is None:
        return None
    try:
        return sealed.open(log.blob(sealed.digest))
    except UnknownBlob:
        return None
