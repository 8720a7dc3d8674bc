"""Signing the heads of a ledger: two lines under each, both by one key.

The first is what every reader of signed notes understands. The second covers the time as well, so
that a checkpoint of an idle log says when nothing had been added.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palyra_events.ledger import Checkpoint, Note, SignatureKind, VerifierKey, sign_note
from palyra_runtime.skills import SigningKey


def origin_of(log_id: UUID) -> str:
    """Return the name of a log's ledger, which no other log has."""
    return f"palyra/{log_id}"


def verifier_keys(origin: str, public_key: bytes) -> tuple[VerifierKey, VerifierKey]:
    """Return what checks the two lines of a signer."""
    return (
        VerifierKey(origin, SignatureKind.ED25519, public_key),
        VerifierKey(origin, SignatureKind.TIMESTAMPED_ED25519, public_key),
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs checkpoints in a ledger's name."""

    origin: str
    key: SigningKey

    @property
    def verifier_key(self) -> VerifierKey:
        """The one of the two keys that others are to be given: it covers the time."""
        return verifier_keys(self.origin, self.key.public_key)[1]

    def sign(self, size: int, root: bytes, signed_at: datetime) -> Note:
        """Return the signed note of a tree head."""
        text = str(Checkpoint(self.origin, size, root))
        keys = verifier_keys(self.origin, self.key.public_key)
        return sign_note(text, keys, self.key.mark, signed_at)
