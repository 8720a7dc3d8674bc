"""``palyra gateway login``: a link by which a browser logs in, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.token import ROLES

if TYPE_CHECKING:
    from palyra_runtime import Palyra


@command("login", "gateway login", "gateway login --role viewer --for operator:ada -o json")
@click.option("--role", type=click.Choice(ROLES), default="admin", show_default=True, help="What it may do.")
@click.option("--for", "holder", metavar="ACTOR", help="Who logs in; by default, you.")
@click.option(
    "--url",
    metavar="URL",
    help="Where it listens; by default as configured, at the port of the one that runs.",
)
@click.pass_obj
def login(session: Session, *, role: str, holder: str | None, url: str | None) -> None:
    """Write a link that opens the console in a browser. It works once, within the next five minutes.

    What it grants is behind the #, which browsers send nowhere; the console brings it to the gateway.
    """
    # Imported here, because help does not wait for it.
    from palyra_events import Role  # noqa: PLC0415

    with session.palyra() as palyra:
        issued = palyra.tokens.create_login(Role(role), holder=holder)
        address = _address(session, palyra) if url is None else url
    link = f"{address.rstrip('/')}/login#{issued.secret}"
    until = issued.token.expires_at
    session.show({"url": link, "expires_at": until}, lambda page: page.line(link))
    session.remark(f"It works once, until {units.moment(until)}.")


def _address(session: Session, palyra: Palyra) -> str:
    """Return where the gateway that was started last listens, or would listen if it ran."""
    from palyra_runtime.config import http_url, read_config, read_settings  # noqa: PLC0415 - as above

    settings = read_settings(read_config(home=session.home).home).gateway.http
    ports = [run.port for run in palyra.gateway.status().runs if run.port is not None]
    return http_url(settings.model_copy(update={"port": ports[0]}) if ports else settings)
