"""``palyra projection rebuild|rollback|drop``: builds of views."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_runtime import clock
from palyra_runtime.cli import units
from palyra_runtime.cli.bulk import dry_run_option
from palyra_runtime.cli.command import command, yes_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import POINT_METAVAR
from palyra_runtime.cli.projection_status import COLUMNS, EMPTY
from palyra_runtime.cli.session import Session
from palyra_runtime.job_count import JOBS_MAX
from palyra_runtime.point import parse_point

if TYPE_CHECKING:
    from palyra_runtime import Palyra
    from palyra_runtime.facade import RebuildPlan
    from projections import Point


@command(
    "rebuild",
    "projection rebuild",
    "projection rebuild hook audit --jobs 2",
    "projection rebuild hook --from 120000",
    "projection rebuild --from 7d --dry-run",
    "projection rebuild --changed --dry-run",
)
@click.argument("views", nargs=-1)
@click.option("--changed", is_flag=True, help="Those that other code has made than this program has.")
@click.option(
    "--from",
    "start",
    metavar=f"{POINT_METAVAR}|CHECKPOINT",
    help="Keep the rows as they were then, and fold what came later. It can be a checkpoint's file.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, JOBS_MAX),
    default=1,
    show_default=True,
    metavar="N",
    help="Let N processes share the views.",
)
@dry_run_option
@click.pass_obj
def rebuild(  # noqa: PLR0913 - one parameter for each option
    session: Session, *, views: tuple[str, ...], changed: bool, start: str | None, jobs: int, dry_run: bool
) -> None:
    """Build VIEWS anew from the log, or all of them; the old rows are read until the new ones are there.

    The old rows are kept until the next rebuild: see palyra projection diff and rollback. With --from, the
    views are all whose rows tell what they were, where none is named.
    """
    if start is not None and jobs > 1:
        raise click.UsageError("--jobs is for builds from the first event on: leave out --from.")
    with session.palyra() as palyra:
        begin = _point(palyra, start)
        if dry_run:
            plan = palyra.projections.plan(views or None, changed=changed, start=begin)
            session.show(plan, lambda page: _describe(page, plan))
            return
        with session.progress("rebuilding") as progress:
            rows = palyra.projections.rebuild(
                views or None, progress, changed=changed, start=begin, jobs=jobs
            )
    session.list(rows, COLUMNS, empty=EMPTY)


def _point(palyra: Palyra, start: str | None) -> Point:
    """Return what a position, a moment or an age means, or up to where a checkpoint vouches for the log."""
    if start is None:
        return 0
    point = parse_point(start, clock.now())
    return palyra.ledger.covered_by(Path(start)) if point is None else point


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
    after = f" after position {units.count(plan.start)}" if plan.start else ""
    events = units.plural(plan.events, "event") + after
    page.items(plan.views, title=f"{events} would be folded into {units.plural(len(plan.views), 'view')}")
