"""Letting another release of a skill run: what it changes is shown, agreed to, and done in one append."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from palyra_events.application import Application, Commit, Intent, Loaded
from palyra_events.blob import BlobRef, keep
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.commands.skill import Rebound
from palyra_events.errors import AuditFailed, InvalidInput, NotAllowed, UnknownBlob
from palyra_events.plugin import Plugin
from palyra_events.release import AuditVerdict, check_newer
from palyra_events.skill import ModuleFact, Release, ReleaseFacts, ReleaseState, Skill, SkillEnabled
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.facade.release_change import Consent, Step, check_consent
from palyra_runtime.facade.vetting import Vetting
from palyra_runtime.skills import Artifact, TrustDecision, declared_capabilities, open_artifact
from projections import Views


@dataclass(frozen=True, slots=True)
class Wish:
    """How a release is to be enabled: why, whether plugins get its modules, and who agrees to it."""

    intent: Intent
    consent: Consent
    rebinds: bool = False
    override: bool = False


class Enabling:
    """Enables releases, after a fresh audit, once somebody has agreed to what that changes."""

    def __init__(
        self,
        *,
        application: Application,
        artifacts: Artifacts,
        views: Views,
        vetting: Vetting,
        allowed: PluginCapabilityProfile,
    ) -> None:
        self._application = application
        self._artifacts = artifacts
        self._views = views
        self._vetting = vetting
        self._allowed = allowed

    def enable(self, skill: Loaded[Skill], release: Release, wish: Wish) -> Commit:
        """Let an installed release run.

        Raises:
            ConsentRequired, AuditFailed, UntrustedPublisher, IllegalTransition, ReasonRequired,
                StaleVersion: it may not run.
        """
        artifact = self._artifacts.open(release.facts.artifact)
        trust = self._vetting.trust(artifact, trust_on_first_use=wish.override, is_installed=True)
        rebound = self._agreed(skill, release, artifact, wish)
        audit = self._vetting.audit(artifact, trust.decision)
        commit = self._application.enable_skill(
            skill,
            release.version,
            audit.verdict,
            wish.intent,
            override=wish.override,
            pin=trust.new_key,
            blobs=[audit.blob],
            rebound=rebound,
        )
        return _passed(commit, skill.state.skill_id, release.version, audit.verdict)

    def roll_back(self, skill: Loaded[Skill], release: Release, wish: Wish) -> Commit:
        """Let an older release run again.

        Raises:
            ConsentRequired, AuditFailed, UntrustedPublisher, NothingToRollBack, ReasonRequired,
                StaleVersion: it may not run.
        """
        artifact = self._artifacts.open(release.facts.artifact)
        trust = self._vetting.trust(artifact, is_installed=True)
        rebound = self._agreed(skill, release, artifact, wish)
        audit = self._vetting.audit(artifact, trust.decision)
        commit = self._application.roll_back_skill(
            skill, release.version, audit.verdict, wish.intent, blobs=[audit.blob], rebound=rebound
        )
        return _passed(commit, skill.state.skill_id, release.version, audit.verdict)

    def update(self, skill: Loaded[Skill], data: bytes, wish: Wish) -> tuple[str, Commit]:
        """Install a newer release and let it run, in one append; return its version too.

        Raises:
            ConsentRequired: nobody agreed to what changes; nothing was installed.
            InvalidInput, NotAllowed, Conflict: the artifact cannot come in.
        """
        artifact = open_artifact(data)
        check_newer(skill.state, artifact.manifest.version)
        trust = self._vetting.trust(artifact)
        reference, blob = keep(data)
        facts, version = facts_of(artifact, reference, trust.decision), artifact.manifest.version
        release = Release(version, ReleaseState.INSTALLED, facts)
        audit = self._vetting.audit(artifact, trust.decision)
        rebound = self._agreed(skill, release, artifact, wish) if audit.verdict.passed else []
        commit = self._application.update_skill(
            skill, version, facts, audit.verdict, wish.intent, blobs=[blob, audit.blob], rebound=rebound
        )
        return version, commit

    def _agreed(self, skill: Loaded[Skill], release: Release, artifact: Artifact, wish: Wish) -> Rebound:
        """Ask for consent, and return the plugins that get another binding."""
        step = Step(
            skill=skill.state,
            release=release,
            declared_before=self._declared_before(skill.state),
            declared=declared_capabilities(artifact.manifest),
            allowed=self._allowed,
        )
        plugins = self._plugins(skill.state.skill_id)
        check_consent(step.change([each.state for each in plugins], rebinds=wish.rebinds), wish.consent)
        return step.rebinding(plugins) if wish.rebinds else []

    def _plugins(self, skill_id: str) -> Sequence[Loaded[Plugin]]:
        loaded = [
            self._application.loaded_plugin(row.plugin_id) for row in self._views.plugins(skill_id=skill_id)
        ]
        return [each for each in loaded if each.state.binding and each.state.binding.skill_id == skill_id]

    def _declared_before(self, skill: Skill) -> PluginCapabilityProfile | None:
        """Return what the release that is enabled, or was last, declares; of one that is gone, nothing."""
        last = skill.enabled_last
        if last is None:
            return None
        try:
            return declared_capabilities(self._artifacts.open(last.facts.artifact).manifest)
        except (UnknownBlob, InvalidInput, NotAllowed):
            return PluginCapabilityProfile()


def facts_of(artifact: Artifact, reference: BlobRef, decision: TrustDecision) -> ReleaseFacts:
    """Return what the log keeps of an artifact that was opened and is trusted."""
    return ReleaseFacts(
        name=artifact.manifest.name,
        publisher=artifact.manifest.publisher,
        artifact=reference,
        payload_sha256=artifact.payload_sha256,
        key_id=artifact.signature.key_id,
        trust_decision=decision,
        modules=tuple(
            ModuleFact(path=path, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
            for path, content in artifact.modules.items()
        ),
    )


def _passed(commit: Commit, skill_id: str, version: str, verdict: AuditVerdict) -> Commit:
    if any(isinstance(event, SkillEnabled) for event in commit.events):
        return commit
    raise AuditFailed(
        f"{skill_id} {version} did not pass its audit and is in quarantine.",
        skill_id=skill_id,
        version=version,
        failures=list(verdict.failures),
    )
