"""``palyra delivery stats``: how many deliveries came to what end, and how long attempts take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime import clock
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.delivery_filter import delivery_filter, filter_options
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from projections import DeliveryStats

#: those of `projections.StatsKey`, which help does not wait for
_KEYS = ("hook", "plugin", "outcome")


@command(
    "stats",
    "delivery stats",
    "delivery stats --by outcome --since 24h",
    "delivery stats --by plugin -o json",
)
@click.option(
    "--by", type=click.Choice(_KEYS), default="hook", show_default=True, help="What the figures are of."
)
@filter_options
@at_option
@click.pass_obj
def stats(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    by: str,
    hook: str | None,
    plugin: str | None,
    event: str | None,
    since: datetime | int | None,
    until: datetime | int | None,
    at: datetime | int | None,
) -> None:
    """Show figures of deliveries: ends, success rate, durations of attempts, the oldest that waits."""
    from projections import StatsKey  # noqa: PLC0415 - help does not wait for databases

    wanted = delivery_filter(hook=hook, plugin=plugin, event=event, since=since, until=until)
    with session.palyra() as palyra:
        rows = palyra.deliveries.stats(StatsKey(by), wanted, at=at)
    session.list(rows, _columns(by.upper(), clock.now()), empty="There is no such delivery.")


def _columns(key: str, now: datetime) -> Sequence[Column[DeliveryStats]]:
    return (
        Column(key, lambda row: row.key or "(no attempt)", is_whole=True),
        Column("ALL", lambda row: units.count(row.deliveries), is_number=True),
        Column("WAIT", lambda row: units.count(row.waiting), is_number=True),
        Column("OK", lambda row: units.count(row.succeeded), is_number=True),
        Column("DEAD", lambda row: units.count(row.dead), is_number=True),
        Column("SKIP", lambda row: units.count(row.skipped), is_number=True),
        Column("CANC", lambda row: units.count(row.cancelled), is_number=True),
        Column("RATE", lambda row: _rate(row.success_rate), is_number=True),
        Column("P50", lambda row: _duration(row.duration_us_p50), is_number=True),
        Column("P99", lambda row: _duration(row.duration_us_p99), is_number=True),
        Column("OLDEST", lambda row: _age(row.oldest_waiting_at, now), is_number=True),
    )


def _rate(rate: float | None) -> str | None:
    return None if rate is None else f"{rate:.1%}"


def _duration(duration_us: int | None) -> str | None:
    return None if duration_us is None else units.duration(duration_us)


def _age(since: datetime | None, now: datetime) -> str | None:
    return None if since is None else units.age(now - since)
