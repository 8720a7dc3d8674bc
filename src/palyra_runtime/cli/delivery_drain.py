"""``palyra delivery drain``: carry out what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime.dispatch import DrainReport, OutboxReport


@command("drain", "delivery drain", "delivery drain -o json")
@click.pass_obj
def drain(session: Session) -> None:
    """Schedule and carry out all that is due now; where a gateway does so, wait for it."""
    with session.palyra() as palyra:
        report = palyra.dispatch.drain(
            lambda holder: session.remark(f"{holder.words} is carrying out deliveries; waiting for it…")
        )
    session.show(report, lambda page: describe_drain(page, report))


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
