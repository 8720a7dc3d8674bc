"""A skill and its releases: what was installed, audited, enabled, quarantined, and the rules.

installed ──> enabled <──> disabled        at most one release of a skill is enabled
    │  │         │             │
    │  └─────────┼──> disabled │           quarantined ──> enabled: only after a fresh passing
    └──────> quarantined <─────┘                audit, or with an override and a reason
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from palyra_events.blob import BlobRef, HexDigest
from palyra_events.errors import (
    AlreadyExists,
    IllegalTransition,
    LogDamaged,
    ReasonRequired,
    UnknownRelease,
    UnknownSkill,
)
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Identifier, Version, version_key

#: reasons that an event names; the audit report, kept as a blob, has them all. A hostile artifact
#: can make each character six bytes of JSON, and the quarantine must still fit into an event.
REASONS_MAX = 16
#: characters of one reason
REASON_LENGTH_MAX = 512

Reason = Annotated[str, StringConstraints(min_length=1, max_length=REASON_LENGTH_MAX)]
Reasons = Annotated[tuple[Reason, ...], Field(max_length=REASONS_MAX)]


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
    """A release may not run until somebody has looked at it."""

    skill_id: Identifier
    version: Version
    reasons: Reasons = ()
    evidence: tuple[int, ...] = ()


class SkillDisabled(Event):
    """A release was switched off, by a person or because another one took its place."""

    skill_id: Identifier
    version: Version
    cause: Literal["operator", "superseded"] = "operator"


class ReleaseState(StrEnum):
    """Where a release stands."""

    INSTALLED = "installed"
    ENABLED = "enabled"
    QUARANTINED = "quarantined"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a skill."""

    version: str
    state: ReleaseState
    facts: ReleaseFacts


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill as its events tell it."""

    skill_id: str
    releases: Mapping[str, Release] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def enabled(self) -> Release | None:
        """The release that may run, if there is one."""
        return next((r for r in self.releases.values() if r.state is ReleaseState.ENABLED), None)

    @property
    def newest(self) -> Release:
        """The release of the highest version; 1.10.0 is higher than 1.9.0.

        Raises:
            UnknownSkill: nothing of this skill is installed.
        """
        return self.release(max(self.releases, key=version_key, default=""))

    def release(self, version: str) -> Release:
        """Return the release of this version.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: other versions are.
        """
        if not self.releases:
            raise UnknownSkill(f"Skill {self.skill_id} is not installed.", skill_id=self.skill_id)
        if version not in self.releases:
            raise UnknownRelease(
                f"Skill {self.skill_id} has no release {version}; it has {', '.join(self.releases)}.",
                skill_id=self.skill_id,
                version=version,
            )
        return self.releases[version]


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What an audit found: the input of a rule, made outside."""

    passed: bool
    failures: tuple[str, ...]
    report: BlobRef


#: the state that each event leaves its release in
_STATE_AFTER: Mapping[type[Event], ReleaseState] = MappingProxyType(
    {
        SkillEnabled: ReleaseState.ENABLED,
        SkillQuarantined: ReleaseState.QUARANTINED,
        SkillDisabled: ReleaseState.DISABLED,
    }
)


def evolve(skill: Skill, event: Event) -> Skill:
    """Return the skill after ``event``.

    Raises:
        LogDamaged: the event speaks of a release that was never installed.
    """
    if isinstance(event, SkillInstalled):
        release = Release(event.version, ReleaseState.INSTALLED, event.release)
    elif isinstance(event, SkillEnabled | SkillQuarantined | SkillDisabled):
        if event.version not in skill.releases:
            raise LogDamaged(f"{skill.skill_id} {event.version} has events but was never installed.")
        release = replace(skill.releases[event.version], state=_STATE_AFTER[type(event)])
    else:
        return skill
    return replace(skill, releases=MappingProxyType({**skill.releases, release.version: release}))


def install_skill(
    skill: Skill, version: str, facts: ReleaseFacts, verdict: AuditVerdict, stamp: Stamp
) -> list[Event]:
    """Install a release; one that fails its audit is quarantined in the same breath.

    Raises:
        AlreadyExists: this version is installed; a release never changes.
    """
    if version in skill.releases:
        raise AlreadyExists(
            f"{skill.skill_id} {version} is already installed.", skill_id=skill.skill_id, version=version
        )
    release = Release(version, ReleaseState.INSTALLED, facts)
    installed = stamp.on(SkillInstalled, skill_id=skill.skill_id, version=version, release=facts)
    return [installed, *_audited(skill, release, verdict, stamp)]


def enable_skill(
    skill: Skill, version: str, verdict: AuditVerdict, stamp: Stamp, *, override: bool
) -> list[Event]:
    """Let a release run, if its fresh audit passes or somebody overrides it and says why.

    The audit is part of the result even where the release is not enabled: then there is no
    `SkillEnabled` in it, and a release that was not in quarantine is now.

    Raises:
        UnknownSkill: nothing of this skill is installed.
        UnknownRelease: this version is not.
        IllegalTransition: it is enabled already.
        ReasonRequired: an override without a reason.
    """
    release = skill.release(version)
    if release.state is ReleaseState.ENABLED:
        raise _illegal(release, skill, "enabled")
    if override and stamp.reason is None:
        raise ReasonRequired("To enable a release against its audit, say why.", skill_id=skill.skill_id)
    if not verdict.passed and not override:
        return _audited(skill, release, verdict, stamp)
    audited = _audit_event(skill, release, verdict, stamp)
    return [audited, *_superseded(skill, stamp), _enabled(skill, release, stamp, override=override)]


def quarantine_skill(
    skill: Skill, version: str, stamp: Stamp, *, reasons: Sequence[str] = (), evidence: Sequence[int] = ()
) -> list[Event]:
    """Stop a release until somebody has looked at it. What already runs is not undone.

    Raises:
        UnknownSkill: nothing of this skill is installed.
        UnknownRelease: this version is not.
        IllegalTransition: it is in quarantine already.
    """
    release = skill.release(version)
    if release.state is ReleaseState.QUARANTINED:
        raise _illegal(release, skill, "quarantined")
    return [
        stamp.on(
            SkillQuarantined,
            skill_id=skill.skill_id,
            version=version,
            reasons=bounded_reasons(reasons),
            evidence=tuple(evidence),
        )
    ]


def disable_skill(skill: Skill, version: str, stamp: Stamp) -> list[Event]:
    """Switch a release off.

    Raises:
        UnknownSkill: nothing of this skill is installed.
        UnknownRelease: this version is not.
        IllegalTransition: it is disabled already, or in quarantine, which says more.
    """
    release = skill.release(version)
    if release.state not in {ReleaseState.INSTALLED, ReleaseState.ENABLED}:
        raise _illegal(release, skill, "disabled")
    return [stamp.on(SkillDisabled, skill_id=skill.skill_id, version=version)]


def bounded_reasons(reasons: Sequence[str]) -> tuple[str, ...]:
    """Return reasons that fit into an event; what is cut can be read in the audit report."""
    return tuple(_shortened(reason) for reason in reasons if reason.strip())[:REASONS_MAX]


def _shortened(reason: str) -> str:
    text = reason.encode(errors="replace").decode()
    return text if len(text) <= REASON_LENGTH_MAX else text[: REASON_LENGTH_MAX - 1] + "…"


def _audit_event(skill: Skill, release: Release, verdict: AuditVerdict, stamp: Stamp) -> SkillAudited:
    return stamp.on(
        SkillAudited,
        skill_id=skill.skill_id,
        version=release.version,
        payload_sha256=release.facts.payload_sha256,
        passed=verdict.passed,
        failures=bounded_reasons(verdict.failures),
        report=verdict.report,
    )


def _audited(skill: Skill, release: Release, verdict: AuditVerdict, stamp: Stamp) -> list[Event]:
    audited = _audit_event(skill, release, verdict, stamp)
    if verdict.passed or release.state is ReleaseState.QUARANTINED:
        return [audited]
    quarantined = stamp.on(
        SkillQuarantined, skill_id=skill.skill_id, version=release.version, reasons=audited.failures
    )
    return [audited, quarantined]


def _superseded(skill: Skill, stamp: Stamp) -> list[Event]:
    old = skill.enabled
    if old is None:
        return []
    return [stamp.on(SkillDisabled, skill_id=skill.skill_id, version=old.version, cause="superseded")]


def _enabled(skill: Skill, release: Release, stamp: Stamp, *, override: bool) -> SkillEnabled:
    return stamp.on(
        SkillEnabled,
        skill_id=skill.skill_id,
        version=release.version,
        artifact=release.facts.artifact,
        override=override,
    )


def _illegal(release: Release, skill: Skill, wanted: str) -> IllegalTransition:
    return IllegalTransition(
        f"{skill.skill_id} {release.version} is {release.state}, so it cannot be {wanted}.",
        skill_id=skill.skill_id,
        version=release.version,
        state=str(release.state),
    )
