"""What keeps the ledger from being signed, or something from being proved."""

from __future__ import annotations

from palyra_events.errors import Conflict, Findings, NotFound, Unavailable


class LedgerForked(Findings):
    """The log does not continue what was signed before.

    Nothing is signed while this is so: a second signed history would make both worthless.
    """

    code = "LEDGER_FORKED"
    advice = "Somebody changed the log, or restored an older one. Run: palyra audit verify"


class LedgerKeyUnusable(Unavailable):
    """The key that signs checkpoints cannot be read or made."""

    code = "LEDGER_KEY_UNUSABLE"
    advice = "Check the file keys/ledger.key in the home: it holds 32 secret bytes, and you must own it."


class LedgerKeyReplaced(Conflict):
    """The key file holds another key than the one that the log names."""

    code = "LEDGER_KEY_REPLACED"
    advice = "Put the file of the current key back; to sign with another one, run: palyra key rotate"


class CheckpointsUnusable(Unavailable):
    """The folder of the checkpoints cannot be read or written."""

    code = "CHECKPOINTS_UNUSABLE"
    advice = "Check the folder, the disk, and who may write there; docs/audit.md says where it is."
    retryable = True


class UnknownCheckpoint(NotFound):
    """There is no such checkpoint."""

    code = "UNKNOWN_CHECKPOINT"
    advice = "List them with: palyra audit checkpoint list. Make one with: palyra audit checkpoint create"


class WitnessUnavailable(Unavailable):
    """The witness of the checkpoints cannot be reached, or refuses."""

    code = "WITNESS_UNAVAILABLE"
    advice = "Nothing was signed. Check the URL and the network; it is tried again."
    retryable = True
