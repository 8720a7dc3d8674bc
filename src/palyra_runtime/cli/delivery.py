"""``palyra delivery``: carry out what hooks asked for, and look at how it went."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

import palyra_events
from palyra_runtime.cli import document, units
from palyra_runtime.cli.command import command, group, limit_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.dispatch import DrainReport, OutboxReport
    from palyra_runtime.facade import AttemptDetail, DeliveryDetail
    from projections import DeliveryRow

#: those of `palyra_events.delivery.DeliveryState`, which help does not wait for
_STATES = ("scheduled", "retrying", "succeeded", "dead", "skipped")
#: the outcome of which the state says all
_GOOD = "ok"


def _detail(row: DeliveryRow) -> str | None:
    """Return what matters most about a delivery: when it goes on, why it was skipped, how it failed."""
    if row.retry_at is not None:
        return f"{row.outcome}; next at {units.moment(row.retry_at)}"
    if row.cause is not None or row.outcome == _GOOD:
        return row.cause
    return f"{row.outcome}: {row.message}" if row.message else row.outcome


_COLUMNS: Sequence[Column[DeliveryRow]] = (
    Column("DELIVERY", lambda row: row.delivery_id, is_whole=True),
    Column("STATE", lambda row: row.state, is_whole=True),
    Column("EVENT", lambda row: row.event_kind, is_whole=True),
    Column("PLUGIN", lambda row: row.plugin_id, is_whole=True),
    Column("TRIES", lambda row: f"{row.attempts}/{row.attempts_max}", is_number=True),
    Column("DETAIL", _detail),
)


@command("drain", "delivery drain", "delivery drain -o json")
@click.pass_obj
def drain(session: Session) -> None:
    """Schedule and carry out all that is due now; where a gateway does so, wait for it."""
    with session.palyra() as palyra:
        report = palyra.dispatch.drain()
    session.show(report, lambda page: describe_drain(page, report))


@command("list", "delivery list", "delivery list --state dead --hook alarm -o json")
@click.option("--state", type=click.Choice(_STATES), help="Only deliveries in this state.")
@click.option("--hook", metavar="HOOK", help="Only deliveries of this hook.")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, metavar="POSITION", help="Begin after a position."
)
@limit_option(100)
@click.pass_obj
def list_deliveries(session: Session, *, state: str | None, hook: str | None, after: int, limit: int) -> None:
    """List the deliveries in the order in which they were scheduled."""
    wanted = palyra_events.DeliveryState(state) if state else None
    with session.palyra() as palyra:
        rows = palyra.deliveries(state=wanted, hook=hook, after=after, limit=limit)
    session.list(rows, _COLUMNS, empty="There is no such delivery.")
    if len(rows) == limit:
        session.remark(f"There may be more: go on with --after {rows[-1].scheduled_position}")


@command("show", "delivery show 12:greet", "delivery show 12:greet -o json")
@click.argument("delivery")
@click.pass_obj
def show(session: Session, delivery: str) -> None:
    """Show DELIVERY and each attempt: outcome, output, log lines, cost."""
    with session.palyra() as palyra:
        detail = palyra.delivery(delivery)
    session.show(_record(detail), lambda page: _describe(page, detail))


def describe_drain(page: Page, report: DrainReport) -> None:
    """Write what a drain did."""
    parts = [
        f"{number} {word}"
        for word, number in (
            ("succeeded", report.succeeded),
            ("retrying", report.retrying),
            ("dead", report.dead),
            ("skipped", report.skipped),
            ("taken over", report.taken_over),
        )
        if number
    ]
    done = ", ".join(parts) or "nothing was due"
    page.line(f"{units.plural(report.scheduled, 'delivery')} scheduled; {done}.")
    if report.waiting:
        when = f"; the next is due at {units.moment(report.next_retry_at)}" if report.next_retry_at else ""
        page.line(f"{units.plural(report.waiting, 'delivery')} waiting{when}.")
    _describe_messages(page, report.messages)


def _describe_messages(page: Page, messages: OutboxReport) -> None:
    """Write what became of messages, where there were any."""
    parts = [
        f"{number:,} {words}"
        for words, number in (
            ("sent", messages.sent),
            ("given up", messages.dead),
            ("waiting", messages.waiting),
        )
        if number
    ]
    if parts:
        page.line(f"Messages: {', '.join(parts)}.")


def _record(detail: DeliveryDetail) -> dict[str, object]:
    attempts = [
        {**document.plain(each.row), "input": each.input, "output": each.output, "logs": each.logs}
        for each in detail.attempts
    ]
    return {"delivery": detail.row, "attempts": attempts}


def _describe(page: Page, detail: DeliveryDetail) -> None:
    row = detail.row
    page.line(f"Delivery {row.delivery_id}")
    page.fields(
        [
            ("state", row.state),
            ("event", f"{row.event_kind} at position {row.event_position}"),
            ("hook", row.hook_id),
            ("plugin", row.plugin_id),
            ("attempts", f"{row.attempts} of {row.attempts_max}"),
            ("skipped", row.cause),
            ("next", units.moment(row.retry_at)),
            ("scheduled", units.moment(row.scheduled_at)),
            ("changed", units.moment(row.changed_at)),
        ]
    )
    for attempt in detail.attempts:
        _describe_attempt(page, attempt)


def _describe_attempt(page: Page, attempt: AttemptDetail) -> None:
    row = attempt.row
    page.heading(f"Attempt {row.attempt}")
    page.fields(
        [
            ("outcome", row.outcome),
            ("message", row.message),
            ("exit code", row.exit_code),
            ("release", f"{row.skill_id} {row.skill_version}" if row.skill_id else None),
            ("fuel", _known(row.fuel_units, units.count)),
            ("memory", _known(row.memory_bytes_peak, units.size)),
            ("duration", _known(row.duration_us, units.duration)),
            ("recorded", f"{units.moment(row.recorded_at)} at position {row.position}"),
            ("next at", units.moment(row.retry_at)),
        ]
    )
    if attempt.output is not None:
        page.line("output")
        page.block(_text(attempt.output))
    if attempt.logs:
        page.line("log")
        page.block("\n".join(f"{line['level']:<7}  {line['text']}" for line in attempt.logs))


def _known(value: int | None, format_value: Any) -> str | None:
    return None if value is None else format_value(value)


def _text(output: Any) -> str:
    return output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, indent=2)


DELIVERY = group(
    "delivery",
    "Carry out what hooks asked for, and see how it went.",
    [drain, list_deliveries, show],
    plural="deliveries",
)
