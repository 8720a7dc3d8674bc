"""Keeping the ledger of a log: signing its heads, checking all of it, proving parts of it."""

from palyra_runtime.ledger.bundle import EventNotProvable, ProofBundle, ProvedEvent, prove
from palyra_runtime.ledger.collection import Collection
from palyra_runtime.ledger.errors import (
    CheckpointsUnusable,
    LedgerForked,
    LedgerKeyReplaced,
    LedgerKeyUnusable,
    UnknownCheckpoint,
    WitnessUnavailable,
)
from palyra_runtime.ledger.folder import CheckpointFolder
from palyra_runtime.ledger.jobs import checking_here, checking_in_processes
from palyra_runtime.ledger.keeper import Keeper, LedgerPlaces
from palyra_runtime.ledger.report import VerifyReport
from palyra_runtime.ledger.signer import origin_of, verifier_keys
from palyra_runtime.ledger.trust import RevokedCheckpoint, SignedCheckpoint, TrustedKeys, trusted_keys
from palyra_runtime.ledger.verifier import Verifier
from palyra_runtime.ledger.witness import Witness, open_witness

__all__ = [
    "CheckpointFolder",
    "CheckpointsUnusable",
    "Collection",
    "EventNotProvable",
    "Keeper",
    "LedgerForked",
    "LedgerKeyReplaced",
    "LedgerKeyUnusable",
    "LedgerPlaces",
    "ProofBundle",
    "ProvedEvent",
    "RevokedCheckpoint",
    "SignedCheckpoint",
    "TrustedKeys",
    "UnknownCheckpoint",
    "Verifier",
    "VerifyReport",
    "Witness",
    "WitnessUnavailable",
    "checking_here",
    "checking_in_processes",
    "open_witness",
    "origin_of",
    "prove",
    "trusted_keys",
    "verifier_keys",
]
