"""Replays as programs read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from palyra_runtime.replay import Finding, NotComparable, NotCompared, ReplayReport, RunKind


@dataclass(frozen=True, slots=True)
class ReplayRecord:
    """What a replay has come to; see `palyra_runtime.replay.ReplayReport`."""

    is_faithful: bool
    first: int
    last: int
    replayed: Mapping[RunKind, int]
    not_compared: Mapping[NotComparable, int]
    deliveries: int
    pending: int
    decisions: int
    follow_ups: int
    runs_per_s: int
    duration_us: int
    findings_count: int
    findings: tuple[Finding, ...]
    not_compared_runs: tuple[NotCompared, ...]

    @classmethod
    def of(cls, report: ReplayReport) -> Self:
        """Return for programs what a replay has come to."""
        return cls(
            is_faithful=report.is_faithful,
            first=report.first,
            last=report.last,
            replayed=report.replayed,
            not_compared=report.causes,
            deliveries=report.deliveries,
            pending=report.pending,
            decisions=report.decisions,
            follow_ups=report.follow_ups,
            runs_per_s=report.runs_per_s,
            duration_us=report.duration_us,
            findings_count=report.findings_count,
            findings=tuple(report.findings),
            not_compared_runs=tuple(report.not_compared),
        )

    @property
    def report(self) -> ReplayReport:
        """The report itself."""
        return ReplayReport(
            first=self.first,
            last=self.last,
            replayed=Counter(self.replayed),
            causes=Counter(self.not_compared),
            not_compared=list(self.not_compared_runs),
            deliveries=self.deliveries,
            pending=self.pending,
            decisions=self.decisions,
            follow_ups=self.follow_ups,
            findings_count=self.findings_count,
            findings=list(self.findings),
            duration_us=self.duration_us,
        )
