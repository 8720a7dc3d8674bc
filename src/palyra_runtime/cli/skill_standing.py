"""``palyra skill quarantine|disable|remove|reaudit``: stop releases, and take them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_events.errors import Findings
from palyra_runtime.cli.command import command, reason_option, yes_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.skill_release import show_state
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.facade import Recheck

_BAD = frozenset({"quarantined", "failed"})

_RECHECK_COLUMNS: Sequence[Column[Recheck]] = (
    Column("SKILL", lambda each: each.skill_id, is_whole=True),
    Column("VERSION", lambda each: each.version, is_whole=True),
    Column("RESULT", lambda each: each.result, is_whole=True),
    Column("WHY", lambda each: "; ".join(each.reasons), wraps=True),
)


class ReauditFindings(Findings):
    """Releases that were enabled did not pass their audit."""

    code = "REAUDIT_FINDINGS"
    advice = "Read the failed checks with: palyra skill show SKILL"


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
    show_state(session, row)


@command("disable", "skill disable acme.greeter", "skill disable acme.greeter 1.0.0 --reason 'not needed'")
@click.argument("skill")
@click.argument("version", required=False)
@reason_option
@click.pass_obj
def disable(session: Session, skill: str, version: str | None, reason: str | None) -> None:
    """Switch a release of SKILL off: VERSION, or the enabled one."""
    with session.palyra() as palyra:
        row = palyra.skills.disable(skill, version, reason=reason)
    show_state(session, row)


@command(
    "remove",
    "skill remove acme.greeter 1.0.0",
    "skill remove acme.greeter 1.0.0 --erase --yes --reason 'the licence ran out'",
)
@click.argument("skill")
@click.argument("version")
@click.option("--erase", is_flag=True, help="Do not keep its artifact either; runs of it cannot be repeated.")
@reason_option
@yes_option
@click.pass_obj
def remove(session: Session, skill: str, version: str, reason: str | None, *, erase: bool) -> None:
    """Take the release VERSION of SKILL away; one that is enabled is disabled by that.

    Its history stays. Its artifact is kept for those who look at its runs later, unless it is erased;
    the same release can be installed again.
    """
    session.confirm(f"Remove {skill} {version}{' and erase its artifact' if erase else ''}?")
    with session.palyra() as palyra:
        row = palyra.skills.remove(skill, version, erase=erase, reason=reason)
    show_state(session, row)


@command("reaudit", "skill reaudit", "skill reaudit --reason 'the audit policy is stricter now' -o json")
@reason_option
@click.pass_obj
def reaudit(session: Session, reason: str | None) -> None:
    """Audit every enabled release again; one that fails goes into quarantine, and the exit code is 6."""
    with session.palyra() as palyra:
        found = palyra.skills.reaudit(reason=reason)
    session.list(found, _RECHECK_COLUMNS, empty="No release is enabled.")
    bad = [each for each in found if each.result in _BAD]
    if bad:
        raise ReauditFindings(
            f"{len(bad)} of {len(found)} releases did not pass.",
            failures=[f"{each.skill_id} {each.version}: {'; '.join(each.reasons)}" for each in bad],
        )
