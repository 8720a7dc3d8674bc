"""``palyra db prune``: drop what a policy does not keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.bulk import dry_run_option
from palyra_runtime.cli.command import command, yes_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from palyra_events.holding import BlobKind
    from palyra_events.retention import KeepRule, KindUse, RetentionPlan
    from palyra_runtime.records import RetentionPlanRecord

#: as in `palyra_events.retention.DROPPABLE`, which takes longer to import than most commands
KINDS = ("input", "output", "logs", "transcript", "payload", "stored", "message")

_COLUMNS: Sequence[Column[KindUse]] = (
    Column("KIND", lambda row: row.kind, is_whole=True),
    Column("KEPT", lambda row: units.count(row.blobs), is_number=True),
    Column("SIZE", lambda row: units.size(row.bytes), is_number=True),
    Column("TO DROP", lambda row: units.count(row.dropped), is_number=True),
    Column("SIZE", lambda row: units.size(row.dropped_bytes), is_number=True),
)


@command(
    "prune",
    "db prune --dry-run",
    "db prune --yes",
    "db prune --kind logs --kind transcript --keep-days 30 --shrink",
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="Only this kind; can be given more than once. By default all that a rule names.",
)
@click.option(
    "--keep-days", type=click.IntRange(0, 36_500), metavar="N", help="Keep what is at most N days old."
)
@click.option(
    "--keep-bytes", type=click.IntRange(0), metavar="N", help="Keep the newest N bytes of each kind."
)
@click.option("--shrink", is_flag=True, help="Write the database anew afterwards, without free pages.")
@dry_run_option
@yes_option
@click.pass_obj
def prune(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    kinds: tuple[str, ...],
    keep_days: int | None,
    keep_bytes: int | None,
    shrink: bool,
    dry_run: bool,
) -> None:
    """Drop records of runs that are too old, or too many, by the policy in palyra.toml.

    --keep-days and --keep-bytes are a policy for this once. Only bytes beside the log are dropped, never
    events; values that plugins keep and messages that are to be sent stay. What was dropped is shown as
    erased, and such attempts cannot be replayed.
    """
    with session.palyra() as palyra:
        plan = palyra.retention.plan(_rules(palyra.retention.rules, kinds, keep_days, keep_bytes))
        if dry_run:
            session.show(_record(plan), lambda page: _describe(page, plan))
            return
        if plan.blobs:
            if session.is_for_people:
                _describe(session.remarks(), plan)
            session.confirm("Drop them? They cannot be brought back.")
        with session.progress("dropping") as progress:
            report = palyra.retention.run(plan, shrink=shrink, progress=progress)
    dropped = f"{units.plural(report.dropped.blobs, 'blob')} dropped, {units.size(report.dropped.bytes)}."
    session.show(report, lambda page: page.line(dropped))


def _rules(
    configured: Mapping[BlobKind, KeepRule],
    kinds: Sequence[str],
    keep_days: int | None,
    keep_bytes: int | None,
) -> Mapping[BlobKind, KeepRule]:
    from palyra_events.retention import DROPPABLE, KeepRule  # noqa: PLC0415

    wanted = [kind for kind in DROPPABLE if not kinds or kind in kinds]
    if keep_days is None and keep_bytes is None:
        return {kind: configured[kind] for kind in wanted if kind in configured}
    return {kind: KeepRule(keep_days=keep_days, keep_bytes=keep_bytes) for kind in wanted}


def _record(plan: RetentionPlan) -> RetentionPlanRecord:
    from palyra_runtime.records import RetentionPlanRecord  # noqa: PLC0415 - help does not wait for it

    return RetentionPlanRecord.of(plan)


def _describe(page: Page, plan: RetentionPlan) -> None:
    if not plan.blobs:
        page.line("There is nothing to drop.")
        return
    page.table(_COLUMNS, [use for use in plan.kinds if use.dropped])
    page.line(f"{units.plural(plan.blobs, 'blob')}, {units.size(plan.dropped_bytes)}, to drop.")
