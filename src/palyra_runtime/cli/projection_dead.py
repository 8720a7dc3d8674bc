"""``palyra projection dead``: the events that reports went on without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, yes_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections import DeadLetter

_COLUMNS: Sequence[Column[DeadLetter]] = (
    Column("VIEW", lambda row: row.name, is_whole=True),
    Column("POSITION", lambda row: row.position, is_number=True),
    Column("ERROR", lambda row: row.error, wraps=True),
)


@command("list", "projection dead list", "projection dead list audit -o json")
@click.argument("view", required=False)
@click.pass_obj
def list_dead(session: Session, view: str | None) -> None:
    """List the events that reports went on without, of VIEW or of all; look at one with event show."""
    with session.palyra() as palyra:
        rows = palyra.projections.dead_letters(view)
    session.list(rows, _COLUMNS, empty="There is no dead letter.")


@command("retry", "projection dead retry audit")
@click.argument("view")
@click.pass_obj
def retry(session: Session, view: str) -> None:
    """Try the dead letters of VIEW again: it is built anew, so that each event has its effect in its place.

    What still cannot be taken in is listed, and the exit code is then 6.
    """
    from projections import ProjectionFailed  # noqa: PLC0415 - help does not wait for databases

    with session.palyra() as palyra, session.progress("rebuilding") as progress:
        rows = palyra.projections.retry(view, progress)
    session.list(rows, _COLUMNS, empty="No dead letter is left.")
    if rows:
        raise ProjectionFailed(f"The view {view} still cannot take in {units.plural(len(rows), 'event')}.")


@command("discard", "projection dead discard audit 47", "projection dead discard audit --all --yes")
@click.argument("view")
@click.argument("positions", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "all_of_them", is_flag=True, help="All dead letters of the view.")
@yes_option
@click.pass_obj
def discard(session: Session, view: str, positions: tuple[int, ...], *, all_of_them: bool) -> None:
    """Forget dead letters of VIEW, at POSITIONS or all; the events stay, and the next rebuild tries them."""
    session.confirm(f"Forget these dead letters of {view}?")
    with session.palyra() as palyra:
        rows = palyra.projections.discard(view, positions, all_of_them=all_of_them)
    session.list(rows, _COLUMNS, empty="There was no such dead letter.")


DEAD = group("dead", "Handle the events that reports went on without.", [list_dead, retry, discard])
