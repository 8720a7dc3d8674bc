"""What may become of the releases of a skill: the rules, over the state that `palyra_events.skill` folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palyra_events.blob import BlobRef
from palyra_events.errors import (
    AlreadyExists,
    IllegalTransition,
    ReasonRequired,
    ReleaseNotNewer,
    SkillOfAnotherPublisher,
    VersionReused,
)
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import version_key
from palyra_events.skill import (
    EVIDENCE_MAX,
    REASON_LENGTH_MAX,
    REASONS_MAX,
    Release,
    ReleaseFacts,
    ReleaseState,
    Skill,
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
)


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What an audit found: the input of a rule, made outside."""

    passed: bool
    failures: tuple[str, ...]
    report: BlobRef


def install_skill(  # noqa: PLR0913 - the facts of one step
    skill: Skill,
    version: str,
    facts: ReleaseFacts,
    verdict: AuditVerdict,
    stamp: Stamp,
    *,
    takes_over: bool = False,
) -> list[Event]:
    """Install a release; one that fails its audit is quarantined in the same breath.

    ``takes_over`` is the operator's word that the skill is this publisher's from now on.

    Raises:
        SkillOfAnotherPublisher: it belongs to another one. Two that install a first release at once
            both see a skill that is nobody's, so the rule is here too.
        AlreadyExists: this version is installed; a release never changes.
        VersionReused: this version was installed before, and was something else.
    """
    if skill.owner not in {None, facts.publisher} and not takes_over:
        raise SkillOfAnotherPublisher(
            f"{skill.skill_id} belongs to {skill.owner}, and this release is {facts.publisher}'s.",
            skill_id=skill.skill_id,
            owner=skill.owner,
            publisher=facts.publisher,
        )
    _check_free(skill, version, facts)
    release = Release(version, ReleaseState.INSTALLED, facts)
    installed = stamp.on(SkillInstalled, skill_id=skill.skill_id, version=version, release=facts)
    return [installed, *_audited(skill, release, verdict, stamp)]


def update_skill(
    skill: Skill, version: str, facts: ReleaseFacts, verdict: AuditVerdict, stamp: Stamp
) -> list[Event]:
    """Install a newer release and enable it in the same breath; one that fails its audit is quarantined.

    Raises:
        UnknownSkill: nothing of this skill is installed.
        ReleaseNotNewer: it is not newer than the release that is enabled, or else the newest one.
        SkillOfAnotherPublisher, AlreadyExists, VersionReused: as of `install_skill`.
    """
    check_newer(skill, version)
    installed = install_skill(skill, version, facts, verdict, stamp)
    if not verdict.passed:
        return installed
    release = Release(version, ReleaseState.INSTALLED, facts)
    return [*installed, *_superseded(skill, stamp), _enabled(skill, release, stamp, override=False)]


def check_newer(skill: Skill, version: str) -> None:
    """Check that a release would be an update: newer than the one that is enabled, or else the newest one.

    Raises:
        UnknownSkill: nothing of this skill is installed.
        ReleaseNotNewer: it is not.
    """
    present = skill.enabled or skill.newest
    if version_key(version) <= version_key(present.version):
        raise ReleaseNotNewer(
            f"{skill.skill_id} {version} is not newer than {present.version}, which is {present.state}.",
            skill_id=skill.skill_id,
            version=version,
        )


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


def roll_back_skill(skill: Skill, version: str, verdict: AuditVerdict, stamp: Stamp) -> list[Event]:
    """Enable an older release again, if its fresh audit passes; why it is, must be said.

    Raises:
        UnknownSkill, UnknownRelease: it is not installed.
        NothingToRollBack: it is not older than what was enabled last, or was never enabled.
        ReasonRequired: nobody said why.
    """
    release = skill.predecessor(version)
    if stamp.reason is None:
        raise ReasonRequired("To go back to an older release, say why.", skill_id=skill.skill_id)
    return enable_skill(skill, release.version, verdict, stamp, override=False)


def recheck_skill(
    skill: Skill, version: str, verdict: AuditVerdict | None, problems: Sequence[str], stamp: Stamp
) -> list[Event]:
    """Record a fresh audit of an enabled release; where it is not passed, the release is quarantined.

    ``problems`` say why. ``verdict`` is None where it could not be audited at all.

    Raises:
        UnknownSkill, UnknownRelease: it is not installed.
        IllegalTransition: it is not enabled.
    """
    release = skill.release(version)
    if release.state is not ReleaseState.ENABLED:
        raise _illegal(release, skill, "audited as one that may run")
    audited = [] if verdict is None else [_audit_event(skill, release, verdict, stamp)]
    if verdict is not None and verdict.passed and not problems:
        return [*audited]
    return [*audited, *quarantine_skill(skill, version, stamp, reasons=problems)]


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
            evidence=tuple(evidence)[-EVIDENCE_MAX:],
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


def remove_skill(skill: Skill, version: str, stamp: Stamp, *, erased: bool) -> list[Event]:
    """Take a release away, whatever it is; one that is enabled is disabled first, which hooks see.

    Raises:
        UnknownSkill: nothing of this skill is installed.
        UnknownRelease: this version is not.
    """
    release, facts = skill.release(version), {"skill_id": skill.skill_id, "version": version}
    removed = stamp.on(SkillRemoved, **facts, erased=erased)
    if release.state is not ReleaseState.ENABLED:
        return [removed]
    return [stamp.on(SkillDisabled, **facts, cause="removed"), removed]


def bounded_reasons(reasons: Sequence[str]) -> tuple[str, ...]:
    """Return reasons that fit into an event; what is cut can be read in the audit report."""
    return tuple(_shortened(reason) for reason in reasons if reason.strip())[:REASONS_MAX]


def _shortened(reason: str) -> str:
    text = reason.encode(errors="replace").decode()
    return text if len(text) <= REASON_LENGTH_MAX else text[: REASON_LENGTH_MAX - 1] + "…"


def _check_free(skill: Skill, version: str, facts: ReleaseFacts) -> None:
    before = skill.releases.get(version)
    if before is None:
        return
    details = {"skill_id": skill.skill_id, "version": version}
    if before.state is not ReleaseState.REMOVED:
        raise AlreadyExists(f"{skill.skill_id} {version} is already installed.", **details)
    if before.facts.payload_sha256 != facts.payload_sha256:
        raise VersionReused(f"{skill.skill_id} {version} was removed, and was something else.", **details)


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
