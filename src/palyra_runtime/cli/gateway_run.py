"""``palyra gateway run``: a gateway, until somebody stops it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

import click

from palyra_runtime.cli.command import command
from palyra_runtime.cli.delivery_drain import describe_drain
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime import Palyra
    from palyra_runtime.gateway import LogFormat


@command("run", "gateway run", "gateway run --log-format json", "gateway run --once -o json")
@click.option("--once", is_flag=True, help="Start, carry out all that is due, and stop.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write the log lines on standard error.",
)
@click.pass_obj
def run(session: Session, *, once: bool, log_format: str) -> None:
    """Run a gateway: its start is an event that hooks can react to.

    It ends at SIGTERM or Ctrl-C, once what it is carrying out is done; a second one ends it at once.
    """
    # Imported here, because help needs no gateway.
    from palyra_runtime.gateway import logging_to  # noqa: PLC0415

    with logging_to(sys.stderr, cast("LogFormat", log_format)), session.palyra() as palyra:
        (_run_once if once else _run)(session, palyra)


def _run_once(session: Session, palyra: Palyra) -> None:
    report = palyra.gateway.run_once()
    session.show(report, lambda page: describe_drain(page, report))


def _run(session: Session, palyra: Palyra) -> None:
    report = palyra.gateway.run()
    session.show(report, lambda page: page.line(f"Gateway {report.gateway_id} stopped ({report.cause})."))
