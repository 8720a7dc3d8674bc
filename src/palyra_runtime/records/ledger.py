"""Checkpoints and verifications as programs read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from palyra_events.ledger.damage import Damage
from palyra_runtime.facade import ActorActivity, AuditReport
from palyra_runtime.ledger import SignedCheckpoint, VerifyReport


@dataclass(frozen=True, slots=True)
class CheckpointRecord:
    """A signed head of the log; ``note`` is what was signed, with the signatures."""

    origin: str
    size: int
    root: str
    signed_at: datetime | None
    verifier_key: str
    note: str

    @classmethod
    def of(cls, signed: SignedCheckpoint) -> Self:
        """Return a checkpoint for programs."""
        return cls(
            origin=signed.checkpoint.origin,
            size=signed.checkpoint.size,
            root=signed.checkpoint.root.hex(),
            signed_at=signed.signed_at,
            verifier_key=str(signed.key),
            note=signed.note.decode(),
        )


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """Something that is wrong with a log, and where."""

    damage: Damage
    message: str
    position: int | None
    last_position: int | None


@dataclass(frozen=True, slots=True)
class VerificationRecord:
    """What a verification found; see `palyra_runtime.ledger.VerifyReport`."""

    is_sound: bool
    first_bad_position: int | None
    origin: str
    head: int
    events: int
    since: int
    checkpoints: int
    signed: int
    signed_at: datetime | None
    root: str | None
    erased: int
    views: tuple[str, ...]
    findings: tuple[FindingRecord, ...]

    @classmethod
    def of(cls, report: VerifyReport) -> Self:
        """Return for programs what a verification found."""
        return cls(
            is_sound=report.is_sound,
            first_bad_position=report.first_bad_position,
            origin=report.origin,
            head=report.head,
            events=report.events,
            since=report.since,
            checkpoints=report.checkpoints,
            signed=report.signed,
            signed_at=report.signed_at,
            root=report.root,
            erased=report.erased,
            views=report.views,
            findings=tuple(
                FindingRecord(each.damage, each.message, each.position, each.last_position)
                for each in report.findings
            ),
        )


@dataclass(frozen=True, slots=True)
class AuditReportRecord:
    """Whether the history is sound, and who did how much ``after`` a position."""

    verification: VerificationRecord
    after: int
    actors: tuple[ActorActivity, ...]

    @classmethod
    def of(cls, report: AuditReport) -> Self:
        """Return for programs what somebody signs off."""
        return cls(VerificationRecord.of(report.verification), report.after, report.actors)
