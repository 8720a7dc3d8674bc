"""``palyra skill``: install releases, and say which may run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, reason_option
from palyra_runtime.cli.failure import ReleaseQuarantined
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections import SkillRow

_QUARANTINED = "quarantined"

_COLUMNS: Sequence[Column[SkillRow]] = (
    Column("SKILL", lambda row: row.skill_id, is_whole=True),
    Column("VERSION", lambda row: row.version, is_whole=True),
    Column("STATE", lambda row: row.state, is_whole=True),
    Column("PUBLISHER", lambda row: row.publisher),
    Column("CHANGED (UTC)", lambda row: units.short_moment(row.changed_at), is_whole=True),
)


@command(
    "install",
    "skill install greeter.palyra-skill --trust-on-first-use",
    "skill install greeter.palyra-skill --reason 'asked for in ticket 81'",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--trust-on-first-use",
    is_flag=True,
    help="Accept the key of a publisher that nobody knows yet, from now on.",
)
@reason_option
@click.pass_obj
def install(session: Session, file: Path, reason: str | None, *, trust_on_first_use: bool) -> None:
    """Verify, audit and keep the artifact FILE.

    A release that fails its audit is kept in quarantine, the failed checks are shown, and the exit
    code is 6.
    """
    with session.palyra() as palyra:
        row = palyra.skills.install(file, trust_on_first_use=trust_on_first_use, reason=reason)
    session.show(row, lambda page: page.line(f"{row.skill_id} {row.version} is {row.state}."))
    if row.state == _QUARANTINED:
        raise ReleaseQuarantined(
            f"{row.skill_id} {row.version} did not pass its audit and is in quarantine.",
            skill_id=row.skill_id,
            version=row.version,
            failures=row.audit_failures,
        )


@command(
    "enable",
    "skill enable acme.greeter",
    "skill enable acme.greeter 1.0.0 --reason 'reviewed by Ada'",
    "skill enable acme.hostile --override --reason 'only in the test network'",
)
@click.argument("skill")
@click.argument("version", required=False)
@reason_option
@click.option("--override", is_flag=True, help="Enable it although its audit fails; needs a reason.")
@click.pass_obj
def enable(session: Session, skill: str, version: str | None, reason: str | None, *, override: bool) -> None:
    """Let a release of SKILL run, after a fresh audit: VERSION, or the newest."""
    if override:
        session.confirm(f"Enable {skill} even if its audit fails?")
    with session.palyra() as palyra:
        row = palyra.skills.enable(skill, version, reason=reason, override=override)
    _show_state(session, row)


@command(
    "quarantine",
    "skill quarantine acme.greeter --reason 'odd requests since Monday'",
    "skill quarantine acme.greeter 1.0.0",
)
@click.argument("skill")
@click.argument("version", required=False)
@reason_option
@click.pass_obj
def quarantine(session: Session, skill: str, version: str | None, reason: str | None) -> None:
    """Stop a release of SKILL until somebody has looked at it: VERSION, or the enabled one."""
    with session.palyra() as palyra:
        row = palyra.skills.quarantine(skill, version, reason=reason)
    _show_state(session, row)


@command("disable", "skill disable acme.greeter", "skill disable acme.greeter 1.0.0 --reason 'not needed'")
@click.argument("skill")
@click.argument("version", required=False)
@reason_option
@click.pass_obj
def disable(session: Session, skill: str, version: str | None, reason: str | None) -> None:
    """Switch a release of SKILL off: VERSION, or the enabled one."""
    with session.palyra() as palyra:
        row = palyra.skills.disable(skill, version, reason=reason)
    _show_state(session, row)


@command("list", "skill list", "skill list -o json")
@click.pass_obj
def list_skills(session: Session) -> None:
    """List the releases that are installed, and whether they may run."""
    with session.palyra() as palyra:
        rows = palyra.skills.list()
    session.list(rows, _COLUMNS, empty="No skill is installed. Install one with: palyra skill install FILE")


@command("show", "skill show acme.greeter", "skill show acme.greeter -o json")
@click.argument("skill")
@click.pass_obj
def show(session: Session, skill: str) -> None:
    """Show the releases of SKILL: audits, reasons for quarantine, modules and digests."""
    with session.palyra() as palyra:
        rows = palyra.skills.show(skill)

    def describe(page: Page) -> None:
        for row in rows:
            _describe(page, row)

    session.show({"skill_id": rows[0].skill_id, "releases": rows}, describe)


def _show_state(session: Session, row: SkillRow) -> None:
    session.show(row, lambda page: page.line(f"{row.skill_id} {row.version} is {row.state}."))


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
        ]
    )
    page.items(row.audit_failures, title="failed checks")
    # The reasons of a quarantine by audit are its failed checks.
    if row.quarantine_reasons != row.audit_failures:
        page.items(row.quarantine_reasons, title="reasons for the quarantine")
    page.line("modules")
    for module in row.modules:
        page.block(f"{module.path}, {units.size(module.size)}\nsha256 {module.sha256}")


def _audit(row: SkillRow) -> str:
    if row.audit_passed is None:
        return "none yet"
    verdict = "passed" if row.audit_passed else "failed"
    return f"{verdict}, overridden" if row.is_override else verdict


SKILL = group(
    "skill",
    "Install skills, and say which may run.",
    [install, enable, quarantine, disable, list_skills, show],
    plural="skills",
)
