"""What ``import`` and ``export`` of hooks and of plugins share: files in, plans and files out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_events.errors import InvalidInput
from palyra_runtime.cli import units
from palyra_runtime.cli.command import Decorator
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.facade import ImportItem, ImportPlan


class UnreadableIndex(InvalidInput):
    """A file of bindings cannot be read."""

    code = "UNREADABLE_INDEX"
    advice = "Name the bindings.json of hooks or of plugins, or - for standard input."


file_argument: Decorator = click.argument("file")
replace_option: Decorator = click.option(
    "--replace", is_flag=True, help="What is bound otherwise here is bound as the file says."
)
dry_run_option: Decorator = click.option(
    "--dry-run", is_flag=True, help="Show what would be bound, and change nothing."
)


def _what(item: ImportItem) -> str:
    """Return what an entry is to be, what stands in its way, and what of it is not kept."""
    left_out = f"not kept: {', '.join(item.left_out)}" if item.left_out else None
    return "; ".join(filter(None, [item.problem or item.wanted, left_out]))


_COLUMNS: Sequence[Column[ImportItem]] = (
    Column("NAME", lambda item: item.name),
    Column("ACTION", lambda item: item.action, is_whole=True),
    Column("WHAT", _what, wraps=True),
)


def read_index(name: str) -> bytes:
    """Return the content of a file, or of standard input.

    Raises:
        UnreadableIndex: there is no such file, or nobody may read it.
    """
    try:
        with click.open_file(name, "rb") as file:
            content: bytes = file.read()
    except OSError as error:
        raise UnreadableIndex(f"{name!r} cannot be read: {error.strerror}.", path=name) from error
    return content


def show_plan(session: Session, plan: ImportPlan) -> None:
    """Show what becomes of each entry of a file."""
    session.list(plan.items, _COLUMNS, empty="The file has no entries.")


def tell_done(session: Session, plan: ImportPlan, *, is_dry_run: bool) -> None:
    """Tell a person how many entries were bound, or would be."""
    changed = len([item for item in plan.items if item.action in {"bind", "rebind"}])
    would = "would be bound; nothing was changed" if is_dry_run else "bound"
    session.remark(f"{units.plural(changed, 'entry')} {would}.")
