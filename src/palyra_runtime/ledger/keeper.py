"""The keeper of the ledger: signs its head, and nothing that contradicts what was signed before.

The tree is kept behind the append, never in it: the keeper remembers its right edge, and reads the
leaf hashes that came since. The edge is kept with each checkpoint, and the root that was signed shows
whether it is true, so a keeper that starts reads no more than what nobody has signed yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from palyra_events.application import Application, Intent
from palyra_events.key import rotation_statement
from palyra_events.ledger import Frontier, InvalidNote, UntrustedNote
from palyra_events.store import EventLog
from palyra_runtime.clock import Entropy
from palyra_runtime.ledger.errors import LedgerForked
from palyra_runtime.ledger.folder import CheckpointFolder
from palyra_runtime.ledger.key_file import KeyFile
from palyra_runtime.ledger.leaves import grown
from palyra_runtime.ledger.signer import Signer, origin_of
from palyra_runtime.ledger.trust import SignedCheckpoint, TrustedKeys, trusted_keys
from palyra_runtime.ledger.witness import Witness


@dataclass(frozen=True, slots=True)
class LedgerPlaces:
    """Where the parts of a ledger lie outside its database."""

    key: Path
    folder: Path

    @classmethod
    def under(cls, home: Path, folder: str | None = None) -> Self:
        """Return the places in a home; a ``folder`` that is not absolute counts from there."""
        return cls(home / "keys" / "ledger.key", home / (folder or "checkpoints"))


class Keeper:
    """Signs the head of one log. May be used by any number of processes; the folder's lock orders them."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        log: EventLog,
        application: Application,
        places: LedgerPlaces,
        witness: Witness | None,
        now: Callable[[], datetime],
        entropy: Entropy,
    ) -> None:
        self.folder = CheckpointFolder(places.folder)
        self.key_file = KeyFile(places.key)
        self.origin = origin_of(log.log_id)
        self._log = log
        self._application = application
        self._witness = witness
        self._now = now
        self._entropy = entropy
        self._frontier = Frontier()

    def checkpoint(self) -> SignedCheckpoint:
        """Sign the head of the log, and keep what was signed in folder, table and with the witness.

        Raises:
            LedgerForked: the log does not continue a checkpoint that is there.
            LogDamaged: a position is missing in it.
            LedgerKeyUnusable, LedgerKeyReplaced, CheckpointsUnusable, WitnessUnavailable: nothing was
                signed, or it is not known everywhere yet; the next checkpoint is.
        """
        with self.folder.locked():
            return self.sign()

    def sign(self) -> SignedCheckpoint:
        """Do what `checkpoint` does, for whoever holds the folder's lock."""
        key = self.key_file.open(self._entropy, self._application.ledger_key().public_key)
        signer = Signer(self.origin, key)
        keys = trusted_keys(self._log, self.origin, key.public_key.hex())
        frontier = self._grow(self._heads(keys))
        note = bytes(signer.sign(frontier.size, frontier.root, self._now()))
        self.folder.write(frontier.size, note)
        self._log.evidence.keep_checkpoint(frontier, note)
        if self._witness is not None:
            self._witness.submit(note)
        self._frontier = frontier
        return keys.check(note)

    def checkpoints(self) -> list[SignedCheckpoint]:
        """Return the checkpoints of the folder, the smallest first.

        Raises:
            InvalidNote, UntrustedNote: one of them is not what was written there.
            CheckpointsUnusable: the folder cannot be read.
        """
        keys = trusted_keys(self._log, self.origin, self.key_file.public_key())
        return [keys.check(self.folder.read(size)) for size in self.folder.sizes()]

    def rotate(self, intent: Intent, *, is_revoked: bool) -> SignedCheckpoint:
        """Sign with a key that is made now, and say so in the log; return the first checkpoint of it.

        What the old key has signed stays good. Where it ``is_revoked`` it signs nothing more, else the
        head of the log for a last time.

        Raises:
            ReasonRequired: a key is to be revoked, and nobody says why.
            LedgerForked, LogDamaged, LedgerKeyUnusable, LedgerKeyReplaced, CheckpointsUnusable,
                WitnessUnavailable: see `checkpoint`; the key is the old one.
        """
        self._application.check_intent(intent)
        with self.folder.locked():
            if not is_revoked:
                self.sign()
            old = self.key_file.open(self._entropy, self._application.ledger_key().public_key)
            public_key = self.key_file.prepare(self._entropy).public_key.hex()
            self._application.rotate_ledger_key(
                public_key,
                old.public_key.hex(),
                old.mark(rotation_statement(public_key)).hex(),
                intent,
                is_revoked=is_revoked,
            )
            return self.sign()

    def _heads(self, keys: TrustedKeys) -> list[SignedCheckpoint]:
        """Return the newest checkpoint of each place that keeps them."""
        sizes, kept = self.folder.sizes(), self._log.evidence.newest_checkpoint()
        notes = [self.folder.read(sizes[-1])] if sizes else []
        notes += [kept.note] if kept else []
        published = None if self._witness is None else self._witness.newest()
        notes += [published] if published else []
        try:
            return [keys.check(note) for note in notes]
        except (InvalidNote, UntrustedNote) as error:
            raise LedgerForked(f"A checkpoint is not one of this log: {error.message}") from error

    def _grow(self, heads: Iterable[SignedCheckpoint]) -> Frontier:
        """Return the right edge of the tree at the head of the log, which continues all these heads."""
        head, evidence = self._log.head(), self._log.evidence
        frontier = self._edge(heads)
        for signed in sorted(heads, key=lambda each: each.checkpoint.size):
            wanted = signed.checkpoint
            if wanted.origin != self.origin or wanted.size > head:
                raise _forked(f"has {head} events, and {wanted.size} were signed", wanted.size)
            if wanted.size < frontier.size:
                reached = grown(evidence, Frontier(), wanted.size)
            else:
                reached = frontier = grown(evidence, frontier, wanted.size)
            if reached.root != wanted.root:
                raise _forked(f"is not what was signed at {wanted.size} events", wanted.size)
        return grown(evidence, frontier, head)

    def _edge(self, heads: Iterable[SignedCheckpoint]) -> Frontier:
        """Return the largest edge that is known to belong to one of the heads; else that of no tree."""
        kept = self._log.evidence.newest_checkpoint()
        edges = [self._frontier, *([kept.frontier] if kept else [])]
        roots = {(each.checkpoint.size, each.checkpoint.root) for each in heads}
        known = [edge for edge in edges if _is_sound(edge) and (edge.size, edge.root) in roots]
        return max(known, key=lambda edge: edge.size, default=Frontier())


def _is_sound(edge: Frontier) -> bool:
    return len(edge.peaks) == edge.size.bit_count()


def _forked(what: str, size: int) -> LedgerForked:
    return LedgerForked(f"The log {what}.", size=size)
