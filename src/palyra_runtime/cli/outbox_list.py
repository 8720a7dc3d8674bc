"""``palyra outbox list`` and ``show``: the messages of plugins on their way out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, limit_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_runtime.facade import MessageDetail
    from projections import MessageRow

#: the states in which a message is not sent yet, or was given up
_STATES = ("waiting", "retrying", "dead")
#: POSITION.PLACE, both within what databases count to
_PLACE = re.compile(r"([0-9]{1,18})\.([0-9]{1,4})")


def _detail(row: MessageRow) -> str | None:
    if row.retry_at is not None:
        return f"{row.outcome}; next at {units.moment(row.retry_at)}"
    if row.outcome is None:
        return None
    return f"{row.outcome}: {row.error}" if row.state == "dead" else f"{row.outcome}; due"


_COLUMNS: Sequence[Column[MessageRow]] = (
    Column("MESSAGE", lambda row: row.message_id, is_whole=True),
    Column("STATE", lambda row: row.state, is_whole=True),
    Column("CHANNEL", lambda row: row.channel),
    Column("PLUGIN", lambda row: row.plugin_id, is_whole=True),
    Column("TRIES", lambda row: row.attempts, is_number=True),
    Column("DETAIL", _detail),
)


def _place(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, int]:
    if value is None:
        return 0, 0
    if (match := _PLACE.fullmatch(value)) is None:
        raise click.BadParameter(f"{value[:40]!r} is no message, such as 57.0")
    return int(match[1]), int(match[2])


@command("list", "outbox list", "outbox list --state dead --channel ops -o json")
@click.option("--state", type=click.Choice(_STATES), help="Only messages in this state.")
@click.option("--channel", metavar="NAME", help="Only messages to this channel.")
@click.option("--plugin", metavar="PLUGIN", help="Only messages of this plugin.")
@click.option("--after", callback=_place, metavar="MESSAGE", help="Begin after a message.")
@limit_option(100)
@at_option
@click.pass_obj
def list_messages(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    state: str | None,
    channel: str | None,
    plugin: str | None,
    after: tuple[int, int],
    limit: int,
    at: datetime | int | None,
) -> None:
    """List the messages that are not sent: those that wait, and those that were given up."""
    from palyra_events.message import MessageState  # noqa: PLC0415 - help does not wait for it

    wanted = MessageState(state) if state else None
    with session.palyra() as palyra:
        rows = palyra.messages.list(
            state=wanted, channel=channel, plugin=plugin, after=after, limit=limit, at=at
        )
    session.list(rows, _COLUMNS, empty="There is no such message.")
    if len(rows) == limit:
        session.remark(f"There may be more: go on with --after {rows[-1].message_id}")


@command("show", "outbox show 57.0", "outbox show 57.0 -o json")
@click.argument("message")
@at_option
@click.pass_obj
def show(session: Session, message: str, at: datetime | int | None) -> None:
    """Show MESSAGE, its content and every try to send it, also one that was sent or discarded."""
    with session.palyra() as palyra:
        detail = palyra.messages.show(message, at=at)
    session.show(detail, lambda page: _describe(page, detail))


def _describe(page: Page, detail: MessageDetail) -> None:
    page.line(f"Message {detail.message_id}")
    page.fields(
        [
            ("state", detail.state),
            ("channel", detail.channel),
            ("plugin", detail.plugin_id),
            ("outcome", f"at position {detail.position}"),
            ("tries", detail.attempts),
            ("next", units.moment(detail.retry_at)),
            ("size", units.size(detail.size)),
            ("recorded", units.moment(detail.created_at)),
        ]
    )
    if detail.history:
        page.heading("History")
    for event in detail.history:
        said = event.error or event.reason
        told = f"{event.summary}, by {event.actor} at position {event.position}"
        page.fields([(units.moment(event.timestamp), f"{told}: {said}" if said else told)])
    page.heading("Content")
    if detail.is_erased:
        page.line("(erased)")
    else:
        page.block(json.dumps(detail.content, ensure_ascii=False, indent=2), indent=0)
