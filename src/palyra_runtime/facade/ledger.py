"""The ledger: signing the head of the log, checking all of it, proving one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from palyra_events.application import Intent
from palyra_events.errors import PalyraError
from palyra_events.ledger import VerifierKey
from palyra_events.ledger.damage import Damage, Finding
from palyra_events.store import EventLog
from palyra_runtime.facade.activity import ActorActivity
from palyra_runtime.job_count import check_jobs
from palyra_runtime.ledger import (
    Collection,
    Keeper,
    LedgerForked,
    ProofBundle,
    SignedCheckpoint,
    TrustedKeys,
    UnknownCheckpoint,
    Verifier,
    VerifyReport,
    checking_here,
    checking_in_processes,
    prove,
    trusted_keys,
)
from palyra_runtime.ledger.bundle import rows_for_export
from palyra_runtime.ledger.leaves import subtree
from palyra_runtime.ledger.verifier import in_order
from projections import Progress, Verdict


class Activity(Protocol):
    """Tells who did how much after a position; see `AuditTrail.activity`."""

    def __call__(self, *, after: int) -> Sequence[ActorActivity]:
        """Return it, the busiest first."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What somebody signs off: whether the history is sound, and who did how much ``after`` a position."""

    verification: VerifyReport
    after: int
    actors: tuple[ActorActivity, ...]


class Ledger:
    """Shows that nobody edited the history."""

    def __init__(
        self,
        *,
        log: EventLog,
        keeper: Keeper,
        compare_views: Callable[[], Iterable[Verdict]],
        activity: Activity,
        actor: str,
    ) -> None:
        self._log = log
        self._keeper = keeper
        self._compare_views = compare_views
        self._activity = activity
        self._actor = actor

    def checkpoint(self) -> SignedCheckpoint:
        """Sign the head of the log, and keep what was signed outside the database.

        Raises:
            LedgerForked: the log does not continue what was signed before; nothing was signed.
            LogDamaged: a position is missing in it.
            LedgerKeyUnusable, LedgerKeyReplaced, CheckpointsUnusable, WitnessUnavailable: see the message.
        """
        return self._keeper.checkpoint()

    def checkpoints(self) -> Sequence[SignedCheckpoint]:
        """Return the checkpoints of the folder, the smallest first.

        Raises:
            InvalidNote, UntrustedNote: one of them is not what was written there.
            CheckpointsUnusable, LedgerKeyUnusable: folder or key cannot be read.
        """
        return self._keeper.checkpoints()

    def rotate_key(self, *, revoke: bool = False, reason: str | None = None) -> SignedCheckpoint:
        """Sign with another key from now on, and return the first checkpoint that it signed.

        With ``revoke``, because somebody else may have the old one, that signs nothing any more.

        Raises:
            ReasonRequired: a key is to be revoked, and nobody says why.
            LedgerForked, LogDamaged, LedgerKeyUnusable, LedgerKeyReplaced, CheckpointsUnusable,
                WitnessUnavailable: as for `checkpoint`.
        """
        return self._keeper.rotate(Intent(self._actor, reason), is_revoked=revoke)

    def verify(
        self,
        *,
        since: Path | bytes | None = None,
        keys: Iterable[str] = (),
        jobs: int = 1,
        views: bool = False,
        progress: Progress | None = None,
    ) -> VerifyReport:
        """Read the log again and say what is wrong with it; ``report.is_sound`` if nothing is.

        ``since`` is a checkpoint, or its file, up to which the rows need not be read: it is enough that
        their hashes are those that were signed. ``keys`` are verifier keys to trust beside this home's
        own. With ``views``, each view is derived anew and compared.

        Raises:
            InvalidNote, UntrustedNote: ``since`` cannot be relied on.
            InvalidVerifierKey: one of the ``keys`` is none.
            UnknownCheckpoint: the file ``since`` cannot be read.
            JobsOutOfRange: work cannot be split into so many ``jobs``.
            CheckpointsUnusable, LedgerKeyUnusable: folder or key cannot be read.
        """
        check_jobs(jobs)
        collection = self._collected([VerifierKey.parse(key) for key in keys])
        start = None if since is None else collection.keys.check(note_bytes(since))
        checking = checking_here(self._log) if jobs == 1 else checking_in_processes(self._log.url, jobs)
        verifier = Verifier(self._log, self._keeper.origin, checking)
        report = verifier.verify(collection.signed, since=start, progress=progress)
        report = replace(report, findings=in_order((*report.findings, *collection.findings)))
        return self._with_views(report) if views else report

    def report(self, *, after: int = 0, progress: Progress | None = None) -> AuditReport:
        """Verify the whole log and its views, and say who did how much after a position.

        Raises:
            PageOutOfRange: the position makes no sense.
            CheckpointsUnusable, LedgerKeyUnusable: folder or key cannot be read.
        """
        found = self.verify(views=True, progress=progress)
        return AuditReport(found, after, tuple(self._activity(after=after)))

    def covered_by(self, checkpoint: Path | bytes) -> int:
        """Return the position up to which a checkpoint vouches for this log.

        Only the hashes that the rows bear are held against what was signed: `verify` reads the rows.

        Raises:
            LedgerForked: the log is not the one that was signed.
            InvalidNote, UntrustedNote: it cannot be relied on.
            UnknownCheckpoint: its file cannot be read.
            LedgerKeyUnusable: the key cannot be read.
        """
        signed = self._keys().check(note_bytes(checkpoint)).checkpoint
        if signed.size > self._log.head() or subtree(self._log.evidence, 0, signed.size) != signed.root:
            raise LedgerForked("The checkpoint does not vouch for this log.", size=signed.size)
        return signed.size

    def prove(self, position: int, checkpoint: int | None = None) -> ProofBundle:
        """Return the proof that an event is under the newest checkpoint, or under that of a size.

        Raises:
            UnknownCheckpoint: there is no such checkpoint, or none that covers the position.
            EventNotProvable: the log holds something else than what was signed.
            InvalidNote, UntrustedNote, CheckpointsUnusable, LedgerKeyUnusable: see `checkpoints`.
        """
        sizes = self._keeper.folder.sizes()
        size = checkpoint if checkpoint is not None else max(sizes, default=0)
        if size not in sizes:
            raise UnknownCheckpoint(f"There is no checkpoint of {size} events.", size=size)
        return prove(self._log, position, self._keys().check(self._keeper.folder.read(size)))

    def export(self, after: int = 0) -> Iterator[Mapping[str, object]]:
        """Yield the signed rows after a position as JSON objects, and last the checkpoint over them.

        Raises:
            UnknownCheckpoint: nothing was signed yet, or nothing behind the position.
            LogDamaged: a row is missing, or is not the one that its hash was made of.
        """
        sizes = self._keeper.folder.sizes()
        if not sizes or sizes[-1] <= after:
            raise UnknownCheckpoint(f"No checkpoint covers the events after position {after}.", after=after)
        signed = self._keys().check(self._keeper.folder.read(sizes[-1]))
        yield from rows_for_export(self._log, after, signed.checkpoint.size)
        yield {"checkpoint": signed.note.decode(), "verifier_key": str(signed.key)}

    def _keys(self, others: Iterable[VerifierKey] = ()) -> TrustedKeys:
        return trusted_keys(self._log, self._keeper.origin, self._keeper.key_file.public_key(), others)

    def _collected(self, others: Sequence[VerifierKey]) -> Collection:
        """Return what was signed; where the log cannot tell its keys, by the key of this home alone."""
        try:
            collection = Collection(self._keys(others))
        except PalyraError as error:
            public_key = self._keeper.key_file.public_key()
            own = frozenset([bytes.fromhex(public_key)] if public_key else [])
            collection = Collection(TrustedKeys(self._keeper.origin, own, tuple(others)))
            text = f"The log cannot tell which keys have signed: {error.message}"
            collection.findings.append(Finding(Damage.UNREADABLE, text))
        collection.add_folder(self._keeper.folder)
        collection.add_database(self._log)
        return collection

    def _with_views(self, report: VerifyReport) -> VerifyReport:
        try:
            verdicts = list(self._compare_views())
        except PalyraError as error:
            found = [Finding(Damage.UNREADABLE, f"The views cannot be derived anew: {error.message}")]
            return replace(report, findings=(*report.findings, *found))
        found = [_difference(verdict) for verdict in verdicts if not verdict.is_good]
        return replace(
            report, views=tuple(each.name for each in verdicts), findings=(*report.findings, *found)
        )


def _difference(verdict: Verdict) -> Finding:
    why = verdict.failure or f"{verdict.differences_count} rows differ"
    return Finding(Damage.VIEW_DIFFERS, f"The view {verdict.name} does not hold what the log says: {why}.")


def note_bytes(checkpoint: Path | bytes) -> bytes:
    """Return a checkpoint as it was signed, from its file where that is what is given.

    Raises:
        UnknownCheckpoint: the file cannot be read.
    """
    if isinstance(checkpoint, bytes):
        return checkpoint
    try:
        return checkpoint.read_bytes()
    except OSError as error:
        words = f"{checkpoint} cannot be read: {error.strerror}."
        raise UnknownCheckpoint(words, path=str(checkpoint)) from error
