"""``palyra audit export``: the log as a file, for whoever wants to check all of it without a database."""

from __future__ import annotations

import click

from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session


@command("export", "audit export > history.ndjson", "audit export --after 4096 > rest.ndjson")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, metavar="POSITION", help="Begin after a position."
)
@click.pass_obj
def export(session: Session, after: int) -> None:
    """Write the rows of the log that are signed, one JSON object a line, and last the checkpoint.

    Each row has the bytes that its leaf hash is made of, so the root of the checkpoint can be computed
    from the file alone.
    """
    page = session.results()
    with session.palyra() as palyra:
        for row in palyra.ledger.export(after):
            page.record(row)
