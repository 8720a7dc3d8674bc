"""``palyra db``: the care of the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_events.errors import Findings
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, yes_option
from palyra_runtime.cli.db_prune import prune
from palyra_runtime.cli.db_stats import stats
from palyra_runtime.cli.document import plain
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import OutputFormat, Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_events.store.check import StoreReport
    from palyra_events.store.copy import LogCopy
    from palyra_events.store.migration import Migrated, MigrationPlan


class StoreFindings(Findings):
    """The store is not as it must be."""

    code = "STORE_FINDINGS"
    advice = "Stop writing, keep a copy of the database, and restore a backup into an empty one."


#: what each check looks at
_CHECKS = {
    "file": "pages and indexes of the file",
    "layout": "tables, indexes and triggers are those that were made",
    "head": "the head row is the end of the log",
    "durability": "a commit that was acknowledged is on disk",
    "positions": "positions are 1, 2, 3, … without gaps",
    "streams": "versions in each stream are 1, 2, 3, … without gaps",
    "consumers": "no consumer is ahead of the log",
}

_COLUMNS: Sequence[Column[tuple[str, str]]] = (
    Column("CHECK", lambda row: row[0], is_whole=True),
    Column("RESULT", lambda row: row[1], is_whole=True),
    Column("WHAT IS CHECKED", lambda row: _CHECKS.get(row[0], ""), wraps=True),
)


@command("check", "db check", "db check --quick", "--db sqlite:///backup.db db check -o json")
@click.option("--quick", is_flag=True, help="On SQLite, do not compare each index with its table.")
@click.pass_obj
def check(session: Session, *, quick: bool) -> None:
    """Check the store itself: file, tables, triggers, positions; nothing is written.

    The exit code is 6 where something is found. Whether the events are the ones that were recorded,
    the audit verifies.
    """
    report = _checked(session, quick=quick)
    session.show({**plain(report), "passed": report.passed}, lambda page: _describe_check(page, report))
    if not report.passed:
        raise StoreFindings(
            f"The check found {units.plural(len(report.findings), 'fault')}.",
            failures=[f"{finding.check}: {finding.message}" for finding in report.findings],
        )


def _checked(session: Session, *, quick: bool) -> StoreReport:
    """Check a database here, which need not be one that can be opened, or that of a gateway."""
    if session.reach is None:
        return session.database().check(quick=quick)
    with session.palyra() as palyra:
        return palyra.database.check(quick=quick)


@command("backup", "db backup /mnt/backup/palyra.db", "db backup nightly.db --force -o json")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace a file of this name once the new one is complete.")
@click.pass_obj
def backup(session: Session, file: Path, *, force: bool) -> None:
    """Write the whole log into FILE, as it is now, while others go on.

    It is a SQLite log without views, also where the database is PostgreSQL's. Every event is checked on the
    way; the file appears when it is complete, checked and on disk. It holds what people wrote: keep it as
    safe as the database.
    """
    with session.progress("backing up") as progress:
        copy = session.database().back_up(file, replace=force, progress=progress)
    _show_copy(session, copy, file, "backup")


@command(
    "restore", "--db sqlite:///new.db db restore palyra.backup", "--db postgresql://db/palyra db restore FILE"
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore(session: Session, file: Path) -> None:
    """Bring the log of the backup FILE into an empty database, of either kind.

    Every event is checked on the way; the database has all of them in the end, or is as it was. Views are
    made again when they are first read.
    """
    with session.progress("restoring") as progress:
        copy = session.database().restore(file, progress=progress)
    _show_copy(session, copy, file, "restored from")


@command("migrate", "db migrate --sql", "db migrate --yes")
@click.option("--sql", is_flag=True, help="Print the statements, and change nothing.")
@yes_option
@click.pass_obj
def migrate(session: Session, *, sql: bool) -> None:
    """Bring the tables of an older Palyra's log to the present version.

    Stop its gateways first. A SQLite file is copied before; of a PostgreSQL database, make a dump.
    """
    database = session.database()
    plan = database.plan_migration()
    if sql:
        _show_statements(session, plan)
        return
    if plan.statements:
        if session.is_for_people:
            session.remarks().items(plan.purposes, title=f"From version {plan.found} to {plan.known}:")
        session.confirm("Change the tables?")
    done = database.migrate()
    session.show(done, lambda page: _describe_migrated(page, done))


def _describe_check(page: Page, report: StoreReport) -> None:
    found = {finding.check for finding in report.findings}
    page.table(_COLUMNS, [(name, "failed" if name in found else "ok") for name in report.checks])
    if report.head is not None:
        page.line(f"The log has {units.plural(report.head, 'event')}.")


def _show_copy(session: Session, copy: LogCopy, file: Path, how: str) -> None:
    session.show(
        {**plain(copy), "file": file},
        lambda page: page.fields(
            [
                (how, file),
                ("log", copy.log_id),
                ("events", units.count(copy.head)),
                ("blobs", units.count(copy.blobs)),
                ("root", copy.root.hex()),
            ]
        ),
    )


def _show_statements(session: Session, plan: MigrationPlan) -> None:
    if session.output is not OutputFormat.TABLE:
        session.show(plan, lambda _page: None)
        return
    page = session.results()
    for statement in ("BEGIN", *plan.statements, "COMMIT") if plan.statements else ():
        page.block(f"{statement};", indent=0)
    if not plan.statements:
        session.remark(f"There is nothing to do: the tables are of version {plan.found}.")


def _describe_migrated(page: Page, done: Migrated) -> None:
    if done.found == done.reached:
        page.line(f"There was nothing to do: the tables are of version {done.reached}.")
        return
    page.line(f"The tables are of version {done.reached} now; they were of version {done.found}.")
    if done.backup is not None:
        page.line(f"The file as it was before is {done.backup}")


DB = group(
    "db",
    "Check, measure, prune, back up and migrate the database.",
    [check, stats, prune, backup, restore, migrate],
)
