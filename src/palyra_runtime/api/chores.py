"""Operations that drop, check and carry out things, told over the network otherwise than to the facade."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import AwareDatetime

from palyra_events.holding import BlobKind
from palyra_events.retention import KeepRule
from palyra_events.store.check import StoreReport
from palyra_runtime.api.operation import Progress
from palyra_runtime.dispatch import DrainReport
from palyra_runtime.facade import Database, Dispatch, Erasure, Retention, RetentionReport, Subjects


def policy(retention: Retention) -> Mapping[BlobKind, KeepRule]:
    """Return the configured policy: how long each kind of bytes is kept, and how much of it."""
    return retention.rules


def run(  # noqa: PLR0913 - what an admin may choose
    retention: Retention,
    *,
    rules: Mapping[BlobKind, KeepRule] | None = None,
    head: int | None = None,
    made_at: AwareDatetime | None = None,
    shrink: bool = False,
    progress: Progress,
) -> RetentionReport:
    """Drop what a plan says, told again by its rules, its head and its moment; or a plan made now."""
    plan = retention.plan(rules, head=head, made_at=made_at)
    return retention.run(plan, shrink=shrink, progress=progress)


def erase(subjects: Subjects, subject: str, *, reason: str | None = None, progress: Progress) -> Erasure:
    """Erase what a person wrote, what was recorded of runs that were told of it, and their name."""
    return subjects.erase(subject, reason=reason, progress=progress)


def check(database: Database, *, quick: bool = False, progress: Progress) -> StoreReport:
    """Return what is wrong with the store itself; nothing is written."""
    progress(0, 1)
    return database.check(quick=quick)


def drain(dispatch: Dispatch, *, progress: Progress) -> DrainReport:
    """Wait until all that is due now is carried out, and report what was done; with no gateway, do it."""
    progress(0, 1)
    return dispatch.drain()
