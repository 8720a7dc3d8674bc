"""A skill and its releases: what was installed, audited, enabled, quarantined, and the rules.

installed ──> enabled <──> disabled        at most one release of a skill is enabled
    │  │         │             │
    │  └─────────┼──> disabled │           quarantined ──> enabled: only after a fresh passing
    └──────> quarantined <─────┘                audit, or with an override and a reason

Any of them can be removed. A version is never used for two things: what was removed can be installed
again, and nothing else under its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from palyra_events.blob import BlobRef, HexDigest
from palyra_events.errors import (
    LogDamaged,
    NothingToRollBack,
    UnknownRelease,
    UnknownSkill,
)
from palyra_events.event import Event
from palyra_events.identifiers import Identifier, Version, version_key

#: reasons that an event names; the audit report, kept as a blob, has them all. A hostile artifact
#: can make each character six bytes of JSON, and the quarantine must still fit into an event.
REASONS_MAX = 16
#: characters of one reason
REASON_LENGTH_MAX = 512
#: positions that the evidence of a quarantine names, the newest ones
EVIDENCE_MAX = 256

Reason = Annotated[str, StringConstraints(min_length=1, max_length=REASON_LENGTH_MAX)]
Reasons = Annotated[tuple[Reason, ...], Field(max_length=REASONS_MAX)]
Evidence = Annotated[tuple[int, ...], Field(max_length=EVIDENCE_MAX)]


class ModuleFact(BaseModel):
    """One WASM module of a release: where it is in the artifact, and what it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    sha256: HexDigest
    size: int


class ReleaseFacts(BaseModel):
    """What was found in an artifact that was opened and verified."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    publisher: str
    artifact: BlobRef
    payload_sha256: HexDigest
    key_id: str
    trust_decision: str
    modules: tuple[ModuleFact, ...]


class SkillInstalled(Event):
    """A release's artifact was verified and kept."""

    skill_id: Identifier
    version: Version
    release: ReleaseFacts


class SkillAudited(Event):
    """A release was checked against the security policy."""

    skill_id: Identifier
    version: Version
    payload_sha256: HexDigest
    passed: bool
    failures: Reasons = ()
    report: BlobRef


class SkillEnabled(Event):
    """A release may run from now on."""

    skill_id: Identifier
    version: Version
    artifact: BlobRef
    override: bool = False


class SkillQuarantined(Event):
    """A release may not run until somebody has looked at it; ``evidence`` are positions in the log."""

    skill_id: Identifier
    version: Version
    reasons: Reasons = ()
    evidence: Evidence = ()


class SkillDisabled(Event):
    """A release was switched off: by a person, because another took its place, or to be removed."""

    skill_id: Identifier
    version: Version
    cause: Literal["operator", "superseded", "removed"] = "operator"


class SkillRemoved(Event):
    """A release is not installed any more; where it was ``erased``, its artifact is not kept either."""

    skill_id: Identifier
    version: Version
    erased: bool = False


class ReleaseState(StrEnum):
    """Where a release stands."""

    INSTALLED = "installed"
    ENABLED = "enabled"
    QUARANTINED = "quarantined"
    DISABLED = "disabled"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a skill.

    ``enablement`` counts the skill's enablements up to this release's last one, so that a higher one
    is later, and one that was enabled again is not taken for what it was before; 0 for never.
    """

    version: str
    state: ReleaseState
    facts: ReleaseFacts
    enablement: int = 0

    def precedes(self, other: Release) -> bool:
        """Return whether this is an older release than the other, by number, that was enabled before."""
        return self.enablement > 0 and version_key(self.version) < version_key(other.version)


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill as its events tell it; ``releases`` has the removed ones too."""

    skill_id: str
    releases: Mapping[str, Release] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def installed(self) -> Mapping[str, Release]:
        """The releases that are there, by version."""
        removed = ReleaseState.REMOVED
        return {v: release for v, release in self.releases.items() if release.state is not removed}

    @property
    def enabled(self) -> Release | None:
        """The release that may run, if there is one."""
        return next((r for r in self.releases.values() if r.state is ReleaseState.ENABLED), None)

    @property
    def owner(self) -> str | None:
        """The publisher that the skill belongs to: the one of the release that was installed last."""
        *_, last = (None, *self.releases.values())
        return None if last is None else last.facts.publisher

    @property
    def newest(self) -> Release:
        """The release of the highest version; 1.10.0 is higher than 1.9.0.

        Raises:
            UnknownSkill: nothing of this skill is installed.
        """
        return self.release(max(self.installed, key=version_key, default=""))

    @property
    def enabled_last(self) -> Release | None:
        """The release that is enabled, or was last, wherever it stands now; None if none ever was."""
        last = max(self.releases.values(), key=lambda release: release.enablement, default=None)
        return last if last is not None and last.enablement else None

    def release(self, version: str) -> Release:
        """Return the installed release of this version.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: other versions are.
        """
        installed = self.installed
        if not installed:
            raise UnknownSkill(f"Skill {self.skill_id} is not installed.", skill_id=self.skill_id)
        if version not in installed:
            raise UnknownRelease(
                f"Skill {self.skill_id} has no release {version}; it has {', '.join(installed)}.",
                skill_id=self.skill_id,
                version=version,
            )
        return installed[version]

    def predecessor(self, version: str | None = None) -> Release:
        """Return what a rollback leads to: an older release that was enabled before.

        Without a ``version``, the one of them that was enabled last and is not in quarantine. Older is
        meant by number, so that a second rollback goes further back, and not forth again.

        Raises:
            UnknownSkill, UnknownRelease: it is not installed.
            NothingToRollBack: there is no such release, or the one named is none.
        """
        chosen = self.installed.values() if version is None else [self.release(version)]
        last = self.enabled_last
        older = [release for release in chosen if last is not None and release.precedes(last)]
        if version is None:
            older = [release for release in older if release.state is not ReleaseState.QUARANTINED]
        if not older:
            what = f"{self.skill_id} has no" if version is None else f"{self.skill_id} {version} is no"
            raise NothingToRollBack(
                f"{what} older release that was enabled before.", skill_id=self.skill_id, version=version
            )
        return max(older, key=lambda release: release.enablement)


#: the state that each event leaves its release in
_STATE_AFTER: Mapping[type[Event], ReleaseState] = MappingProxyType(
    {
        SkillEnabled: ReleaseState.ENABLED,
        SkillQuarantined: ReleaseState.QUARANTINED,
        SkillDisabled: ReleaseState.DISABLED,
        SkillRemoved: ReleaseState.REMOVED,
    }
)


def evolve(skill: Skill, event: Event) -> Skill:
    """Return the skill after ``event``.

    Raises:
        LogDamaged: the event speaks of a release that was never installed.
    """
    if isinstance(event, SkillInstalled):
        before = skill.releases.get(event.version)
        enablement = 0 if before is None else before.enablement
        release = Release(event.version, ReleaseState.INSTALLED, event.release, enablement)
    elif isinstance(event, SkillEnabled | SkillQuarantined | SkillDisabled | SkillRemoved):
        if event.version not in skill.releases:
            raise LogDamaged(f"{skill.skill_id} {event.version} has events but was never installed.")
        release = _moved(skill, event)
    else:
        return skill
    return replace(skill, releases=MappingProxyType({**skill.releases, release.version: release}))


def _moved(skill: Skill, event: SkillEnabled | SkillQuarantined | SkillDisabled | SkillRemoved) -> Release:
    release = replace(skill.releases[event.version], state=_STATE_AFTER[type(event)])
    if not isinstance(event, SkillEnabled):
        return release
    last = skill.enabled_last
    return replace(release, enablement=1 if last is None else last.enablement + 1)
