"""``palyra projection rebuild|rollback|drop``: builds of views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.bulk import dry_run_option
from palyra_runtime.cli.command import command, yes_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.projection_status import COLUMNS, EMPTY
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime.facade import RebuildPlan


@command(
    "rebuild", "projection rebuild", "projection rebuild hook audit", "projection rebuild --changed --dry-run"
)
@click.argument("views", nargs=-1)
@click.option("--changed", is_flag=True, help="Those that other code has made than this program has.")
@dry_run_option
@click.pass_obj
def rebuild(session: Session, views: tuple[str, ...], *, changed: bool, dry_run: bool) -> None:
    """Build VIEWS anew from the log, or all of them; the old rows are read until the new ones are there.

    The old rows are kept until the next rebuild: see palyra projection diff and rollback.
    """
    with session.palyra() as palyra:
        if dry_run:
            plan = palyra.projections.plan(views or None, changed=changed)
            session.show(plan, lambda page: _describe(page, plan))
            return
        with session.progress("rebuilding") as progress:
            rows = palyra.projections.rebuild(views or None, progress, changed=changed)
    session.list(rows, COLUMNS, empty=EMPTY)


@command("rollback", "projection rollback hook")
@click.argument("view")
@yes_option
@click.pass_obj
def rollback(session: Session, view: str) -> None:
    """Let the build of VIEW before the last rebuild be read again; doing it twice undoes it.

    It is brought to the position of the live one first.
    """
    session.confirm(f"Go back to the build of {view} before the live one?")
    with session.palyra() as palyra:
        rows = palyra.projections.rollback(view)
    session.list(rows, COLUMNS, empty=EMPTY)


@command("drop", "projection drop hook", "projection drop sales --live --yes")
@click.argument("view")
@click.option("--live", is_flag=True, help="Also the live one: it is built anew when somebody asks for it.")
@yes_option
@click.pass_obj
def drop(session: Session, view: str, *, live: bool) -> None:
    """Drop the builds of VIEW that nobody reads: the one before the live one, and half-made ones."""
    session.confirm(f"Drop builds of {view}?")
    with session.palyra() as palyra:
        gone = palyra.projections.drop(view, live=live)
    said = [{"name": each.projection, "generation": each.number, "tables": each.tables} for each in gone]
    session.show(said, lambda page: page.line(f"{units.plural(len(gone), 'build')} dropped."))


def _describe(page: Page, plan: RebuildPlan) -> None:
    events = units.plural(plan.events, "event")
    page.items(plan.views, title=f"{events} would be folded into {units.plural(len(plan.views), 'view')}")
