"""What cannot be a document."""

from __future__ import annotations

from palyra_events.errors import InvalidInput


class DocumentRefused(InvalidInput):
    """What was given is no A2UI document, and cannot be mended into one.

    ``details["path"]`` is a JSON pointer to what is wrong.
    """

    code = "DOCUMENT_REFUSED"
    advice = "docs/a2ui.md shows what a document looks like; try it with: palyra surface validate FILE"


class DocumentTooLarge(DocumentRefused):
    """The document has more bytes than are kept."""

    code = "DOCUMENT_TOO_LARGE"
    advice = "Show less on one page, or several pages; docs/a2ui.md lists the limits."
