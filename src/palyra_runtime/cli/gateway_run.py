"""``palyra gateway run``: a gateway, until somebody stops it."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, cast

import click

from palyra_runtime.cli.command import command
from palyra_runtime.cli.delivery_drain import describe_drain
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime import Palyra
    from palyra_runtime.api import ApiService
    from palyra_runtime.config import HttpSettings
    from palyra_runtime.gateway import LogFormat


@command(
    "run",
    "gateway run",
    "gateway run --port 8420 --log-format json",
    "gateway run --no-http",
    "gateway run --once -o json",
)
@click.option("--once", is_flag=True, help="Start, carry out all that is due, and stop; nothing is served.")
@click.option("--host", metavar="ADDRESS", help="Where to listen; by default 127.0.0.1, or as configured.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="N",
    help="Where to listen; by default 7420, or as configured. 0 is a free one.",
)
@click.option(
    "--insecure-bind",
    is_flag=True,
    help="Listen unencrypted where others can reach it; whoever is on the way reads tokens.",
)
@click.option("--no-http", is_flag=True, help="Serve neither the console nor the HTTP API.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write the log lines on standard error.",
)
@click.pass_obj
def run(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    once: bool,
    host: str | None,
    port: int | None,
    insecure_bind: bool,
    no_http: bool,
    log_format: str,
) -> None:
    """Run a gateway with its console and HTTP API: its start is an event that hooks can react to.

    It ends at SIGTERM or Ctrl-C, once what it is carrying out is done; a second one ends it at once.
    """
    # Imported here, because help needs no gateway.
    from palyra_runtime.gateway import logging_to  # noqa: PLC0415

    settings = _settings(session, host, port)
    with logging_to(sys.stderr, cast("LogFormat", log_format)), session.palyra() as palyra:
        if once:
            _run_once(session, palyra)
        elif no_http:
            _run(session, palyra)
        else:
            _run_serving(session, palyra, settings, insecure=insecure_bind)


def _settings(session: Session, host: str | None, port: int | None) -> HttpSettings:
    from palyra_runtime.config import read_config, read_settings  # noqa: PLC0415 - as above

    asked = {"host": host, "port": port}
    chosen = {name: value for name, value in asked.items() if value is not None}
    return read_settings(read_config(home=session.home).home).gateway.http.model_copy(update=chosen)


def _run_once(session: Session, palyra: Palyra) -> None:
    report = palyra.gateway.run_once()
    session.show(report, lambda page: describe_drain(page, report))


def _run_serving(session: Session, palyra: Palyra, settings: HttpSettings, *, insecure: bool) -> None:
    from palyra_runtime.api import ApiService  # noqa: PLC0415 - nothing else needs a web framework

    palyra.gateway.check_alone()
    with closing(ApiService(palyra, settings, insecure=insecure)) as service:
        _run(session, palyra, service)


def _run(session: Session, palyra: Palyra, service: ApiService | None = None) -> None:
    report = palyra.gateway.run() if service is None else palyra.gateway.run([service], port=service.port)
    session.show(report, lambda page: page.line(f"Gateway {report.gateway_id} stopped ({report.cause})."))
