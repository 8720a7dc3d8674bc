"""``palyra gateway status``: which gateways ran, who has the role, how far everything has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.facade import ConsumerRow, GatewayStatus, LeaseRow, RunRow

#: runs that are shown, unless more are asked for
_RUNS = 5
#: characters of a run's id that tell it from the others on a screen; JSON has all
_ID_SHOWN = 12


def _ending(row: RunRow) -> str | None:
    """Return when a run ended, or which process it is."""
    if row.stopped_at is not None:
        return units.short_moment(row.stopped_at)
    if row.pid is None:
        return None
    address = f" at {row.address}" if row.address else ""
    port = "" if row.port is None else f", port {row.port}"
    return f"pid {row.pid}{address}{port}"


_RUN_COLUMNS: Sequence[Column[RunRow]] = (
    Column("GATEWAY", lambda row: row.gateway_id[:_ID_SHOWN], is_whole=True),
    Column("STATE", lambda row: f"{row.state} ({row.cause})" if row.cause else row.state, is_whole=True),
    Column("STARTED (UTC)", lambda row: units.short_moment(row.started_at), is_whole=True),
    Column("ENDED", _ending),
)
_CONSUMER_COLUMNS: Sequence[Column[ConsumerRow]] = (
    Column("CONSUMER", lambda row: row.name, is_whole=True),
    Column("POSITION", lambda row: row.position, is_number=True),
    Column("LAG", lambda row: row.lag, is_number=True),
)
_LEASE_COLUMNS: Sequence[Column[LeaseRow]] = (
    Column("AT WORK UNDER", lambda row: row.key, is_whole=True),
    Column("DELIVERY", lambda row: row.delivery_id, is_whole=True),
    Column("ATTEMPT", lambda row: row.attempt, is_number=True),
    Column("PLUGIN", lambda row: row.plugin_id),
    Column("EXPIRES", lambda row: units.duration(row.expires_ms * 1000) if row.expires_ms > 0 else "over"),
)


@command("status", "gateway status", "gateway status --runs 20 -o json")
@click.option(
    "--runs",
    type=click.IntRange(1, 1000),
    default=_RUNS,
    show_default=True,
    metavar="N",
    help="Show at most N runs.",
)
@click.pass_obj
def status(session: Session, *, runs: int) -> None:
    """Show which gateways ran and how they ended, who schedules, and how far everything has come."""
    with session.palyra() as palyra:
        found = palyra.gateway.status(runs=runs)
    session.show(found, lambda page: _describe(page, found))


def _describe(page: Page, found: GatewayStatus) -> None:
    next_at = units.moment(found.next_retry_at)
    page.fields(
        [
            ("head of the log", units.count(found.head)),
            ("scheduled by", found.role.words if found.role is not None else "nobody"),
            ("deliveries", f"{units.count(found.deliveries_open)} open"),
            ("next retry", next_at),
            ("messages", f"{units.count(found.messages_waiting)} waiting"),
        ]
    )
    page.heading("Runs")
    if found.runs:
        page.table(_RUN_COLUMNS, found.runs)
    else:
        page.line("No gateway ran.")
    page.heading("Consumers")
    page.table(_CONSUMER_COLUMNS, found.consumers)
    if found.leases:
        page.heading("Leases")
        page.table(_LEASE_COLUMNS, found.leases)
