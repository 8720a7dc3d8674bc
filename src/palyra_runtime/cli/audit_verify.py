"""``palyra audit verify``: reads the whole log again, and says whether it is true."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_events.errors import Findings
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session
from palyra_runtime.job_count import JOBS_MAX

if TYPE_CHECKING:
    from palyra_runtime.cli.page import Page
    from palyra_runtime.ledger import VerifyReport
    from palyra_runtime.records import VerificationRecord

#: findings that a person is shown; programs get all of them
_SHOWN_MAX = 20


class HistoryFindings(Findings):
    """The log is not what was recorded."""

    code = "HISTORY_FINDINGS"
    advice = "Keep the database as it is, and find out who changed it; docs/audit.md explains each finding."


@command(
    "verify",
    "audit verify",
    "audit verify --views --jobs 4",
    "audit verify --since kept/0000000000000004096.checkpoint -o json",
)
@click.option(
    "--since",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Begin behind this checkpoint: of the events before it, only the hashes are checked.",
)
@click.option("--key", "keys", multiple=True, metavar="KEY", help="A verifier key to trust as well.")
@click.option(
    "--jobs",
    type=click.IntRange(1, JOBS_MAX),
    default=1,
    show_default=True,
    metavar="N",
    help="Work in N processes.",
)
@click.option("--views", is_flag=True, help="Derive all views anew and compare them, too.")
@click.pass_obj
def verify(session: Session, since: Path | None, keys: tuple[str, ...], jobs: int, views: bool) -> None:  # noqa: FBT001 - click's
    """Check the whole history: each event, each stream, all bytes beside the log, all checkpoints.

    If something is wrong, it says what was done, and where first, and the exit code is 6. Bytes that
    were dropped by retention or erasure are counted; they are no damage.
    """
    with session.palyra() as palyra, session.progress("verifying") as progress:
        report = palyra.ledger.verify(since=since, keys=keys, jobs=jobs, views=views, progress=progress)
    session.show(verification(report), lambda page: describe(page, report))
    if not report.is_sound:
        raise HistoryFindings(first_bad_position=report.first_bad_position)


def describe(page: Page, report: VerifyReport) -> None:
    """Write what a verification found."""
    for finding in report.findings[:_SHOWN_MAX]:
        page.label(finding.damage.replace("_", " "), finding.message, style="red")
    if len(report.findings) > _SHOWN_MAX:
        page.line(f"and {len(report.findings) - _SHOWN_MAX} more; -o json has all of them")
    page.line("The history is sound." if report.is_sound else "The history is NOT what was recorded.")
    page.fields(
        [
            ("first bad position", report.first_bad_position),
            ("log", report.origin),
            ("events", f"{report.events:,} checked, of {report.head:,}"),
            ("checkpoints", f"{report.checkpoints:,}"),
            ("signed", _signed(report)),
            ("root", report.root),
            ("erased", f"{report.erased:,} references to bytes that are kept no longer"),
            ("views", ", ".join(report.views)),
        ]
    )


def _signed(report: VerifyReport) -> str:
    if not report.checkpoints:
        return "nothing yet: palyra audit checkpoint create"
    when = f", at {units.moment(report.signed_at)}" if report.signed_at else ""
    return f"the first {report.signed:,} events{when}"


def verification(report: VerifyReport) -> VerificationRecord:
    """Return what a verification found, for programs."""
    from palyra_runtime.records import VerificationRecord  # noqa: PLC0415 - help does not wait for it

    return VerificationRecord.of(report)
