"""Operations on what is installed: over a network nobody means a file of the gateway's machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palyra_runtime.facade import Inspection, InstalledSkill, Verification, Verified
from palyra_runtime.skills import AuditReport


def inspect(verification: Verification, skill_id: str, *, version: str | None = None) -> Inspection:
    """Return what an installed release is made of and asks for."""
    return verification.inspect(InstalledSkill(skill_id), version)


def verify(verification: Verification, skill_id: str, *, version: str | None = None) -> Verified:
    """Check the signature of an installed release, and that it is the one that was installed."""
    return verification.verify(InstalledSkill(skill_id), version)


def sbom(verification: Verification, skill_id: str, *, version: str | None = None) -> Mapping[str, Any]:
    """Return the bill of materials of an installed release."""
    return verification.sbom(InstalledSkill(skill_id), version)


def provenance(verification: Verification, skill_id: str, *, version: str | None = None) -> Mapping[str, Any]:
    """Return where an installed release says that it comes from."""
    return verification.provenance(InstalledSkill(skill_id), version)


def audit(
    verification: Verification,
    skill_id: str,
    *,
    version: str | None = None,
    quarantine_on_fail: bool = False,
    reason: str | None = None,
) -> AuditReport:
    """Audit an installed release again, and if asked to, put it into quarantine where it fails."""
    return verification.audit(
        InstalledSkill(skill_id), version, quarantine_on_fail=quarantine_on_fail, reason=reason
    )
