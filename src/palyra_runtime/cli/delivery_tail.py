"""``palyra delivery tail``: what happens to deliveries, as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, limit_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import OutputFormat, Session

if TYPE_CHECKING:
    from palyra_runtime.facade import DeliveryChange


@command(
    "tail",
    "delivery tail",
    "delivery tail -f --troubles",
    "delivery tail -f --hook greet --limit 1 -o ndjson",
)
@click.option("-f", "--follow", is_flag=True, help="Go on with what happens from now on, until interrupted.")
@click.option("--hook", metavar="HOOK", help="Only deliveries of this hook.")
@click.option("--troubles", is_flag=True, help="Only failures, dead letters and skips.")
@limit_option(20)
@click.pass_obj
def tail(session: Session, *, follow: bool, hook: str | None, troubles: bool, limit: int) -> None:
    """Show what happened last to deliveries, one line for each event."""
    from palyra_events.identifiers import normalize_hook_id  # noqa: PLC0415 - help does not wait for it
    from palyra_runtime.facade import ChangeFilter  # noqa: PLC0415

    if follow and session.output is OutputFormat.JSON:
        raise click.UsageError("What goes on for ever is no JSON document; give -o ndjson.")
    wanted = ChangeFilter(hook_id=None if hook is None else normalize_hook_id(hook), only_troubles=troubles)
    page = session.results()
    with session.palyra() as palyra:
        changes = palyra.deliveries.changes(limit=limit, matching=wanted, follow=follow)
        if session.output is OutputFormat.JSON:
            page.document(changes)
            return
        for change in changes:
            _write(session, page, change)
            if follow:
                page.flush()


def _write(session: Session, page: Page, change: DeliveryChange) -> None:
    if session.is_for_people:
        page.line(f"{units.short_moment(change.timestamp)}  {change.delivery_id}  {change.summary}")
    else:
        page.record(change)
