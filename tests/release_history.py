"""What must be true of releases in a log, and of the bytes beside it, whatever happened to its writers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from palyra_events import skill as skills
from palyra_events.application import SCHEDULER_CONSUMER
from palyra_events.blob import BlobRef
from palyra_events.errors import UnknownBlob
from palyra_events.event import Event
from palyra_events.fault import FAULTS_MAX_DEFAULT, Fault, is_fault, run_of, too_many
from palyra_events.registry import REGISTRY
from palyra_events.schedule import SCHEDULER
from palyra_events.skill import (
    ReleaseState,
    Skill,
    SkillAudited,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
)
from palyra_events.store import EventLog
from palyra_runtime.skills import open_artifact


def check_releases(log: EventLog, faults_max: int = FAULTS_MAX_DEFAULT) -> dict[str, Skill]:
    """Check that log and kept artifacts agree, and that each quarantine for faults is what the rule says."""
    lines = [(row.position, REGISTRY.decode(row.topic, row.state)) for row in log.read(0, 10_000_000)]
    folded = _folded(lines)
    for skill in folded.values():
        for release in skill.releases.values():
            _check_artifact(
                log, release.facts.artifact, is_kept=not _is_erased(lines, skill, release.version)
            )
    for _, event in lines:
        if isinstance(event, SkillAudited):
            event.report.check(log.blob(event.report.digest))
    _check_quarantines(lines, log.position(SCHEDULER_CONSUMER), faults_max)
    return folded


def _folded(lines: Sequence[tuple[int, Event]]) -> dict[str, Skill]:
    folded: dict[str, Skill] = {}
    for _, event in lines:
        skill_id = getattr(event, "skill_id", None)
        if skill_id is not None and type(event).__name__.startswith("Skill"):
            folded[skill_id] = skills.evolve(folded.get(skill_id, Skill(skill_id)), event)
            enabled = [r for r in folded[skill_id].releases.values() if r.state is ReleaseState.ENABLED]
            assert len(enabled) <= 1
    return folded


def _is_erased(lines: Sequence[tuple[int, Event]], skill: Skill, version: str) -> bool:
    told = [
        event
        for _, event in lines
        if isinstance(event, SkillInstalled | SkillRemoved)
        and (event.skill_id, event.version) == (skill.skill_id, version)
    ]
    return isinstance(told[-1], SkillRemoved) and told[-1].erased


def _check_artifact(log: EventLog, artifact: BlobRef, *, is_kept: bool) -> None:
    if is_kept:
        open_artifact(artifact.check(log.blob(artifact.digest)))
    else:
        with pytest.raises(UnknownBlob):
            log.blob(artifact.digest)


@dataclass(slots=True)
class _Period:
    """A release from one enabling to the next; ``until`` is where it stopped being enabled."""

    since: int
    runs: int = 0
    faults: list[Fault] = field(default_factory=list)
    until: int | None = None


def _check_quarantines(lines: Sequence[tuple[int, Event]], scheduled_until: int, faults_max: int) -> None:
    """The scheduler quarantined where, and only where, the rule says so and nobody had decided before."""
    recorded = {
        int(event.causation_id.removeprefix("position:")): (position, event)
        for position, event in lines
        if isinstance(event, SkillQuarantined) and event.actor == SCHEDULER
    }
    due = {fault.position: (period, evidence) for period, fault, evidence in _due(lines, faults_max)}
    for cause, (position, event) in recorded.items():
        period, evidence = due[cause]
        assert event.evidence == tuple(fault.position for fault in evidence)[-skills.EVIDENCE_MAX :]
        assert period.until == position
    for cause, (period, _) in due.items():
        if cause <= scheduled_until and cause not in recorded:
            assert period.until is not None


def _due(
    lines: Sequence[tuple[int, Event]], faults_max: int
) -> Iterator[tuple[_Period, Fault, Sequence[Fault]]]:
    """Yield each fault that was one too many while its release was enabled."""
    periods: dict[tuple[str, str], _Period] = {}
    found = []
    for position, event in lines:
        run = run_of(event)
        if run is not None:
            period = periods.setdefault((run.skill_id, run.skill_version), _Period(0, until=0))
            period.runs += 1
            if is_fault(run):
                fault = Fault(position, period.runs, run.outcome)
                period.faults.append(fault)
                evidence = too_many(period.faults, faults_max)
                if evidence and period.until is None:
                    found.append((period, fault, evidence))
        elif isinstance(event, SkillEnabled):
            before = periods.get((event.skill_id, event.version))
            periods[event.skill_id, event.version] = _Period(position, before.runs if before else 0)
        elif hasattr(event, "skill_id") and type(event).__name__ in _ENDS:
            period = periods.get((event.skill_id, event.version))
            if period is not None and period.until is None:
                period.until = position
    yield from found


_ENDS = frozenset({"SkillQuarantined", "SkillDisabled", "SkillRemoved"})
