"""What an operator asks of an artifact: a file, a URL, or a release that is installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from palyra_events.application import Application, Intent, Loaded
from palyra_events.errors import Findings, UnknownRelease, UnknownSkill
from palyra_events.identifiers import normalize_identifier
from palyra_events.skill import Release, ReleaseState, Skill
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities.egress import is_url
from palyra_runtime.facade.inspection import Inspection, inspection_of
from palyra_runtime.facade.sources import ArtifactSources
from palyra_runtime.facade.vetting import FreshAudit, Vetting
from palyra_runtime.skills import Artifact, AuditReport, TrustDecision, open_artifact

ARTIFACT_SUFFIX = ".palyra-skill"


class ReleaseDiffers(Findings):
    """A release of this version is installed, and it is not this artifact."""

    code = "RELEASE_DIFFERS"
    advice = (
        "One version has one artifact. Ask the publisher which one is the true one, and why there are two."
    )


@dataclass(frozen=True, slots=True)
class Verified:
    """An artifact whose content, signature and publisher are what they should be.

    ``state`` is that of the installed release of these bytes, None where it is not installed.
    """

    skill_id: str
    version: str
    publisher: str
    key_id: str
    trust_decision: TrustDecision
    artifact_sha256: str
    payload_sha256: str
    state: ReleaseState | None


@dataclass(frozen=True, slots=True)
class InstalledSkill:
    """A skill that is installed, whatever files have its name: those who ask from elsewhere mean no file."""

    skill_id: str


#: what is asked about: an installed skill, or the artifact in a file or at a URL
What: TypeAlias = str | Path | InstalledSkill


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is asked about; ``skill`` and ``release`` where it is an installed release."""

    artifact: Artifact
    skill: Loaded[Skill] | None = None
    release: Release | None = None


class Verification:
    """Inspect, verify and audit artifacts, wherever they are. Nothing of it lets one run.

    ``what`` is a URL, the path of a file (with a slash in it, ending in ``.palyra-skill``, or there), or
    else the id of an installed skill: in a ``version``, or the enabled release, or the newest.
    """

    def __init__(
        self,
        *,
        application: Application,
        artifacts: Artifacts,
        sources: ArtifactSources,
        vetting: Vetting,
        actor: str,
    ) -> None:
        self._application = application
        self._artifacts = artifacts
        self._sources = sources
        self._vetting = vetting
        self._actor = actor

    def inspect(self, what: What, version: str | None = None, *, sha256: str | None = None) -> Inspection:
        """Return what an artifact says about itself.

        Raises:
            UnreadableArtifact, DownloadFailed, UnknownSkill, UnknownRelease, UnknownBlob: there is none.
            InvalidInput, NotAllowed: it is malformed, or not the file of this SHA-256.
            LogDamaged: the bytes of an installed release are not those that were installed.
        """
        artifact = self._subject(what, version, sha256).artifact
        return inspection_of(artifact, self._vetting.missing_secrets(artifact.manifest))

    def verify(
        self,
        what: What,
        version: str | None = None,
        *,
        sha256: str | None = None,
        trust_on_first_use: bool = False,
    ) -> Verified:
        """Check an artifact's content, signature and publisher, and its bytes against the log.

        With ``trust_on_first_use``, an unknown publisher is no objection; its key is not pinned here.

        Raises:
            UntrustedPublisher, TrustedPublisherKeyMismatch, TofuKeyMismatch, KeyRevoked,
            SkillOfAnotherPublisher: its key is not accepted for this skill.
            ReleaseDiffers: this version is installed with other bytes.
            PalyraError: as of `inspect`.
        """
        subject = self._subject(what, version, sha256)
        decision = self._decision(subject, trust_on_first_use=trust_on_first_use)
        release = subject.release or self._installed(subject.artifact)
        _check_same(subject.artifact, release)
        artifact = subject.artifact
        return Verified(
            skill_id=artifact.manifest.skill_id,
            version=artifact.manifest.version,
            publisher=artifact.manifest.publisher,
            key_id=artifact.signature.key_id,
            trust_decision=decision,
            artifact_sha256=artifact.artifact_sha256,
            payload_sha256=artifact.payload_sha256,
            state=None if release is None else release.state,
        )

    def audit(  # noqa: PLR0913 - one argument for each thing that an operator may choose
        self,
        what: What,
        version: str | None = None,
        *,
        sha256: str | None = None,
        trust_on_first_use: bool = False,
        quarantine_on_fail: bool = False,
        reason: str | None = None,
    ) -> AuditReport:
        """Return a fresh audit, of the checks of the reference and of our own.

        With ``quarantine_on_fail``, an installed release that fails is quarantined if it is not yet.

        Raises:
            StaleVersion: somebody changed the skill meanwhile.
            PalyraError: as of `verify`: an audit judges what may be trusted.
        """
        subject = self._subject(what, version, sha256)
        audit = self._vetting.audit(
            subject.artifact, self._decision(subject, trust_on_first_use=trust_on_first_use)
        )
        if quarantine_on_fail and not audit.report.passed:
            self._quarantine(subject, audit, Intent(self._actor, reason))
        return audit.report

    def sbom(self, what: What, version: str | None = None) -> Mapping[str, Any]:
        """Return what a skill was made of: its CycloneDX document.

        Raises:
            PalyraError: as of `inspect`.
        """
        return self._subject(what, version, None).artifact.sbom

    def provenance(self, what: What, version: str | None = None) -> Mapping[str, Any]:
        """Return who built a skill: its in-toto statement, or whatever its author says.

        Raises:
            PalyraError: as of `inspect`.
        """
        return self._subject(what, version, None).artifact.provenance

    def _subject(self, what: What, version: str | None, sha256: str | None) -> _Subject:
        place = place_of(what)
        if place is not None:
            return _Subject(open_artifact(self._sources.read(place, sha256)))
        skill_id = what.skill_id if isinstance(what, InstalledSkill) else str(what)
        skill = self._application.skill(normalize_identifier(skill_id, "skill"))
        state = skill.state
        release = (state.enabled or state.newest) if version is None else state.release(version)
        return _Subject(self._artifacts.open(release.facts.artifact), skill, release)

    def _decision(self, subject: _Subject, *, trust_on_first_use: bool) -> TrustDecision:
        return self._vetting.trust(
            subject.artifact,
            trust_on_first_use=trust_on_first_use,
            is_installed=subject.release is not None,
        ).decision

    def _installed(self, artifact: Artifact) -> Release | None:
        """Return the installed release of the artifact's skill and version."""
        try:
            return self._application.skill(artifact.manifest.skill_id).state.release(
                artifact.manifest.version
            )
        except (UnknownSkill, UnknownRelease):
            return None

    def _quarantine(self, subject: _Subject, audit: FreshAudit, intent: Intent) -> None:
        skill, release = subject.skill, subject.release
        if skill is None or release is None or release.state is ReleaseState.QUARANTINED:
            return
        reasons = audit.report.quarantine_reasons
        if release.state is ReleaseState.ENABLED:
            self._application.recheck_skill(
                skill, release.version, audit.verdict, reasons, intent, blobs=[audit.blob]
            )
            return
        self._application.quarantine_skill(skill.state.skill_id, release.version, intent, reasons=reasons)


def place_of(what: What) -> str | Path | None:
    """Return the path or URL that is meant, None where it is an installed skill."""
    if isinstance(what, Path | InstalledSkill):
        return what if isinstance(what, Path) else None
    is_place = is_url(what) or "/" in what or what.endswith(ARTIFACT_SUFFIX) or Path(what).is_file()
    return what if is_place else None


def _check_same(artifact: Artifact, release: Release | None) -> None:
    if release is not None and release.facts.artifact.sha256 != artifact.artifact_sha256:
        manifest = artifact.manifest
        raise ReleaseDiffers(
            f"{manifest.skill_id} {manifest.version} is installed as {release.facts.artifact.sha256[:16]}…, "
            f"and this is {artifact.artifact_sha256[:16]}….",
            installed=release.facts.artifact.sha256,
            artifact=artifact.artifact_sha256,
        )
