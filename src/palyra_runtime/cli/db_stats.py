"""``palyra db stats``: what takes how much room, and how fast it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.document import plain
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_events.store.stats import DaySize, FileSize, StoreStats, TableSize, TopicSize

_TOPICS: Sequence[Column[TopicSize]] = (
    Column("EVENT", lambda row: row.topic, is_whole=True),
    Column("EVENTS", lambda row: units.count(row.events), is_number=True),
    Column("SIZE", lambda row: units.size(row.bytes), is_number=True),
)
_TABLES: Sequence[Column[TableSize]] = (
    Column("TABLE", lambda row: row.name, is_whole=True),
    Column("PART OF", lambda row: "log" if row.is_log else "views", is_whole=True),
    Column("SIZE", lambda row: units.size(row.bytes), is_number=True),
)
_DAYS: Sequence[Column[DaySize]] = (
    Column("DAY (UTC)", lambda row: row.day, is_whole=True),
    Column("EVENTS", lambda row: units.count(row.events), is_number=True),
    Column("SIZE", lambda row: units.size(row.bytes), is_number=True),
)


@command("stats", "db stats", "db stats --days 30", "db stats -o json")
@click.option(
    "--days",
    type=click.IntRange(1, 10_000),
    default=7,
    show_default=True,
    metavar="N",
    help="Show the growth of the newest N days on which something happened.",
)
@click.pass_obj
def stats(session: Session, days: int) -> None:
    """Show what takes how much room in the database, and how fast it grows."""
    measured = _measured(session)
    session.show(
        {**plain(measured), "view_bytes": measured.view_bytes}, lambda page: _describe(page, measured, days)
    )


def _measured(session: Session) -> StoreStats:
    """Return the figures of a database here, which need not be one that can be opened, or of a gateway's."""
    if session.reach is None:
        return session.database().stats()
    with session.palyra() as palyra:
        return palyra.database.stats()


def _describe(page: Page, measured: StoreStats, days: int) -> None:
    blobs = measured.blobs
    page.fields(
        [
            (
                "events",
                f"{units.count(measured.head)}, {units.size(sum(row.bytes for row in measured.topics))}",
            ),
            ("blobs", f"{units.count(blobs.blobs)}, {units.size(blobs.bytes)}"),
            ("erasable", f"{units.count(blobs.erasable)}, {units.size(blobs.erasable_bytes)}"),
            ("views", units.size(measured.view_bytes) if measured.tables else None),
            ("file", _file(measured.file)),
        ]
    )
    if measured.topics:
        page.heading("Events by type")
        page.table(_TOPICS, measured.topics)
    if measured.tables:
        page.heading("On disk, with indexes")
        page.table(_TABLES, measured.tables)
    if measured.days:
        page.heading("Growth")
        page.table(_DAYS, measured.days[-days:])


def _file(size: FileSize | None) -> str | None:
    if size is None:
        return None
    return (
        f"{units.size(size.bytes)}, {units.size(size.free_bytes)} of it free; "
        f"write-ahead log {units.size(size.wal_bytes)}"
    )
