"""``palyra plugin storage``: what plugins keep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, limit_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_runtime.facade import StoredValueDetail
    from projections import StoredValue

_COLUMNS: Sequence[Column[StoredValue]] = (
    Column("PATH", lambda row: row.path, is_whole=True),
    Column("SIZE", lambda row: units.size(row.size), is_number=True),
    Column("CHANGED (UTC)", lambda row: units.short_moment(row.changed_at), is_whole=True),
    Column("POS", lambda row: row.changed_position, is_number=True),
)


@command("list", "plugin storage list weather", "plugin storage list weather --prefix notes/ -o json")
@click.argument("plugin")
@click.option("--prefix", default="", metavar="TEXT", help="Only values whose path begins so.")
@click.option("--after", default="", metavar="PATH", help="Begin after a path.")
@limit_option(100)
@at_option
@click.pass_obj
def list_values(  # noqa: PLR0913 - one parameter for each option
    session: Session, plugin: str, *, prefix: str, after: str, limit: int, at: datetime | int | None
) -> None:
    """List the values that PLUGIN keeps, by path."""
    with session.palyra() as palyra:
        rows = palyra.storage.list(plugin, prefix=prefix, after=after, limit=limit, at=at)
        use = palyra.storage.use(plugin, at=at)
    session.list(rows, _COLUMNS, empty="The plugin keeps nothing there.")
    session.remark(f"It keeps {units.plural(use.keys, 'value')}, {units.size(use.size)} in all.")
    if len(rows) == limit:
        session.remark(f"There may be more: go on with --after {rows[-1].path}")


@command("show", "plugin storage show weather notes/last", "plugin storage show weather notes/last -o json")
@click.argument("plugin")
@click.argument("path")
@at_option
@click.pass_obj
def show(session: Session, plugin: str, path: str, at: datetime | int | None) -> None:
    """Show the value that PLUGIN keeps at PATH, and the outcome that wrote it."""
    with session.palyra() as palyra:
        detail = palyra.storage.show(plugin, path, at=at)
    session.show(detail, lambda page: _describe(page, detail))


def _describe(page: Page, detail: StoredValueDetail) -> None:
    row = detail.row
    page.line(f"{row.path} of plugin {row.plugin_id}")
    page.fields(
        [
            ("size", units.size(row.size)),
            ("changed", f"{units.moment(row.changed_at)} at position {row.changed_position}"),
            ("sha256", row.sha256),
        ]
    )
    if detail.is_erased:
        page.line("(erased)")
    else:
        page.block(json.dumps(detail.value, ensure_ascii=False, indent=2), indent=0)


STORAGE = group("storage", "See what plugins keep between their runs.", [list_values, show])
