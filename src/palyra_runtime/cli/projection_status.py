"""``palyra projection list|status|show|wait|pause|resume``: which views there are, and how they stand."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from palyra_events.errors import Unavailable
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, yes_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections import ProjectionStatus

#: seconds between two looks of ``--watch``
_WATCH_S = 1.0


class NotFoldedInTime(Unavailable):
    """The views have not come so far in time."""

    code = "NOT_FOLDED_IN_TIME"
    advice = "See where they stand with: palyra projection status. A gateway folds them as it runs."


def state(row: ProjectionStatus) -> str:
    """Return how a build stands, in one word or two."""
    if row.is_paused:
        return "paused"
    if not row.is_known:
        return f"{row.state}, unknown"
    return f"{row.state}, changed" if row.is_changed else row.state.value


def _lag(row: ProjectionStatus) -> str:
    return f"{units.count(row.lag)} ({row.lag_s:.0f} s)" if row.lag else "0"


COLUMNS: Sequence[Column[ProjectionStatus]] = (
    Column("VIEW", lambda row: row.name, is_whole=True),
    Column("STATE", state, is_whole=True),
    Column("BUILD", lambda row: row.generation, is_number=True),
    Column("POSITION", lambda row: row.position, is_number=True),
    Column("LAG", _lag, is_number=True),
    Column("ROWS", lambda row: units.count(row.rows), is_number=True),
    Column("DEAD", lambda row: row.dead_letters, is_number=True),
)
_LIST_COLUMNS: Sequence[Column[ProjectionStatus]] = (
    Column("VIEW", lambda row: row.name, is_whole=True),
    Column("KIND", lambda row: "decision" if row.is_decision else "report", is_whole=True),
    Column("VERSION", lambda row: row.version, is_number=True),
    Column("TABLES", lambda row: ", ".join(row.tables), wraps=True),
)
#: what is said where nothing was folded yet
EMPTY = "There is no view yet: they are built when somebody asks for one."


@command("list", "projection list", "projection list -o json")
@click.pass_obj
def list_views(session: Session) -> None:
    """List the views that are live.

    Something acts upon a decision view, and it stops at an event that it cannot take in; a report goes
    on without, and keeps a dead letter.
    """
    with session.palyra() as palyra:
        rows = palyra.projections.status()
    session.list([row for row in rows if row.state == "live"], _LIST_COLUMNS, empty=EMPTY)


@command("status", "projection status", "projection status --watch", "projection status -o json")
@click.option("--watch", is_flag=True, help="Look again every second, until you interrupt it.")
@click.pass_obj
def status(session: Session, *, watch: bool) -> None:
    """Show how far each view has come in the log.

    One that is changed was made by other code than this program has: see palyra projection rebuild
    --changed.
    """
    with session.palyra() as palyra:
        session.list(palyra.projections.status(), COLUMNS, empty=EMPTY)
        while watch:
            session.results().flush()
            time.sleep(_WATCH_S)
            session.list(palyra.projections.status(), COLUMNS, empty=EMPTY)


@command("show", "projection show hook", "projection show delivery -o json")
@click.argument("view")
@click.pass_obj
def show(session: Session, view: str) -> None:
    """Show all builds of VIEW with their tables: the live one, the one before, and one that is being made."""
    with session.palyra() as palyra:
        rows = palyra.projections.show(view)

    def describe(page: Page) -> None:
        for row in rows:
            _describe(page, row)

    session.show({"name": view, "builds": rows}, describe)


@command("wait", "projection wait", "projection wait hook delivery --position 1200 --timeout 5")
@click.argument("views", nargs=-1)
@click.option(
    "--position",
    type=click.IntRange(min=0),
    metavar="POSITION",
    help="Up to which event; by default the newest.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, 86_400),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait.",
)
@click.pass_obj
def wait(session: Session, views: tuple[str, ...], position: int | None, timeout: float) -> None:
    """Wait until somebody else, such as a gateway, has folded all events into VIEWS, or into all views."""
    with session.palyra() as palyra:
        if not palyra.projections.wait(position, views or None, timeout_s=timeout):
            raise NotFoldedInTime
        rows = palyra.projections.status()
    session.list([row for row in rows if row.name in views or not views], COLUMNS, empty=EMPTY)


@command("pause", "projection pause audit", "projection pause audit audit_search --yes")
@click.argument("views", nargs=-1, required=True)
@yes_option
@click.pass_obj
def pause(session: Session, views: tuple[str, ...]) -> None:
    """Let VIEWS stand still until they are resumed.

    Questions to them fail meanwhile, and where something acts upon them, such as dispatch upon the view
    delivery, that stands still too.
    """
    session.confirm(f"Pause {', '.join(views)}? What needs them fails meanwhile.")
    with session.palyra() as palyra:
        rows = palyra.projections.pause(views)
    session.list([row for row in rows if row.name in views], COLUMNS, empty=EMPTY)


@command("resume", "projection resume audit")
@click.argument("views", nargs=-1, required=True)
@click.pass_obj
def resume(session: Session, views: tuple[str, ...]) -> None:
    """Let VIEWS go on from where they stand."""
    with session.palyra() as palyra:
        rows = palyra.projections.resume(views)
    session.list([row for row in rows if row.name in views], COLUMNS, empty=EMPTY)


def _describe(page: Page, row: ProjectionStatus) -> None:
    page.heading(f"{row.name}, build {row.generation}")
    page.fields(
        [
            ("state", state(row)),
            ("kind", "decision" if row.is_decision else "report"),
            ("version", row.version),
            ("position", f"{units.count(row.position)} of {units.count(row.head)}"),
            ("lag", _lag(row)),
            ("dead letters", row.dead_letters or None),
        ]
    )
    page.items([f"{name}, {units.plural(rows, 'row')}" for name, rows in row.tables.items()], title="tables")
