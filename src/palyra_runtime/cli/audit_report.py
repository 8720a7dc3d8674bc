"""``palyra audit report``: one page about the log, for people who have to sign it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.audit_verify import HistoryFindings, describe, verification
from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.cli.page import Page
    from palyra_runtime.facade import ActorActivity
    from palyra_runtime.ledger import VerifyReport

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
        found = palyra.ledger.verify(views=True, progress=progress)
        actors = palyra.audit.activity(after=after)
    told = {"verification": verification(found), "after": after, "actors": actors}
    session.show(told, lambda page: _describe(page, found, actors))
    if not found.is_sound:
        raise HistoryFindings(first_bad_position=found.first_bad_position)


def _describe(page: Page, found: VerifyReport, actors: Sequence[ActorActivity]) -> None:
    describe(page, found)
    page.heading("Who did it")
    page.table(_COLUMNS, actors)
