"""``palyra skill list|show|history|diff``: what is installed, what became of it, and what is different."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, limit_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_runtime.facade import ReleaseDiff
    from palyra_runtime.facade.release_diff import FieldDiff, FileDiff, ModuleDiff
    from projections import AuditRow, SkillRow

#: characters of a manifest's value in a comparison; the JSON has all of them
_VALUE_MAX = 200

_COLUMNS: Sequence[Column[SkillRow]] = (
    Column("SKILL", lambda row: row.skill_id, is_whole=True),
    Column("VERSION", lambda row: row.version, is_whole=True),
    Column("STATE", lambda row: row.state, is_whole=True),
    Column("PUBLISHER", lambda row: row.publisher),
    Column("CHANGED (UTC)", lambda row: units.short_moment(row.changed_at), is_whole=True),
)


def _what(row: AuditRow) -> str:
    """Return what happened, and why in somebody's own words."""
    why = "reason erased" if row.is_reason_erased else row.reason
    return row.summary + (f" ({why})" if why else "")


_HISTORY_COLUMNS: Sequence[Column[AuditRow]] = (
    Column("POS", lambda row: row.position, is_number=True),
    Column("TIME (UTC)", lambda row: units.short_moment(row.timestamp), is_whole=True),
    Column("ACTOR", lambda row: row.actor, is_whole=True),
    Column("WHAT", _what, wraps=True),
)
_removed_option = click.option("--removed", is_flag=True, help="Also those that were removed.")


@command("list", "skill list", "skill list --removed -o json", "skill list --at 2026-03-01T12:00")
@_removed_option
@at_option
@click.pass_obj
def list_skills(session: Session, *, removed: bool, at: datetime | int | None) -> None:
    """List the releases that are installed, and whether they may run."""
    with session.palyra() as palyra:
        rows = palyra.skills.list(removed=removed, at=at)
    session.list(rows, _COLUMNS, empty="No skill is installed. Install one with: palyra skill install FILE")


@command("show", "skill show acme.greeter", "skill show acme.greeter -o json")
@click.argument("skill")
@_removed_option
@at_option
@click.pass_obj
def show(session: Session, skill: str, *, removed: bool, at: datetime | int | None) -> None:
    """Show the releases of SKILL: audits, reasons for quarantine, modules and digests."""
    with session.palyra() as palyra:
        rows = palyra.skills.show(skill, removed=removed, at=at)

    def describe(page: Page) -> None:
        for row in rows:
            _describe(page, row)

    session.show({"skill_id": rows[0].skill_id, "releases": rows}, describe)


@command("history", "skill history acme.greeter", "skill history acme.greeter --after 100 -o ndjson")
@click.argument("skill")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, metavar="POSITION", help="Begin after a position."
)
@limit_option(1000)
@at_option
@click.pass_obj
def history(session: Session, skill: str, after: int, limit: int, at: datetime | int | None) -> None:
    """Tell what happened to SKILL: every event of it, in words and in order, also after it was removed."""
    with session.palyra() as palyra:
        rows = palyra.skills.history(skill, after=after, limit=limit, at=at)
    session.list(rows, _HISTORY_COLUMNS, empty="Nothing has happened since.")
    if len(rows) == limit:
        session.remark(f"There may be more: go on with --after {rows[-1].position}")


@command("diff", "skill diff acme.greeter", "skill diff acme.greeter 1.0.0 1.1.0 -o json")
@click.argument("skill")
@click.argument("version", required=False)
@click.argument("other", required=False)
@click.pass_obj
def diff(session: Session, skill: str, version: str | None, other: str | None) -> None:
    """Compare the releases VERSION and OTHER of SKILL; by default the enabled one with the newest.

    What they declare, what is different in the manifest, and the modules with their imports.
    """
    with session.palyra() as palyra:
        found = palyra.skills.diff(skill, version, other)
    session.show(found, lambda page: _describe_diff(page, found))


def _describe(page: Page, row: SkillRow) -> None:
    page.heading(f"{row.skill_id} {row.version}")
    page.fields(
        [
            ("state", row.state),
            ("name", row.name),
            ("publisher", row.publisher),
            ("key", f"{row.key_id} ({row.trust_decision})"),
            ("audit", _audit(row)),
            ("installed", f"{units.moment(row.installed_at)} at position {row.installed_position}"),
            ("changed", f"{units.moment(row.changed_at)} at position {row.changed_position}"),
            ("artifact", row.artifact_sha256),
            ("evidence", _evidence(row)),
        ]
    )
    page.items(row.audit_failures, title="failed checks")
    # The reasons of a quarantine by audit are its failed checks.
    if row.quarantine_reasons != row.audit_failures:
        page.items(row.quarantine_reasons, title="reasons for the quarantine")
    page.line("modules")
    for module in row.modules:
        page.block(f"{module.path}, {units.size(module.size)}\nsha256 {module.sha256}")


def _evidence(row: SkillRow) -> str | None:
    """Return the events that a quarantine rests on; they can be looked at with palyra event show."""
    return f"positions {', '.join(map(str, row.evidence))}" if row.evidence else None


def _audit(row: SkillRow) -> str:
    if row.audit_passed is None:
        return "none yet"
    verdict = "passed" if row.audit_passed else "failed"
    return f"{verdict}, overridden" if row.is_override else verdict


def _describe_diff(page: Page, found: ReleaseDiff) -> None:
    page.line(f"{found.skill_id} {found.version_before} and {found.version_after}")
    page.items(found.declares_more, title="asks for more")
    page.items(found.declares_less, title="asks for less")
    page.items([_field(field) for field in found.manifest], title="manifest")
    page.items([_module(module) for module in found.modules], title="modules")
    page.items([_file(file) for file in found.files], title="assets")


def _field(field: FieldDiff) -> str:
    return f"{field.path}: {_value(field.before)} -> {_value(field.after)}"


def _value(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _VALUE_MAX else f"{text[: _VALUE_MAX - 1]}…"


def _module(module: ModuleDiff) -> str:
    more = f"; imports more: {', '.join(module.imports_more)}" if module.imports_more else ""
    less = f"; imports less: {', '.join(module.imports_less)}" if module.imports_less else ""
    return _file(module.file) + more + less


def _file(file: FileDiff) -> str:
    sizes = [units.size(size) for size in (file.size_before, file.size_after) if size is not None]
    return f"{file.path} {file.kind}, {' -> '.join(dict.fromkeys(sizes))}"
