"""``palyra gateway openapi``: what the gateway offers over HTTP, as a document for programs."""

from __future__ import annotations

import click

from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session


@command("openapi", "gateway openapi > openapi.json")
@click.pass_obj
def openapi(session: Session) -> None:
    """Write the OpenAPI 3.1 document of the HTTP API; it needs no database and no gateway."""
    # Imported here, because help needs no web framework.
    from palyra_runtime.api import openapi_document  # noqa: PLC0415

    session.results().document(openapi_document())
