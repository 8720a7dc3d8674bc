"""Installed skills as the log tells them: what runs is what was enabled, byte for byte."""

from __future__ import annotations

from palyra_events.application import Application
from palyra_events.identifiers import normalize_identifier
from palyra_events.skill import Release, ReleaseState, Skill
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.runner.errors import SkillNotEnabled
from palyra_runtime.skills import Artifact


class EnabledSkills:
    """The releases that may run, over a log."""

    def __init__(self, application: Application, artifacts: Artifacts) -> None:
        self._application = application
        self._artifacts = artifacts

    def artifact(self, skill_id: str, version: str | None) -> Artifact:
        """Return the artifact of the enabled release, held against the digest in the log.

        Raises:
            UnknownSkill, UnknownRelease: it is not installed.
            SkillNotEnabled: it may not run, or not in this version.
            UnknownBlob: its bytes are not kept.
            LogDamaged: its bytes are not those that were installed.
        """
        skill = self._application.skill(normalize_identifier(skill_id, "skill")).state
        return self._artifacts.open(_enabled(skill, version).facts.artifact)


def _enabled(skill: Skill, version: str | None) -> Release:
    release = skill.enabled if version is None else skill.release(version)
    if release is None:
        raise SkillNotEnabled(f"{skill.skill_id} has no enabled release.", skill_id=skill.skill_id)
    if release.state is not ReleaseState.ENABLED:
        raise SkillNotEnabled(
            f"{skill.skill_id} {release.version} is {release.state}.",
            skill_id=skill.skill_id,
            version=release.version,
            state=str(release.state),
        )
    return release
