"""``palyra skill install|update|enable|rollback``: let releases in, and let them run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli.bulk import dry_run_option
from palyra_runtime.cli.command import command, reason_option, yes_option
from palyra_runtime.cli.consent import asking
from palyra_runtime.cli.document import plain
from palyra_runtime.cli.failure import ReleaseQuarantined
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from projections import SkillRow

_QUARANTINED = "quarantined"


@command(
    "install",
    "skill install greeter.palyra-skill --trust-on-first-use",
    "skill install greeter.palyra-skill --reason 'asked for in ticket 81'",
    "skill install https://example.com/greeter-1.0.0.palyra-skill --sha256 "
    "cda56b5a3f2c4b5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5",
)
@click.argument("place", metavar="FILE|URL")
@click.option("--sha256", metavar="HEX", help="Refuse the file if its SHA-256 is another one.")
@click.option(
    "--trust-on-first-use",
    is_flag=True,
    help="Accept the key of a publisher that nobody knows yet, from now on.",
)
@reason_option
@click.pass_obj
def install(
    session: Session, place: str, sha256: str | None, reason: str | None, *, trust_on_first_use: bool
) -> None:
    """Verify, audit and keep the artifact at FILE, or at an https URL.

    A release that fails its audit is kept in quarantine, the failed checks are shown, and the exit
    code is 6.
    """
    with session.palyra() as palyra:
        row = palyra.skills.install(
            place, trust_on_first_use=trust_on_first_use, sha256=sha256, reason=reason
        )
        wanted = palyra.verification.inspect(row.skill_id, row.version).missing_secrets
    session.show(
        {**plain(row), "missing_secrets": wanted},
        lambda page: page.line(f"{row.skill_id} {row.version} is {row.state}."),
    )
    if wanted:
        session.remark(f"It wants secrets that are not set here: {', '.join(wanted)}.")
    _check_audit(row)


_rebind_option = click.option(
    "--rebind",
    is_flag=True,
    help="Let the skill's plugins run the new modules, with the grants that they have and it declares.",
)


@command(
    "update",
    "skill update greeter-1.1.0.palyra-skill",
    "skill update greeter-1.1.0.palyra-skill --dry-run",
    "skill update https://example.com/greeter-1.1.0.palyra-skill --rebind --yes --reason 'ticket 82'",
)
@click.argument("place", metavar="FILE|URL")
@click.option("--sha256", metavar="HEX", help="Refuse the file if its SHA-256 is another one.")
@_rebind_option
@reason_option
@dry_run_option
@yes_option
@click.pass_obj
def update(  # noqa: PLR0913 - one parameter for each option
    session: Session, *, place: str, sha256: str | None, reason: str | None, rebind: bool, dry_run: bool
) -> None:
    """Install the newer release at FILE, or at an https URL, and let it run in place of the present one.

    What changes for the skill and its plugins is shown first. Where it asks for more, or a plugin loses
    its module, somebody has to agree. A release that fails its audit is kept in quarantine, the present
    one runs on, and the exit code is 6.
    """
    with session.palyra() as palyra:
        consent = asking(session, dry_run=dry_run)
        row = palyra.skills.update(place, sha256=sha256, reason=reason, rebind=rebind, consent=consent)
    show_state(session, row)
    _check_audit(row)


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
@_rebind_option
@dry_run_option
@yes_option
@click.pass_obj
def enable(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    skill: str,
    version: str | None,
    reason: str | None,
    override: bool,
    rebind: bool,
    dry_run: bool,
) -> None:
    """Let a release of SKILL run, after a fresh audit: VERSION, or the newest.

    What changes for the skill and its plugins is shown first. Where it asks for more than the release
    before it, or a plugin loses its module, somebody has to agree.
    """
    if override and not dry_run:
        session.confirm(f"Enable {skill} even if its audit fails?")
    with session.palyra() as palyra:
        row = palyra.skills.enable(
            skill,
            version,
            reason=reason,
            override=override,
            rebind=rebind,
            consent=asking(session, dry_run=dry_run),
        )
    show_state(session, row)


@command(
    "rollback",
    "skill rollback acme.greeter --reason 'the new one greets twice'",
    "skill rollback acme.greeter 1.0.0 --reason 'ticket 83' --rebind --yes",
)
@click.argument("skill")
@click.argument("version", required=False)
@click.option("--reason", metavar="TEXT", required=True, help="Why you do this; it is kept beside the log.")
@_rebind_option
@dry_run_option
@yes_option
@click.pass_obj
def rollback(  # noqa: PLR0913 - one parameter for each option
    session: Session, *, skill: str, version: str | None, reason: str, rebind: bool, dry_run: bool
) -> None:
    """Go back to an older release of SKILL that was enabled before: VERSION, or the last such one.

    It is audited again, and what changes is shown first, as of skill enable.
    """
    with session.palyra() as palyra:
        consent = asking(session, dry_run=dry_run)
        row = palyra.skills.rollback(skill, version, reason=reason, rebind=rebind, consent=consent)
    show_state(session, row)


def show_state(session: Session, row: SkillRow) -> None:
    """Show where a release stands."""
    session.show(row, lambda page: page.line(f"{row.skill_id} {row.version} is {row.state}."))


def _check_audit(row: SkillRow) -> None:
    if row.state == _QUARANTINED:
        raise ReleaseQuarantined(
            f"{row.skill_id} {row.version} did not pass its audit and is in quarantine.",
            skill_id=row.skill_id,
            version=row.version,
            failures=row.audit_failures,
        )
