"""The Merkle tree over the log: what proves that nobody edited it."""

from palyra_events.ledger.checkpoint import Checkpoint
from palyra_events.ledger.leaf import leaf_hash
from palyra_events.ledger.note import (
    Endorsement,
    InvalidNote,
    InvalidVerifierKey,
    Note,
    NoteSignature,
    SignatureCheck,
    SignatureKind,
    UntrustedNote,
    VerifierKey,
    sign_note,
    verify_note,
)
from palyra_events.ledger.proof import (
    OutsideLedger,
    SubtreeHash,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    subtree_hash,
)
from palyra_events.ledger.tree import EMPTY_ROOT, HASH_SIZE, Frontier, node_hash

__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE",
    "Checkpoint",
    "Endorsement",
    "Frontier",
    "InvalidNote",
    "InvalidVerifierKey",
    "Note",
    "NoteSignature",
    "OutsideLedger",
    "SignatureCheck",
    "SignatureKind",
    "SubtreeHash",
    "UntrustedNote",
    "VerifierKey",
    "consistency_proof",
    "inclusion_proof",
    "is_consistent",
    "is_included",
    "leaf_hash",
    "node_hash",
    "sign_note",
    "subtree_hash",
    "verify_note",
]
