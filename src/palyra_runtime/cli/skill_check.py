"""``palyra skill inspect|verify|audit|sbom|provenance``: look at an artifact, in or before it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from palyra_events.errors import Findings
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, reason_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.facade import Inspection
    from palyra_runtime.facade.inspection import ToolSummary
    from palyra_runtime.facade.verification import Verified
    from palyra_runtime.skills import AuditReport, Check


class AuditFindings(Findings):
    """The release does not pass its audit."""

    code = "AUDIT_FINDINGS"
    advice = "Do not enable it before somebody has looked at each of them."


_CHECKS: Sequence[Column[Check]] = (
    Column("VERDICT", lambda check: check.status, is_whole=True),
    Column("CHECK", lambda check: check.check_id, is_whole=True),
    Column("WHAT", lambda check: check.message, wraps=True),
)

_sha256_option = click.option(
    "--sha256", metavar="HEX", help="Refuse the file if its SHA-256 is another one."
)
_first_use_option = click.option(
    "--trust-on-first-use", is_flag=True, help="Judge it as if its publisher's key were accepted."
)


def _subject(function: Callable[..., None]) -> Callable[..., None]:
    """Take what is asked about: a file, a URL, or an installed skill with or without a version."""
    return click.argument("what", metavar="FILE|URL|SKILL")(
        click.argument("version", required=False)(function)
    )


@command(
    "inspect",
    "skill inspect greeter.palyra-skill",
    "skill inspect https://example.com/greeter-1.0.0.palyra-skill",
    "skill inspect acme.greeter 1.0.0 -o json",
)
@_subject
@_sha256_option
@click.pass_obj
def inspect(session: Session, what: str, version: str | None, sha256: str | None) -> None:
    """Show what an artifact says about itself, once its signature has been checked.

    A signature says that somebody with this key made it; whether that is somebody you trust, skill
    verify tells.
    """
    with session.palyra() as palyra:
        found = palyra.verification.inspect(what, version, sha256=sha256)
    session.show(found, lambda page: _describe(page, found))


@command(
    "verify",
    "skill verify greeter.palyra-skill",
    "skill verify acme.greeter",
    "skill verify https://example.com/greeter-1.0.0.palyra-skill --trust-on-first-use",
)
@_subject
@_sha256_option
@_first_use_option
@click.pass_obj
def verify(
    session: Session, what: str, version: str | None, sha256: str | None, *, trust_on_first_use: bool
) -> None:
    """Check content, signature and publisher, and the bytes against the log; nothing is written."""
    with session.palyra() as palyra:
        found = palyra.verification.verify(
            what, version, sha256=sha256, trust_on_first_use=trust_on_first_use
        )
    session.show(found, lambda page: _describe_verified(page, found))


@command(
    "audit",
    "skill audit greeter.palyra-skill --trust-on-first-use",
    "skill audit acme.greeter --quarantine-on-fail --reason 'monthly review'",
    "skill audit acme.greeter 1.0.0 -o json",
)
@_subject
@_sha256_option
@_first_use_option
@click.option("--quarantine-on-fail", is_flag=True, help="Quarantine an installed release that fails.")
@reason_option
@click.pass_obj
def audit(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    what: str,
    version: str | None,
    *,
    sha256: str | None,
    trust_on_first_use: bool,
    quarantine_on_fail: bool,
    reason: str | None,
) -> None:
    """Audit an artifact anew: every check with its verdict.

    The exit code is 6 where a check fails.
    """
    with session.palyra() as palyra:
        report = palyra.verification.audit(
            what,
            version,
            sha256=sha256,
            trust_on_first_use=trust_on_first_use,
            quarantine_on_fail=quarantine_on_fail,
            reason=reason,
        )
    session.show(report, lambda page: _describe_audit(page, report))
    if not report.passed:
        raise AuditFindings(
            f"{report.skill_id} {report.version} fails {units.plural(len(report.failures), 'check')}.",
            skill_id=report.skill_id,
            version=report.version,
            failures=list(report.quarantine_reasons),
        )


@command("sbom", "skill sbom acme.greeter", "skill sbom greeter.palyra-skill > sbom.cdx.json")
@_subject
@click.pass_obj
def sbom(session: Session, what: str, version: str | None) -> None:
    """Write what a skill was made of: its CycloneDX document, which is JSON."""
    with session.palyra() as palyra:
        session.results().document(palyra.verification.sbom(what, version))


@command("provenance", "skill provenance acme.greeter 1.0.0")
@_subject
@click.pass_obj
def provenance(session: Session, what: str, version: str | None) -> None:
    """Write who built a skill, and which files came out: its provenance, which is JSON."""
    with session.palyra() as palyra:
        session.results().document(palyra.verification.provenance(what, version))


def missing_secrets(page: Page, names: Sequence[str]) -> None:
    """Tell which secrets a skill wants that nobody has set."""
    if names:
        page.items(names, title="Secrets that it wants and that are not set here:")


def _describe(page: Page, found: Inspection) -> None:
    page.fields(
        [
            ("skill", f"{found.skill_id} {found.version}"),
            ("name", found.name),
            ("publisher", found.publisher),
            ("key", found.key_id),
            ("public key", found.public_key),
            ("artifact", found.artifact_sha256),
            ("payload", found.payload_sha256),
            ("needs", _needs(found)),
            ("fuel", units.count(found.quotas.fuel_budget)),
            ("memory", units.size(found.quotas.max_memory_bytes)),
            ("review", "needed: it was generated" if found.needs_review else None),
        ]
    )
    for noun, values in found.capabilities:
        page.items(values, title=f"asks for {noun.replace('_', ' ')}")
    missing_secrets(page, found.missing_secrets)
    page.items([_tool(tool) for tool in found.tools], title="tools")
    page.line("modules")
    for module in found.modules:
        page.block(f"{module.path}, {units.size(module.size)}\nsha256 {module.sha256}")
    page.items([f"{asset.path}, {units.size(asset.size)}" for asset in found.assets], title="assets")
    page.items([warning.message for warning in found.warnings], title="warnings")


def _needs(found: Inspection) -> str:
    compat = found.compat
    newest = f" to {compat.max_palyra_version}" if compat.max_palyra_version else ""
    return f"host {compat.min_palyra_version}{newest}, protocol {compat.required_protocol_major}"


def _tool(tool: ToolSummary) -> str:
    approval = " (needs approval)" if tool.needs_approval else ""
    return f"{tool.id}{approval}: {tool.description}"


def _describe_verified(page: Page, found: Verified) -> None:
    page.line(f"{found.skill_id} {found.version} is what {found.publisher} signed.")
    page.fields(
        [
            ("key", f"{found.key_id} ({found.trust_decision})"),
            ("artifact", found.artifact_sha256),
            ("payload", found.payload_sha256),
            ("installed", found.state or "no"),
        ]
    )


def _describe_audit(page: Page, report: AuditReport) -> None:
    verdict = "passes" if report.passed else "fails"
    page.line(f"{report.skill_id} {report.version} of {report.publisher} {verdict} its audit.")
    page.table(_CHECKS, [*report.checks, *report.host_checks])
