"""``palyra audit``: who did what, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.audit_checkpoint import CHECKPOINT
from palyra_runtime.cli.audit_export import export
from palyra_runtime.cli.audit_proof import prove, verifier
from palyra_runtime.cli.audit_report import report
from palyra_runtime.cli.audit_verify import verify
from palyra_runtime.cli.command import Decorator, command, group, limit_option
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

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


_after_option: Decorator = click.option(
    "--after",
    type=click.IntRange(min=0),
    metavar="POSITION",
    help="Begin after a position, not near the end.",
)
_actor_option: Decorator = click.option(
    "--actor", metavar="ACTOR", help="Only what this actor did, such as operator:ada."
)
_kind_option: Decorator = click.option(
    "--subject-kind", metavar="KIND", help="Only what happened to such things: hook, skill, delivery, token."
)


@command(
    "log",
    "audit log",
    "audit log --actor operator:ada --after 100",
    "audit log --grep 'quarantine*'",
    "audit log --subject-kind token",
    "audit log --at 2026-03-01T12:00",
    "audit log -o ndjson",
)
@_after_option
@_actor_option
@_kind_option
@click.option("--grep", metavar="QUERY", help="Only what these words are in; see audit search.")
@limit_option(50)
@at_option
@click.pass_obj
def log(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    after: int | None,
    actor: str | None,
    subject_kind: str | None,
    grep: str | None,
    limit: int,
    at: datetime | int | None,
) -> None:
    """Tell who did what, when and why: of the newest events, or of those after a position."""
    wanted = {"actor": actor, "subject_kind": subject_kind, "grep": grep, "at": at}
    _list(session, after=after, limit=limit, **wanted)


@command(
    "search",
    "audit search acme.greeter",
    "audit search 'quarantine* \"failed its audit\"' --actor system:audit",
    "audit search night pager -o ndjson",
)
@click.argument("query", nargs=-1, required=True)
@_after_option
@_actor_option
@_kind_option
@limit_option(50)
@at_option
@click.pass_obj
def search(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    query: tuple[str, ...],
    after: int | None,
    actor: str | None,
    subject_kind: str | None,
    limit: int,
    at: datetime | int | None,
) -> None:
    """Find events by words in what happened, the reason given, or the ids.

    All words of QUERY must be there: word* is the beginning of one, "two words" in quotes stand next to
    each other. Case and accents do not count.
    """
    wanted = {"actor": actor, "subject_kind": subject_kind, "grep": " ".join(query), "at": at}
    _list(session, after=after, limit=limit, **wanted)


def _list(session: Session, *, after: int | None, limit: int, **wanted: Any) -> None:
    with session.palyra() as palyra:
        rows = palyra.audit.log(after=after or 0, limit=limit, newest_first=after is None, **wanted)
    in_order = sorted(rows, key=lambda row: row.position)
    session.list(in_order, _COLUMNS, empty="Nothing of the kind has happened.")
    if after is not None and len(rows) == limit:
        session.remark(f"There may be more: go on with --after {in_order[-1].position}")


AUDIT = group(
    "audit",
    "Tell who did what, when and why, and prove it.",
    [log, search, CHECKPOINT, verify, prove, verifier, export, report],
)
