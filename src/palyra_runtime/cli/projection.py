"""``palyra projection``: where the views of the log stand, and building them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli.command import command, group
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections import ProjectionStatus

_COLUMNS: Sequence[Column[ProjectionStatus]] = (
    Column("VIEW", lambda row: row.name, is_whole=True),
    Column("STATE", lambda row: row.state, is_whole=True),
    Column("GENERATION", lambda row: row.generation, is_number=True),
    Column("POSITION", lambda row: row.position, is_number=True),
    Column("HEAD", lambda row: row.head, is_number=True),
    Column("LAG", lambda row: row.lag, is_number=True),
    Column("ROWS", lambda row: row.rows, is_number=True),
)


@command("status", "projection status", "projection status -o json")
@click.pass_obj
def status(session: Session) -> None:
    """Show how far each view has come in the log."""
    with session.palyra() as palyra:
        rows = palyra.projections.status()
    session.list(rows, _COLUMNS, empty="There is no view.")


@command("rebuild", "projection rebuild", "projection rebuild hook audit")
@click.argument("views", nargs=-1)
@click.pass_obj
def rebuild(session: Session, views: tuple[str, ...]) -> None:
    """Build VIEWS anew from the log, or all of them; the old rows are read until the new ones are there."""
    with session.palyra() as palyra, session.progress("rebuilding") as progress:
        rows = palyra.projections.rebuild(views or None, progress)
    session.list(rows, _COLUMNS, empty="There is no view.")


PROJECTION = group(
    "projection", "See where the views of the log stand.", [status, rebuild], plural="projections"
)
