"""``palyra delivery list``: where deliveries stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime import clock
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, limit_option
from palyra_runtime.cli.delivery_filter import STATES, delivery_filter, filter_options
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from projections import DeliveryRow


def _detail(row: DeliveryRow, now: datetime) -> str | None:
    """Return what matters most about a delivery: when it goes on, why it was skipped, how it failed."""
    if row.state == "retrying":
        wait = "due" if row.retry_at is None or row.retry_at <= now else f"in {units.age(row.retry_at - now)}"
        return f"{wait}: {row.outcome}"
    if row.state == "skipped":
        return f"{row.cause} as of {row.as_of}"
    if row.state == "dead":
        return f"{row.outcome}: {row.message}" if row.message else row.outcome
    return f"round {row.round}" if row.round > 1 else None


def _columns(now: datetime) -> Sequence[Column[DeliveryRow]]:
    return (
        Column("DELIVERY", lambda row: row.delivery_id, is_whole=True),
        Column("STATE", lambda row: row.state, is_whole=True),
        Column("EVENT", lambda row: row.event_kind, is_whole=True),
        Column("PLUGIN", lambda row: row.plugin_id, is_whole=True),
        Column("TRIES", lambda row: f"{row.attempts_of_round}/{row.attempts_max}", is_number=True),
        Column("DETAIL", lambda row: _detail(row, now)),
    )


@command(
    "list",
    "delivery list",
    "delivery list --dead --hook alarm -o json",
    "delivery list --state skipped --state cancelled --since 24h",
)
@click.option(
    "--state", "states", type=click.Choice(STATES), multiple=True, help="Only in this state. Repeatable."
)
@click.option("--dead", is_flag=True, help="Only dead letters: the same as --state dead.")
@filter_options
@click.option("--newest", is_flag=True, help="The newest first.")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, metavar="POSITION", help="Begin after a position."
)
@limit_option(100)
@at_option
@click.pass_obj
def list_deliveries(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    states: tuple[str, ...],
    dead: bool,
    hook: str | None,
    plugin: str | None,
    event: str | None,
    since: datetime | int | None,
    until: datetime | int | None,
    newest: bool,
    after: int,
    limit: int,
    at: datetime | int | None,
) -> None:
    """List the deliveries in the order in which they were scheduled."""
    wanted = delivery_filter(
        states=(*states, "dead") if dead else states,
        hook=hook,
        plugin=plugin,
        event=event,
        since=since,
        until=until,
    )
    with session.palyra() as palyra:
        rows = palyra.deliveries(matching=wanted, after=after, limit=limit, newest_first=newest, at=at)
    session.list(rows, _columns(clock.now()), empty="There is no such delivery.")
    if len(rows) == limit:
        last = rows[-1].scheduled_position
        way_on = f"--until {last - 1}" if newest else f"--after {last}"
        session.remark(f"There may be more: go on with {way_on}")
