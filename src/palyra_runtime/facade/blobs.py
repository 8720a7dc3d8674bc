"""The bytes beside the log: what they are, and which events name them."""

from __future__ import annotations

from dataclasses import dataclass

from palyra_events.blob import blob_digests
from palyra_events.errors import InvalidInput, UnknownBlob
from palyra_events.holding import BlobKind, holdings
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog

#: hexadecimal digits of a digest
_DIGEST_DIGITS = 64
#: events of one page
_PAGE = 1_000


class InvalidDigest(InvalidInput):
    """A digest has 64 hexadecimal digits."""

    code = "INVALID_DIGEST"
    advice = "Copy the digest as palyra event show and palyra delivery show print it."


@dataclass(frozen=True, slots=True)
class BlobDetail:
    """Bytes that events name: as what, and where.

    ``size`` is None where they are not kept any more; else it counts the bytes on disk, with the salt of a
    text that a person wrote.
    """

    digest: str
    kinds: tuple[BlobKind, ...]
    positions: tuple[int, ...]
    size: int | None

    @property
    def is_erased(self) -> bool:
        """Whether the bytes are not kept any more."""
        return self.size is None


class Blobs:
    """The bytes beside one log."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def show(self, digest: str) -> BlobDetail:
        """Return what bytes are, and which events name them; the whole log is read for it.

        Raises:
            InvalidDigest: it is no digest.
            UnknownBlob: no event names such bytes.
        """
        wanted = _parsed(digest)
        kinds: set[BlobKind] = set()
        positions: list[int] = []
        place = 0
        while page := self._log.read(place, _PAGE):
            place = page[-1].position
            for row in page:
                if wanted in blob_digests(row.state):
                    positions.append(row.position)
                    event = REGISTRY.decode(row.topic, row.state)
                    kinds.update(kind for kind, named in holdings(event) if named == wanted)
        if not positions:
            raise UnknownBlob(f"No event names bytes of the digest {digest}.", digest=digest)
        content = self._log.blobs([wanted]).get(wanted)
        size = None if content is None else len(content)
        return BlobDetail(wanted.hex(), tuple(sorted(kinds)), tuple(positions), size)


def _parsed(digest: str) -> bytes:
    try:
        parsed = bytes.fromhex(digest)
    except ValueError as error:
        raise InvalidDigest from error
    if len(digest) != _DIGEST_DIGITS:
        raise InvalidDigest
    return parsed
