"""What a replay has come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from palyra_runtime.replay.finding import Finding
from palyra_runtime.replay.material import NotComparable
from palyra_runtime.replay.recorded import RunKind
from palyra_runtime.replay.rerun import Replayed

#: findings, and runs that could not be compared, that one report names; it counts all of them
NAMED_MAX = 1_000


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A run, or a step of the engine, that could not be compared, and why."""

    position: int
    subject: str
    cause: NotComparable


@dataclass(slots=True)
class ReplayReport:
    """A stretch of the log, from ``first`` to ``last``, and in what a replay of it differs.

    ``replayed`` counts the runs that were compared, by their kind, and ``causes`` those that were not, by
    why, together with the steps of the engine that the log does not hold enough for. ``deliveries`` and
    ``decisions`` were held against what the log implies; ``pending`` deliveries are those that no scheduler
    has come to yet. ``follow_ups`` are the events by which deliveries went on, and those that the engine
    appends of its own accord. ``findings`` and ``not_compared`` name the first thousand.
    """

    first: int
    last: int
    replayed: Counter[RunKind] = field(default_factory=Counter)
    causes: Counter[NotComparable] = field(default_factory=Counter)
    not_compared: list[NotCompared] = field(default_factory=list)
    deliveries: int = 0
    pending: int = 0
    decisions: int = 0
    follow_ups: int = 0
    findings_count: int = 0
    findings: list[Finding] = field(default_factory=list)
    duration_us: int = 0
    _places: dict[tuple[int, str], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_faithful(self) -> bool:
        """Whether nothing differs."""
        return not self.findings_count

    @property
    def runs_per_s(self) -> int:
        """How many runs were replayed in a second."""
        return round(self.replayed.total() * 1_000_000 / self.duration_us) if self.duration_us else 0

    def find(self, findings: Iterable[Finding]) -> None:
        """Take findings in; what is found of the same thing at the same position is one."""
        for finding in findings:
            key = (finding.position, finding.subject)
            if (place := self._places.get(key)) is not None:
                known = self.findings[place].differences
                self.findings[place] = replace(finding, differences=(*known, *finding.differences))
                continue
            self.findings_count += 1
            if len(self.findings) < NAMED_MAX:
                self._places[key] = len(self.findings)
                self.findings.append(finding)

    def finish(self, duration_us: int) -> None:
        """Put the findings in order; nothing more is taken in."""
        self._places.clear()
        self.findings.sort(key=lambda each: each.position)
        self.duration_us = duration_us

    def leave(self, not_compared: NotCompared) -> None:
        """Take in what cannot be compared."""
        self.causes[not_compared.cause] += 1
        if len(self.not_compared) < NAMED_MAX:
            self.not_compared.append(not_compared)

    def take(self, replayed: Replayed) -> None:
        """Take in what came of a run."""
        run = replayed.run
        if replayed.cause is None:
            self.replayed[run.kind] += 1
        else:
            self.leave(NotCompared(run.position, run.subject, replayed.cause))
        if replayed.input_cause is not None:
            self.leave(NotCompared(run.position, f"input of {run.subject}", replayed.input_cause))
        if replayed.differences:
            self.find([Finding(run.position, run.subject, replayed.differences)])
