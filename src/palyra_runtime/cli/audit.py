"""``palyra audit``: who did what, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, limit_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections import AuditRow


def _what(row: AuditRow) -> str:
    """Return what happened, to what, and why in somebody's own words."""
    why = "reason erased" if row.is_reason_erased else row.reason
    return f"{row.subject_kind} {row.subject_id} {row.summary}" + (f" ({why})" if why else "")


_COLUMNS: Sequence[Column[AuditRow]] = (
    Column("POS", lambda row: row.position, is_number=True),
    Column("TIME (UTC)", lambda row: units.short_moment(row.timestamp), is_whole=True),
    Column("ACTOR", lambda row: row.actor, is_whole=True),
    Column("WHAT", _what, wraps=True),
)


@command("log", "audit log", "audit log --actor operator:ada --after 100", "audit log -o ndjson")
@click.option(
    "--after",
    type=click.IntRange(min=0),
    metavar="POSITION",
    help="Begin after a position, not near the end.",
)
@click.option("--actor", metavar="ACTOR", help="Only what this actor did, such as operator:ada.")
@limit_option(50)
@click.pass_obj
def log(session: Session, after: int | None, actor: str | None, limit: int) -> None:
    """Tell who did what, when and why: of the newest events, or of those after a position."""
    with session.palyra() as palyra:
        rows = palyra.audit.log(after=after or 0, actor=actor, limit=limit, newest_first=after is None)
    in_order = sorted(rows, key=lambda row: row.position)
    session.list(in_order, _COLUMNS, empty="Nothing of the kind has happened.")
    if after is not None and len(rows) == limit:
        session.remark(f"There may be more: go on with --after {in_order[-1].position}")


AUDIT = group("audit", "Tell who did what, when and why.", [log])
