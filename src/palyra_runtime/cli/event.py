"""``palyra event``: read the log itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, limit_option
from palyra_runtime.cli.event_export import event_record, export
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_runtime.facade import EventDetail


def _name(detail: EventDetail) -> str:
    return detail.topic.partition("@")[0]


def _brief(detail: EventDetail) -> str:
    """Return the facts in short: those that are texts, without their names, in their order."""
    return " ".join(str(fact) for fact in detail.own_facts.values() if isinstance(fact, str))


_COLUMNS: Sequence[Column[EventDetail]] = (
    Column("POS", lambda detail: detail.position, is_number=True),
    Column("TIME (UTC)", lambda detail: units.short_moment(detail.event.timestamp), is_whole=True),
    Column("EVENT", _name, is_whole=True),
    Column("FACTS", _brief),
)


@command("list", "event list", "event list --after 100 --limit 20 -o ndjson", "event list --at 90m")
@click.option(
    "--after",
    type=click.IntRange(min=0),
    metavar="POSITION",
    help="Begin after a position, not near the end.",
)
@limit_option(50)
@at_option
@click.pass_obj
def list_events(session: Session, after: int | None, limit: int, at: datetime | int | None) -> None:
    """List events in the order of the log: the newest ones, or those after a position."""
    with session.palyra() as palyra:
        events = palyra.events
        details = (
            events.newest(limit, at=at) if after is None else events.list(after=after, limit=limit, at=at)
        )
    session.list(details, _COLUMNS, record=event_record, empty="There is no such event.")
    if after is not None and len(details) == limit:
        session.remark(f"There may be more: go on with --after {details[-1].position}")


@command("show", "event show 12", "event show 12 -o json")
@click.argument("position", type=click.IntRange(min=1))
@click.pass_obj
def show(session: Session, position: int) -> None:
    """Show the event at POSITION in full."""
    with session.palyra() as palyra:
        detail = palyra.events.show(position)
    session.show(event_record(detail), lambda page: _describe(page, detail))


def _describe(page: Page, detail: EventDetail) -> None:
    event = detail.event
    page.line(f"Event {detail.position}")
    page.fields(
        [
            ("topic", detail.topic),
            ("time", units.moment(event.timestamp)),
            ("actor", event.actor),
            ("reason", _reason(detail)),
            ("correlation", event.correlation_id),
            ("causation", event.causation_id),
            ("stream", f"{detail.stream_id} version {detail.version}"),
            ("leaf", detail.leaf.hex()),
        ]
    )
    page.block(json.dumps(detail.own_facts, ensure_ascii=False, indent=2), indent=0)


def _reason(detail: EventDetail) -> str | None:
    if detail.event.reason is not None and detail.reason is None:
        return "(erased)"
    return detail.reason


EVENT = group("event", "Read the log itself.", [list_events, show, export], plural="events")
