"""``palyra surface validate`` and ``convert``: documents in files, for authors of plugins."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from palyra_events.errors import Findings, InvalidInput
from palyra_runtime.cli import units
from palyra_runtime.cli.command import Decorator, command
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.surface_show import FORMS, document_as

if TYPE_CHECKING:
    from palyra_events.a2ui import Normalised

_STANDARD_INPUT = "-"
#: what a converted document says that its surface's agent is called
_AGENT = "palyra"


class UnreadableDocument(InvalidInput):
    """A file with a document cannot be read."""

    code = "UNREADABLE_DOCUMENT"
    advice = "Name a file that holds one A2UI document, or - for standard input."


class DocumentNeedsMending(Findings):
    """The document can be shown, but not as it is written."""

    code = "DOCUMENT_NEEDS_MENDING"
    advice = "Mend what is named; until then each of these is mended whenever the document is shown."


_file: Decorator = click.argument("file")
_surface: Decorator = click.option(
    "--surface", metavar="NAME", help="The name of its surface, where the document has none."
)


@command("validate", "surface validate page.json", "surface validate page.json -o json")
@_file
@_surface
@click.pass_obj
def validate(session: Session, file: str, surface: str | None) -> None:
    """Check the A2UI document in FILE, and name all that would be mended or cut; - is standard input.

    The exit code is 6 where there is something, and 2 where it is no document.
    """
    found = _normalised(file, surface)
    told = {"valid": not found.problems, "problems": found.problems}
    session.show(told, lambda page: _describe(page, found))
    if found.problems:
        raise DocumentNeedsMending(f"{units.plural(len(found.problems), 'thing')} would be mended.")


@command(
    "convert", "surface convert page.json --to a2ui", "surface convert page.json --to json > mended.json"
)
@_file
@_surface
@click.option(
    "--to",
    "form",
    type=click.Choice(FORMS),
    default="json",
    show_default=True,
    help="The form in which Palyra keeps documents (json), or Google's A2UI (a2ui).",
)
@click.pass_obj
def convert(session: Session, file: str, surface: str | None, form: str) -> None:
    """Write the A2UI document in FILE as it would be shown; - is standard input."""
    from palyra_events.a2ui import to_wire  # noqa: PLC0415 - help does not wait for it

    shown = document_as(to_wire(_normalised(file, surface).document), form, agent=_AGENT)
    session.show(shown, lambda page: page.document(shown))


def _normalised(file: str, surface: str | None) -> Normalised:
    from palyra_events.a2ui import normalise  # noqa: PLC0415 - help does not wait for it

    return normalise(_read(file), surface=surface)


def _read(file: str) -> Any:
    from palyra_events.shown import CONTENT_BYTES_MAX  # noqa: PLC0415 - as above
    from palyra_events.strict_json import parse_json  # noqa: PLC0415 - as above

    try:
        content = (
            sys.stdin.buffer.read(CONTENT_BYTES_MAX + 1)
            if file == _STANDARD_INPUT
            else Path(file).read_bytes()
        )
    except OSError as error:
        raise UnreadableDocument(f"{file} cannot be read: {error.strerror}.") from error
    return parse_json(content, size_max=CONTENT_BYTES_MAX)


def _describe(page: Page, found: Normalised) -> None:
    count = len(found.document.components)
    page.line(f"Surface {found.document.surface}, with {units.plural(count, 'component')}")
    page.items([f"{each.path or '/'}: {each.message}" for each in found.problems])
    if not found.problems:
        page.line("It is shown as it is written.")
