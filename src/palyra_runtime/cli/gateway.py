"""``palyra gateway``: the process that carries out what hooks asked for."""

from __future__ import annotations

import click

from palyra_runtime.cli.command import command, group
from palyra_runtime.cli.delivery import describe_drain
from palyra_runtime.cli.session import Session


@command("run", "gateway run --once", "gateway run --once -o json")
@click.option("--once", is_flag=True, required=True, help="Start, carry out all that is due, and stop.")
@click.pass_obj
def run(session: Session, *, once: bool) -> None:  # noqa: ARG001 - it is there to be asked for
    """Run a gateway: its start is an event that hooks can react to."""
    with session.palyra() as palyra:
        report = palyra.gateway.run_once()
    session.show(report, lambda page: describe_drain(page, report))


GATEWAY = group("gateway", "Run the gateway.", [run])
