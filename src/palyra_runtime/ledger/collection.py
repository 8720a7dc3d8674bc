"""Collecting what was signed: the checkpoints of the folder, the newest of the database, the witness's."""

from __future__ import annotations

from dataclasses import dataclass, field

from palyra_events.errors import PalyraError
from palyra_events.ledger import Checkpoint, InvalidNote, Note, UntrustedNote
from palyra_events.ledger.damage import Damage, Finding
from palyra_events.store import EventLog
from palyra_runtime.ledger.folder import CheckpointFolder
from palyra_runtime.ledger.trust import RevokedCheckpoint, SignedCheckpoint, TrustedKeys


@dataclass(slots=True)
class Collection:
    """Checkpoints that can be relied on, and what is wrong with the others."""

    keys: TrustedKeys
    signed: list[SignedCheckpoint] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add_folder(self, folder: CheckpointFolder) -> None:
        """Take in all checkpoints of a folder.

        Raises:
            CheckpointsUnusable: it cannot be read.
        """
        for size in folder.sizes():
            self.add(folder.read(size), folder.file(size).name, size)

    def add_database(self, log: EventLog) -> None:
        """Take in the newest checkpoint that the database remembers; one that it cannot tell is damage."""
        try:
            kept = log.evidence.newest_checkpoint()
        except PalyraError as error:
            self.findings.append(Finding(Damage.UNREADABLE, f"The database's checkpoints: {error.message}"))
            return
        if kept is not None and kept.note not in {each.note for each in self.signed}:
            self.add(kept.note, "The database's newest checkpoint", kept.size)

    def add(self, note: bytes, name: str, size: int | None = None) -> None:
        """Take in a note; ``size`` is what it says it is by its name or place."""
        try:
            signed = self.keys.check(note)
        except RevokedCheckpoint as error:
            self.findings.append(Finding(Damage.REVOKED_KEY, f"{name}: {error.message}"))
        except (InvalidNote, UntrustedNote) as error:
            self.findings.append(self._refused(note, name, error))
        else:
            if size is not None and signed.checkpoint.size != size:
                text = f"{name} is of {signed.checkpoint.size} events and not of {size}."
                self.findings.append(Finding(Damage.FALSE_CHECKPOINT, text))
            elif signed.checkpoint.origin != self.keys.origin:
                self.findings.append(_foreign(name, signed.checkpoint.origin))
            else:
                self.signed.append(signed)

    def _refused(self, note: bytes, name: str, error: PalyraError) -> Finding:
        try:
            origin = Checkpoint.parse(Note.parse(note).text).origin
        except InvalidNote:
            origin = self.keys.origin
        if origin != self.keys.origin:
            return _foreign(name, origin)
        return Finding(Damage.FALSE_CHECKPOINT, f"{name}: {error.message}")


def _foreign(name: str, origin: str) -> Finding:
    return Finding(Damage.FOREIGN_CHECKPOINT, f"{name} is of another log, {origin[:100]}.")
