"""``palyra delivery show``: one delivery, why it stands as it does, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime import clock
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.delivery_attempts import describe_attempt
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from datetime import datetime

    from palyra_runtime.facade import DeliveryDetail
    from projections import AuditRow


@command(
    "show", "delivery show 12:greet", "delivery show 12:greet --at 90m", "delivery show 12:greet -o json"
)
@click.argument("delivery")
@at_option
@click.pass_obj
def show(session: Session, delivery: str, at: datetime | int | None) -> None:
    """Show DELIVERY: why it stands as it does, what happened to it, and each attempt with its answer."""
    # Imported here, because help does not wait for databases.
    from palyra_runtime.records import DeliveryRecord  # noqa: PLC0415

    with session.palyra() as palyra:
        detail = palyra.deliveries.show(delivery, at=at)
    record = DeliveryRecord.of(detail, detail.seen_at or clock.now())
    session.show(record, lambda page: _describe(page, detail, record.why))


def _describe(page: Page, detail: DeliveryDetail, why: str) -> None:
    row = detail.row
    page.line(f"Delivery {row.delivery_id}")
    page.fields(
        [
            ("state", row.state),
            ("why", why),
            ("event", f"{row.event_kind} at position {row.event_position}"),
            ("hook", row.hook_id),
            ("plugin", row.plugin_id),
            ("round", row.round if row.round > 1 else None),
            ("attempts", f"{row.attempts_of_round} of {row.attempts_max}"),
        ]
    )
    page.heading("History")
    for event in detail.history:
        page.fields([(units.moment(event.timestamp), _happened(event))])
    for attempt in detail.attempts:
        page.heading(f"Attempt {attempt.row.attempt}")
        describe_attempt(page, attempt, {"output", "logs"})


def _happened(event: AuditRow) -> str:
    erased = "(erased)" if event.is_reason_erased else None
    why = event.reason or erased
    return f"{event.summary}, by {event.actor} at position {event.position}" + (f": {why}" if why else "")
