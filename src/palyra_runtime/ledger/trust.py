"""Which keys may have signed the checkpoints of a log, and until when each of them counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from palyra_events.commands.key import LEDGER, LEDGER_KEY
from palyra_events.identifiers import stream_id
from palyra_events.key import KeyRotated, rotation_statement
from palyra_events.ledger import Checkpoint, Note, UntrustedNote, VerifierKey, verify_note
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_runtime.ledger.signer import verifier_keys
from palyra_runtime.skills.signature import has_signed


class RevokedCheckpoint(UntrustedNote):
    """The checkpoint is signed by a key that had been revoked by then."""

    code = "REVOKED_CHECKPOINT"
    advice = "Do not rely on it: somebody else may have the key. Use a checkpoint of the key that followed."


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose signature was checked; ``signed_at`` is what the timestamped line says."""

    checkpoint: Checkpoint
    note: bytes
    key: VerifierKey
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrustedKeys:
    """Public keys of 32 bytes; ``sizes_max`` is how long the log was when one of them was revoked."""

    origin: str
    public_keys: frozenset[bytes]
    others: tuple[VerifierKey, ...] = ()
    sizes_max: Mapping[bytes, int] = field(default_factory=lambda: MappingProxyType({}))

    def check(self, content: bytes) -> SignedCheckpoint:
        """Return the checkpoint of a note that one of the keys has signed.

        Raises:
            InvalidNote: that is no note, or its text is no checkpoint.
            UntrustedNote: no trusted key has signed it, or a signature is false.
            RevokedCheckpoint: whoever signed it had no right to any more.
        """
        note = Note.parse(content)
        checkpoint = Checkpoint.parse(note.text)
        known = [key for public in self.public_keys for key in verifier_keys(self.origin, public)]
        endorsements = verify_note(note, (*known, *self.others), has_signed)
        valid = [e for e in endorsements if checkpoint.size <= self._size_max(e.key, checkpoint.size)]
        if not valid:
            raise RevokedCheckpoint(f"The key that signed {checkpoint.size} events had been revoked.")
        timed = next((each for each in valid if each.signed_at is not None), valid[0])
        return SignedCheckpoint(checkpoint, content, timed.key, timed.signed_at)

    def _size_max(self, key: VerifierKey, size: int) -> int:
        return self.sizes_max.get(key.public_key, size)


def trusted_keys(
    log: EventLog, origin: str, public_key: str | None, others: Iterable[VerifierKey] = ()
) -> TrustedKeys:
    """Return the keys that count for a log.

    ``public_key`` is the one of this home, in hexadecimal. Those that came before it count because the
    log names them, one after the other, and each has signed for the next: so a log that somebody made
    up cannot bring in a key of his.
    """
    rotations = _rotations(log)
    trusted, sizes_max = {public_key} if public_key else set(), {}
    for position, rotation in reversed(rotations):
        if rotation.public_key in trusted and _is_endorsed(rotation):
            trusted.add(rotation.replaced_key)
            if rotation.is_revoked:
                sizes_max[bytes.fromhex(rotation.replaced_key)] = position - 1
    return TrustedKeys(origin, frozenset(map(bytes.fromhex, trusted)), tuple(others), sizes_max)


def _rotations(log: EventLog) -> list[tuple[int, KeyRotated]]:
    rows = log.evidence.stream(stream_id(LEDGER_KEY.kind, LEDGER))
    events = [(row.position, REGISTRY.decode(row.topic.decode(errors="replace"), row.state)) for row in rows]
    return [(position, event) for position, event in events if isinstance(event, KeyRotated)]


def _is_endorsed(rotation: KeyRotated) -> bool:
    statement = rotation_statement(rotation.public_key)
    return has_signed(bytes.fromhex(rotation.replaced_key), statement, bytes.fromhex(rotation.endorsement))
