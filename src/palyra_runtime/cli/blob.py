"""``palyra blob``: the bytes beside the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group
from palyra_runtime.cli.document import plain
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_events.retention import KindUse
    from palyra_runtime.facade import BlobDetail

#: positions that are told of one blob
_POSITIONS_MAX = 12

_WHAT = {
    "reason": "why people did what they did",
    "form": "what people filled in",
    "input": "what guests were told",
    "output": "what guests answered",
    "logs": "what guests logged",
    "transcript": "what guests asked of the host",
    "payload": "what hooks were asked to decide about",
    "stored": "values that plugins keep or kept",
    "message": "messages of plugins",
    "surface": "pages of plugins",
    "config": "settings of plugins",
    "artifact": "skills as they were installed",
    "report": "what audits found",
}

_COLUMNS: Sequence[Column[KindUse]] = (
    Column("KIND", lambda row: row.kind, is_whole=True),
    Column("BLOBS", lambda row: units.count(row.blobs), is_number=True),
    Column("SIZE", lambda row: units.size(row.bytes), is_number=True),
    Column("WHAT THEY ARE", lambda row: _WHAT[row.kind], wraps=True),
)


@command("sizes", "blob sizes", "blob sizes -o json")
@click.pass_obj
def sizes(session: Session) -> None:
    """Show how much room each kind of bytes beside the log takes."""
    with session.palyra() as palyra:
        uses = [use for use in palyra.retention.usage() if use.blobs]
    session.list(
        uses,
        _COLUMNS,
        empty="Nothing is kept beside the log.",
        record=lambda use: {"kind": use.kind, "blobs": use.blobs, "bytes": use.bytes},
    )


@command("show", "blob show DIGEST", "blob show DIGEST -o json")
@click.argument("digest")
@click.pass_obj
def show(session: Session, digest: str) -> None:
    """Show what the bytes under DIGEST are, which events name them, and whether they are kept."""
    with session.palyra() as palyra:
        detail = palyra.blobs.show(digest)
    session.show({**plain(detail), "is_erased": detail.is_erased}, lambda page: _describe(page, detail))


def _describe(page: Page, detail: BlobDetail) -> None:
    first = ", ".join(map(units.count, detail.positions[:_POSITIONS_MAX]))
    more = len(detail.positions) - _POSITIONS_MAX
    page.fields(
        [
            ("digest", detail.digest),
            ("kind", ", ".join(detail.kinds)),
            ("size", "erased" if detail.size is None else units.size(detail.size)),
            ("named at", first + (f" and {units.count(more)} more" if more > 0 else "")),
        ]
    )


BLOB = group("blob", "See the bytes that are kept beside the log.", [sizes, show], plural="blobs")
