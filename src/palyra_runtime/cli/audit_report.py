"""``palyra audit report``: one page about the log, for people who have to sign it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.audit_verify import HistoryFindings, describe
from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.cli.page import Page
    from palyra_runtime.facade import ActorActivity, AuditReport
    from palyra_runtime.records import AuditReportRecord

_COLUMNS: Sequence[Column[ActorActivity]] = (
    Column("ACTOR", lambda row: row.actor, is_whole=True),
    Column("EVENTS", lambda row: row.events, is_number=True),
    Column("LAST (UTC)", lambda row: units.short_moment(row.until), is_whole=True),
    Column("ABOUT", lambda row: ", ".join(row.subjects), wraps=True),
)


@command("report", "audit report", "audit report --after 4096 -o json")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, metavar="POSITION", help="Count from a position on."
)
@click.pass_obj
def report(session: Session, after: int) -> None:
    """Tell on one page whether the history is sound, and who did how much.

    The whole log and its views are verified; if something is wrong, the exit code is 6.
    """
    with session.palyra() as palyra, session.progress("verifying") as progress:
        told = palyra.ledger.report(after=after, progress=progress)
    session.show(_record(told), lambda page: _describe(page, told))
    if not told.verification.is_sound:
        raise HistoryFindings(first_bad_position=told.verification.first_bad_position)


def _record(told: AuditReport) -> AuditReportRecord:
    from palyra_runtime.records import AuditReportRecord  # noqa: PLC0415 - help does not wait for it

    return AuditReportRecord.of(told)


def _describe(page: Page, told: AuditReport) -> None:
    describe(page, told.verification)
    page.heading("Who did it")
    page.table(_COLUMNS, told.actors)
