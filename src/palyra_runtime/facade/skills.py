"""What an operator does with skills."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from palyra_events.application import Application, Intent, Loaded, PublisherKey
from palyra_events.blob import Blob, BlobRef, keep
from palyra_events.errors import AuditFailed, InvalidInput
from palyra_events.identifiers import normalize_identifier
from palyra_events.skill import AuditVerdict, ModuleFact, ReleaseFacts, Skill, SkillEnabled
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.clock import Clock
from palyra_runtime.facade.recorded import showing_recorded
from palyra_runtime.skills import (
    Artifact,
    AuditPolicy,
    ModuleInspector,
    TrustDecision,
    TrustStore,
    audit_artifact,
    decide_trust,
    open_artifact,
)
from palyra_runtime.skills.archive import ARTIFACT_BYTES_MAX
from projections import SkillRow, Views


class UnreadableArtifact(InvalidInput):
    """The artifact cannot be read."""

    code = "UNREADABLE_ARTIFACT"
    advice = "Name a file that ends in .palyra-skill and that you may read."


@dataclass(frozen=True, slots=True)
class _Audit:
    """A fresh audit of an artifact, as the commands take it."""

    verdict: AuditVerdict
    blob: Blob


class Skills:
    """Install, audit, enable, quarantine and disable releases.

    What changes something returns what it changed; `RecordedNotShown` says that it could not.
    """

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        application: Application,
        artifacts: Artifacts,
        views: Views,
        inspector: ModuleInspector,
        policy: AuditPolicy,
        now: Clock,
        actor: str,
    ) -> None:
        self._application = application
        self._artifacts = artifacts
        self._views = views
        self._inspector = inspector
        self._policy = policy
        self._now = now
        self._actor = actor

    def install(
        self, path: str | Path, *, trust_on_first_use: bool = False, reason: str | None = None
    ) -> SkillRow:
        """Verify, audit and keep an artifact, as one step, and return the release.

        A release that fails its audit is kept in quarantine, so that somebody can look at it; its
        publisher's key is not pinned then.

        Raises:
            UnreadableArtifact: there is no such file.
            InvalidInput, NotAllowed: the artifact is malformed, or its signature or publisher is
                not trusted; nothing was kept.
            AlreadyExists: this release is installed.
        """
        data = _read(Path(path))
        artifact = open_artifact(data)
        manifest = artifact.manifest
        decision = self._trust(artifact, trust_on_first_use=trust_on_first_use)
        audit = self._audit(artifact, decision)
        reference, blob = keep(data)
        self._application.install_skill(
            manifest.skill_id,
            manifest.version,
            _facts(artifact, reference, decision),
            audit.verdict,
            Intent(self._actor, reason),
            pin=_new_key(artifact, decision) if audit.verdict.passed else None,
            blobs=[blob, audit.blob],
        )
        return self._row(manifest.skill_id, manifest.version)

    def enable(
        self, skill_id: str, version: str | None = None, *, reason: str | None = None, override: bool = False
    ) -> SkillRow:
        """Let a release run, after a fresh audit; another release of the skill is disabled.

        Without a ``version``, the newest. An ``override`` enables it against its audit and needs a
        reason; then the key of a publisher that nobody knows is pinned as well.

        Raises:
            AuditFailed: it did not pass; a release that was not in quarantine is now.
            UntrustedPublisher: its publisher's key was never accepted.
            UnknownSkill, UnknownRelease, IllegalTransition, ReasonRequired, StaleVersion: nothing
                was changed.
        """
        loaded = self._skill(skill_id)
        skill = loaded.state
        release = skill.newest if version is None else skill.release(version)
        artifact = self._artifacts.open(release.facts.artifact)
        decision = self._trust(artifact, trust_on_first_use=override)
        audit = self._audit(artifact, decision)
        commit = self._application.enable_skill(
            loaded,
            release.version,
            audit.verdict,
            Intent(self._actor, reason),
            override=override,
            pin=_new_key(artifact, decision),
            blobs=[audit.blob],
        )
        if not any(isinstance(event, SkillEnabled) for event in commit.events):
            raise AuditFailed(
                f"{skill.skill_id} {release.version} did not pass its audit and is in quarantine.",
                skill_id=skill.skill_id,
                version=release.version,
                failures=list(audit.verdict.failures),
            )
        return self._row(skill.skill_id, release.version)

    def quarantine(self, skill_id: str, version: str | None = None, *, reason: str | None = None) -> SkillRow:
        """Stop a release until somebody has looked at it: the enabled one, or else the newest.

        Raises:
            UnknownSkill, UnknownRelease, IllegalTransition, StaleVersion: nothing was changed.
        """
        skill, chosen = self._present(skill_id, version)
        self._application.quarantine_skill(skill, chosen, Intent(self._actor, reason))
        return self._row(skill, chosen)

    def disable(self, skill_id: str, version: str | None = None, *, reason: str | None = None) -> SkillRow:
        """Switch a release off: the enabled one, or else the newest.

        Raises:
            UnknownSkill, UnknownRelease, IllegalTransition, StaleVersion: nothing was changed.
        """
        skill, chosen = self._present(skill_id, version)
        self._application.disable_skill(skill, chosen, Intent(self._actor, reason))
        return self._row(skill, chosen)

    def list(self) -> Sequence[SkillRow]:
        """Return every release of every skill."""
        return self._views.skills()

    def show(self, skill_id: str) -> Sequence[SkillRow]:
        """Return the releases of one skill, the newest version first.

        Raises:
            UnknownSkill: nothing of it is installed.
        """
        return self._views.releases(self._skill(skill_id).state.skill_id)

    def _skill(self, skill_id: str) -> Loaded[Skill]:
        return self._application.skill(normalize_identifier(skill_id, "skill"))

    def _present(self, skill_id: str, version: str | None) -> tuple[str, str]:
        skill = self._skill(skill_id).state
        release = (skill.enabled or skill.newest) if version is None else skill.release(version)
        return skill.skill_id, release.version

    def _row(self, skill_id: str, version: str) -> SkillRow:
        with showing_recorded():
            return next(row for row in self._views.releases(skill_id) if row.version == version)

    def _trust(self, artifact: Artifact, *, trust_on_first_use: bool) -> TrustDecision:
        publisher = artifact.manifest.publisher
        pinned = self._application.publisher(publisher).pinned_key
        store = TrustStore(tofu_publishers={publisher: pinned} if pinned else {})
        public_key = artifact.signature.public_key
        return decide_trust(store, publisher, public_key, trust_on_first_use=trust_on_first_use).decision

    def _audit(self, artifact: Artifact, decision: TrustDecision) -> _Audit:
        report = audit_artifact(
            artifact, self._policy, self._inspector, trust_decision=decision, generated_at=self._now()
        )
        reference, blob = keep(report.model_dump_json().encode())
        return _Audit(AuditVerdict(report.passed, report.quarantine_reasons, reference), blob)


def _read(path: Path) -> bytes:
    """Return a file's bytes, one more at most than an artifact may have."""
    try:
        with path.open("rb") as file:
            return file.read(ARTIFACT_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        # A path with a NUL in it is no path: that is a ValueError, and it has no strerror.
        cause = getattr(error, "strerror", None) or error
        raise UnreadableArtifact(f"{str(path)!r} cannot be read: {cause}.", path=str(path)) from error


def _facts(artifact: Artifact, reference: BlobRef, decision: TrustDecision) -> ReleaseFacts:
    modules = artifact.modules.items()
    return ReleaseFacts(
        name=artifact.manifest.name,
        publisher=artifact.manifest.publisher,
        artifact=reference,
        payload_sha256=artifact.payload_sha256,
        key_id=artifact.signature.key_id,
        trust_decision=decision,
        modules=tuple(
            ModuleFact(path=path, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
            for path, content in modules
        ),
    )


def _new_key(artifact: Artifact, decision: TrustDecision) -> PublisherKey | None:
    """Return the key to pin, where it was accepted because nobody knew the publisher."""
    if decision is not TrustDecision.TOFU_NEWLY_PINNED:
        return None
    signature = artifact.signature
    return PublisherKey(artifact.manifest.publisher, signature.key_id, signature.public_key.hex())
