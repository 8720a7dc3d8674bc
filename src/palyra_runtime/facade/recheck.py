"""Auditing again what runs: policies change, keys are revoked, and bytes can be gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from palyra_events.application import Application, Intent, Loaded
from palyra_events.blob import Blob
from palyra_events.errors import (
    Conflict,
    InvalidInput,
    LogDamaged,
    NotAllowed,
    NotFound,
    PalyraError,
    UnknownBlob,
)
from palyra_events.release import AuditVerdict
from palyra_events.skill import Release, ReleaseState, Skill
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.facade.vetting import Vetting
from projections import Views

#: what the reasons of a quarantine begin with, in the reference system's words
FAILED = "periodic_reaudit_failed"
MISSING_ARTIFACT = "periodic_reaudit_missing_artifact"


class RecheckResult(StrEnum):
    """What became of a release that was audited again."""

    PASSED = "passed"
    QUARANTINED = "quarantined"
    #: somebody changed the skill meanwhile; the next pass looks at what it is then
    CHANGED = "changed"
    #: the audit could not be made or recorded; the release is as it was
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Recheck:
    """The fresh audit of one release; ``reasons`` are why it is in quarantine, or what went wrong."""

    skill_id: str
    version: str
    result: RecheckResult
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Finding:
    verdict: AuditVerdict | None
    problems: tuple[str, ...] = ()
    blobs: tuple[Blob, ...] = ()


class Rechecks:
    """Audits the enabled releases again, and puts those that fail into quarantine."""

    def __init__(
        self, *, application: Application, artifacts: Artifacts, views: Views, vetting: Vetting
    ) -> None:
        self._application = application
        self._artifacts = artifacts
        self._views = views
        self._vetting = vetting

    def run(self, intent: Intent) -> Sequence[Recheck]:
        """Audit each enabled release; what goes wrong with one of them is told, and the pass goes on."""
        enabled = [row for row in self._views.skills() if row.state is ReleaseState.ENABLED]
        return [self._recheck(row.skill_id, row.version, intent) for row in enabled]

    def _recheck(self, skill_id: str, version: str, intent: Intent) -> Recheck:
        try:
            skill = self._application.skill(skill_id)
            return self._decide(skill, skill.state.release(version), intent)
        except (Conflict, NotFound):
            return Recheck(skill_id, version, RecheckResult.CHANGED)
        except PalyraError as error:
            return Recheck(skill_id, version, RecheckResult.FAILED, (error.message,))

    def _decide(self, skill: Loaded[Skill], release: Release, intent: Intent) -> Recheck:
        finding = self._audit(release)
        self._application.recheck_skill(
            skill, release.version, finding.verdict, finding.problems, intent, blobs=finding.blobs
        )
        result = RecheckResult.QUARANTINED if finding.problems else RecheckResult.PASSED
        return Recheck(skill.state.skill_id, release.version, result, finding.problems)

    def _audit(self, release: Release) -> _Finding:
        try:
            artifact = self._artifacts.open(release.facts.artifact)
            trust = self._vetting.trust(artifact, is_installed=True)
        except UnknownBlob as error:
            return _Finding(None, (f"{MISSING_ARTIFACT}: {error.message}",))
        except (InvalidInput, NotAllowed, LogDamaged) as error:
            return _Finding(None, (f"{FAILED}: {error.message}",))
        audit = self._vetting.audit(artifact, trust.decision)
        problems = tuple(f"{FAILED}: {failure}" for failure in audit.verdict.failures)
        return _Finding(audit.verdict, problems, (audit.blob,))
