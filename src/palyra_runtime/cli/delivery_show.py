"""``palyra delivery show``: one delivery, why it stands as it does, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime import clock
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.delivery_attempts import attempt_record, describe_attempt
from palyra_runtime.cli.delivery_standing import standing
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime.facade import DeliveryDetail
    from projections import AuditRow


@command("show", "delivery show 12:greet", "delivery show 12:greet -o json")
@click.argument("delivery")
@click.pass_obj
def show(session: Session, delivery: str) -> None:
    """Show DELIVERY: why it stands as it does, what happened to it, and each attempt with its answer."""
    with session.palyra() as palyra:
        detail = palyra.deliveries.show(delivery)
    why = standing(detail, clock.now())
    session.show(_record(detail, why), lambda page: _describe(page, detail, why))


def _record(detail: DeliveryDetail, why: str) -> dict[str, object]:
    return {
        "delivery": detail.row,
        "why": why,
        "under_way": detail.under_way,
        "ahead": [row.delivery_id for row in detail.ahead],
        "attempts": [attempt_record(each, {"input", "output", "logs"}) for each in detail.attempts],
        "history": detail.history,
    }


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
