"""Quarantines for faults replayed: the engine stops a release of its own accord where runs had to be ended.

How many faults are too many is the operator's policy, which no event tells. So a quarantine is held
against the number of faults that it names as its evidence, and where the policy of today has another
number, that is said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from palyra_events import release as releases
from palyra_events.commands.skill import SKILL
from palyra_events.errors import PalyraError
from palyra_events.event import Event, Stamp
from palyra_events.fault import RUNS_PER_FAULT, Fault, is_fault, reason_for, too_many
from palyra_events.identifiers import stream_id
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.schedule import SCHEDULER
from palyra_events.skill import EVIDENCE_MAX, SkillEnabled, SkillQuarantined
from palyra_events.store import EventLog
from palyra_runtime.replay.finding import Aspect, Difference, Finding, not_implied
from palyra_runtime.replay.material import NotComparable
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.report import NotCompared

#: faults of a release that are remembered: more than any evidence names
_FAULTS_MAX = EVIDENCE_MAX * RUNS_PER_FAULT


@dataclass(frozen=True, slots=True)
class _Occasion:
    """A fault, and what its event says of when and in what connection."""

    fault: Fault
    timestamp: datetime
    correlation_id: str


@dataclass(slots=True)
class _Tally:
    """The runs of a release, and its faults since it was last enabled."""

    runs: int = 0
    faults: deque[_Occasion] = field(default_factory=lambda: deque(maxlen=_FAULTS_MAX))


class QuarantineCheck:
    """Follows the runs of each release, from the first event of the log on.

    ``past`` has come to each event that is looked at; ``faults_max`` is what the policy says today.
    ``checked`` counts the quarantines that were held against the log.
    """

    def __init__(self, past: Past, faults_max: int, registry: Registry = REGISTRY) -> None:
        self._past = past
        self._faults_max = faults_max
        self._registry = registry
        self._tallies: dict[tuple[str, str], _Tally] = {}
        self._due: dict[str, NotCompared] = {}
        self.not_compared: list[NotCompared] = []
        self.checked = 0

    def count(self, position: int, event: Any) -> None:
        """Count the run that an event records, if it records one."""
        run = event.invocation
        if run is None:
            return
        tally = self._tallies.setdefault((run.skill_id, run.skill_version), _Tally())
        tally.runs += 1
        if not is_fault(run):
            return
        fault = Fault(position, tally.runs, run.outcome)
        tally.faults.append(_Occasion(fault, event.timestamp, event.correlation_id))
        enabled = self._past.skill(run.skill_id, position).enabled
        is_too_many = too_many([each.fault for each in tally.faults], self._faults_max)
        if is_too_many and enabled is not None and enabled.version == run.skill_version:
            subject = f"quarantine of {run.skill_id} {run.skill_version}"
            cause = NotComparable.POLICY_NOT_RECORDED
            self._due.setdefault(run.skill_id, NotCompared(position, subject, cause))

    def look_at(self, row: RecordedEvent) -> Iterator[Finding]:
        """Take in an event of a skill; yield what is wrong with a quarantine of the engine's own."""
        event: Any = self._registry.decode(row.topic, row.state)
        self._due.pop(event.skill_id, None)
        if isinstance(event, SkillEnabled):
            self._tallies.setdefault((event.skill_id, event.version), _Tally()).faults.clear()
        if isinstance(event, SkillQuarantined) and event.actor == SCHEDULER:
            self.checked += 1
            if found := list(self._check(row.position, event)):
                subject = f"quarantine of {event.skill_id} {event.version}"
                yield Finding(row.position, subject, tuple(found))

    def finish(self, log: EventLog, scheduled_to: int, last: int) -> None:
        """Note the quarantines that would be there by the policy of today; a later decision excuses one."""
        for skill_id, due in self._due.items():
            after = log.read_stream(stream_id(SKILL.kind, skill_id))
            if due.position <= scheduled_to and not any(row.position > last for row in after):
                self.not_compared.append(due)

    def _check(self, position: int, event: SkillQuarantined) -> Iterator[Difference]:
        known = self._tallies.get((event.skill_id, event.version), _Tally()).faults
        newest = event.evidence[-1] if event.evidence else 0
        occasions = [each for each in known if each.fault.position <= newest]
        if not occasions or occasions[-1].fault.position != newest:
            yield Difference(
                Aspect.COURSE, f"Position {newest} is no fault of this release since it was enabled."
            )
            return
        yield from self._undecided(position, event, newest)
        faults = [each.fault for each in occasions]
        numbers = [number for number in range(1, len(faults) + 1) if _names(event, faults, number)]
        if not numbers:
            yield Difference(
                Aspect.COURSE, "The evidence is not that of any number of faults in ten times the runs."
            )
            return
        # Faults come one by one: where a smaller number fits too, it would have been too many before.
        if self._faults_max != numbers[-1]:
            subject = f"number of faults that quarantined {event.skill_id} {event.version}"
            self.not_compared.append(NotCompared(position, subject, NotComparable.POLICY_NOT_RECORDED))
        yield from self._unlike(position, event, occasions[-1], too_many(faults, numbers[-1]))

    def _undecided(self, position: int, event: SkillQuarantined, newest: int) -> Iterator[Difference]:
        """Compare what was enabled at the newest fault with what was until now: both have to be the same."""
        then, now = (self._past.skill(event.skill_id, each).enabled for each in (newest, position - 1))
        if then != now:
            yield Difference(Aspect.COURSE, f"Somebody had decided on the skill since position {newest}.")

    def _unlike(
        self, position: int, event: SkillQuarantined, occasion: _Occasion, evidence: Sequence[Fault]
    ) -> Iterator[Difference]:
        cause = f"position:{occasion.fault.position}"
        stamp = Stamp(occasion.timestamp, SCHEDULER, occasion.correlation_id, cause)
        skill = self._past.skill(event.skill_id, position - 1)
        try:
            implied: Event = releases.quarantine_skill(
                skill,
                event.version,
                stamp,
                reasons=[reason_for(evidence)],
                evidence=[fault.position for fault in evidence],
            )[0]
        except PalyraError as error:
            yield Difference(Aspect.COURSE, error.message)
            return
        for name in type(event).model_fields:
            recorded = getattr(event, name)
            if difference := not_implied(Aspect.COURSE, name, recorded, getattr(implied, name)):
                yield difference


def _names(event: SkillQuarantined, faults: Sequence[Fault], number: int) -> bool:
    """Say whether a policy of so many faults gives this evidence."""
    evidence = tuple(fault.position for fault in too_many(faults, number))
    return evidence[-EVIDENCE_MAX:] == event.evidence
