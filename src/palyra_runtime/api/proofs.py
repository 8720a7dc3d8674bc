"""Operations on what proves the log: a checkpoint comes and goes as its text, and no file is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from palyra_runtime.api.operation import Progress
from palyra_runtime.facade import Ledger
from palyra_runtime.ledger import VerifyReport


@dataclass(frozen=True, slots=True)
class SignedRows:
    """Rows of the log as they were signed; with the last of them the checkpoint that is over them all."""

    rows: Sequence[Mapping[str, Any]]
    checkpoint: Mapping[str, Any] | None


def export(ledger: Ledger, *, after: int = 0, limit: int = 500) -> SignedRows:
    """Return the signed rows after a position, at most ``limit``."""
    # One more than wanted: behind the last row comes the checkpoint.
    found = list(islice(ledger.export(after), limit + 1))
    is_whole = "checkpoint" in found[-1]
    return SignedRows(found[:-1], found[-1] if is_whole else None)


def verify(
    ledger: Ledger,
    *,
    since: str | None = None,
    keys: Sequence[str] = (),
    views: bool = False,
    progress: Progress,
) -> VerifyReport:
    """Read the log again and say what is wrong with it; rows under a checkpoint ``since`` are not read."""
    start = None if since is None else since.encode()
    return ledger.verify(since=start, keys=keys, views=views, progress=progress)


def covered_by(ledger: Ledger, checkpoint: str) -> int:
    """Return the position up to which a checkpoint vouches for the log."""
    return ledger.covered_by(checkpoint.encode())
