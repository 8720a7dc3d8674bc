"""``palyra surface list``, ``history`` and ``problems``: the pages of plugins, in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, limit_option
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from projections import SurfaceProblem, SurfaceRow

_PLUGIN: Column[SurfaceRow] = Column("PLUGIN", lambda row: row.plugin_id, is_whole=True)
_VERSION: Column[SurfaceRow] = Column("VERSION", lambda row: row.version, is_number=True)
_PARTS: Column[SurfaceRow] = Column("PARTS", lambda row: row.components, is_number=True)
_REPAIRS: Column[SurfaceRow] = Column("REPAIRS", lambda row: row.repairs or None, is_number=True)
_CHANGED: Column[SurfaceRow] = Column(
    "CHANGED (UTC)", lambda row: units.short_moment(row.changed_at), is_whole=True
)

_COLUMNS: Sequence[Column[SurfaceRow]] = (
    Column("SURFACE", lambda row: row.surface, is_whole=True),
    Column("STATE", lambda row: "open" if row.is_open else "closed", is_whole=True),
    _PLUGIN,
    _VERSION,
    _PARTS,
    _REPAIRS,
    _CHANGED,
)
_HISTORY: Sequence[Column[SurfaceRow]] = (
    _VERSION,
    Column("CHANGE", lambda row: row.change, is_whole=True),
    _PLUGIN,
    _PARTS,
    _REPAIRS,
    _CHANGED,
    Column("POS", lambda row: row.position, is_number=True),
)
_PROBLEMS: Sequence[Column[SurfaceProblem]] = (
    Column("POS", lambda row: row.position, is_number=True),
    Column("SURFACE", lambda row: row.surface, is_whole=True),
    Column("PLUGIN", lambda row: row.plugin_id, is_whole=True),
    Column("CODE", lambda row: row.code, is_whole=True),
    Column("WHY", lambda row: row.message, wraps=True),
)


@command("list", "surface list", "surface list --all --plugin approval-desk -o json")
@click.option("--plugin", metavar="PLUGIN", help="Only surfaces of this plugin.")
@click.option("--all", "all_", is_flag=True, help="Those that were closed as well.")
@click.option("--closed", is_flag=True, help="Only those that were closed.")
@click.option("--after", default="", metavar="SURFACE", help="Begin after a surface.")
@limit_option(100)
@at_option
@click.pass_obj
def list_surfaces(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    plugin: str | None,
    all_: bool,
    closed: bool,
    after: str,
    limit: int,
    at: datetime | int | None,
) -> None:
    """List the pages that plugins show, by name."""
    if all_ and closed:
        raise click.UsageError("Choose one of --all and --closed.")
    with session.palyra() as palyra:
        rows = palyra.surfaces.list(
            plugin=plugin, is_open=None if all_ else not closed, after=after, limit=limit, at=at
        )
    session.list(rows, _COLUMNS, empty="There is no such surface.")
    if len(rows) == limit:
        session.remark(f"There may be more: go on with --after {rows[-1].surface}")


@command("history", "surface history approvals", "surface history approvals --before 40 -o json")
@click.argument("surface")
@click.option("--before", type=click.IntRange(min=1), metavar="VERSION", help="Begin before a version.")
@limit_option(100)
@at_option
@click.pass_obj
def history(
    session: Session, surface: str, *, before: int | None, limit: int, at: datetime | int | None
) -> None:
    """List the versions of SURFACE, the newest first, each with the outcome that made it."""
    with session.palyra() as palyra:
        rows = palyra.surfaces.history(surface, before=before, limit=limit, at=at)
    session.list(rows, _HISTORY, empty="There is no such version.")
    if len(rows) == limit:
        session.remark(f"There may be more: go on with --before {rows[-1].version}")


@command("problems", "surface problems", "surface problems approvals -o json")
@click.argument("surface", required=False)
@click.option("--before", type=click.IntRange(min=1), metavar="POSITION", help="Begin before a position.")
@limit_option(100)
@at_option
@click.pass_obj
def problems(
    session: Session, surface: str | None, *, before: int | None, limit: int, at: datetime | int | None
) -> None:
    """List outputs of plugins that could not be shown, those for SURFACE or all, the newest first."""
    with session.palyra() as palyra:
        rows = palyra.surfaces.problems(surface, before=before, limit=limit, at=at)
    session.list(rows, _PROBLEMS, empty="There is no such problem.")
    if len(rows) == limit:
        session.remark(f"There may be more: go on with --before {rows[-1].position}")
