"""``palyra surface show``: what a surface shows, or showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from palyra_runtime.facade import SurfaceDetail

#: forms of a document that other programs read
FORMS = ("json", "a2ui")


@command(
    "show",
    "surface show approvals",
    "surface show approvals --version 3",
    "surface show approvals --as a2ui",
)
@click.argument("surface")
@click.option(
    "--as",
    "form",
    type=click.Choice(["term", *FORMS]),
    default="term",
    show_default=True,
    help="For people (term), or the document by itself: as it is stored (json), or as Google's A2UI (a2ui).",
)
@click.option("--version", type=click.IntRange(min=1), metavar="N", help="As it was in version N.")
@at_option
@click.pass_obj
def show(
    session: Session, surface: str, *, form: str, version: int | None, at: datetime | int | None
) -> None:
    """Show what a plugin shows on SURFACE."""
    if version is not None and at is not None:
        raise click.UsageError("Choose one of --version and --at.")
    with session.palyra() as palyra:
        detail = palyra.surfaces.show(surface, version=version, at=at)
    if form == "term":
        session.show(detail, lambda page: _describe(page, detail))
    else:
        row = detail.row
        shown = document_as(detail.document, form, agent=row.plugin_id, version=row.version)
        session.show(shown, lambda page: page.document(shown))


def document_as(document: Any, form: str, *, agent: str, version: int | None = None) -> Any:
    """Return a document, that of a version of a surface or of none, as it is stored or as Google's A2UI."""
    if form == "json":
        return document
    from palyra_events.a2ui import Document, google  # noqa: PLC0415 - help does not wait for it

    return google.messages(Document.model_validate(document), agent_name=agent, version=version)


def _describe(page: Page, detail: SurfaceDetail) -> None:
    from palyra_events.a2ui import Document  # noqa: PLC0415 - help does not wait for it
    from palyra_runtime.cli.surface_page import write_document  # noqa: PLC0415 - as above

    row = detail.row
    page.line(f"Surface {row.surface} of plugin {row.plugin_id}")
    made = (
        f"by a {row.change} at position {row.position}"
        if row.is_open
        else f"closed at position {row.position}"
    )
    page.fields(
        [
            ("version", f"{row.version}, {made}"),
            ("changed", units.moment(row.changed_at)),
        ]
    )
    page.items(
        [f"{each.path or '/'}: {each.message}" for each in detail.problems], title="Mended on the way:"
    )
    page.items(
        [f"position {each.position}, {each.plugin_id}: {each.message}" for each in detail.refused],
        title="Could not be shown, the newest first:",
    )
    page.line("")
    write_document(page, Document.model_validate(detail.document))
