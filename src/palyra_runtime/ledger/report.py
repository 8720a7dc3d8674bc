"""What a verification found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from palyra_events.ledger.damage import Finding


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The state of a log: how much of it was checked, what signs for it, and what is wrong.

    ``signed`` is the size of the newest checkpoint that holds; the events behind it are not signed
    yet. ``root`` is that over all events, None where some are missing. ``since`` is the size of the
    checkpoint that was relied on to begin with. ``erased`` counts the references to bytes that are kept
    no longer, which is no damage. ``views`` are those that were derived anew and compared.
    """

    origin: str
    head: int
    events: int
    since: int
    checkpoints: int
    signed: int
    signed_at: datetime | None
    root: str | None
    erased: int
    findings: tuple[Finding, ...]
    views: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_bad_position(self) -> int | None:
        """The first position that something is wrong with, None where nothing is, or nothing with a place."""
        return min((f.position for f in self.findings if f.position is not None), default=None)
