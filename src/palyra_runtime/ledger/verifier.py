"""`audit verify`: reads the whole log again, and compares it with everything that was signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from palyra_events.errors import PalyraError
from palyra_events.ledger import Frontier
from palyra_events.ledger.damage import Damage, Finding, Suspects, judge
from palyra_events.store import EventLog
from palyra_events.store.evidence import POSITION_MIN
from palyra_runtime.ledger.kept import changed_blobs
from palyra_runtime.ledger.leaves import grown
from palyra_runtime.ledger.report import VerifyReport
from palyra_runtime.ledger.span import SPAN, Span, SpanReport
from palyra_runtime.ledger.streams import broken_streams
from palyra_runtime.ledger.trust import SignedCheckpoint

#: told the position that is reached, and the one to reach
Progress: TypeAlias = Callable[[int, int], None]
#: checks spans, here or in other processes, and returns what is in them, in order
Checking: TypeAlias = Callable[[Iterable[Span]], Iterator[SpanReport]]

#: findings of one report; whoever changed more has changed everything
_FINDINGS_MAX = 1_000
#: rows before the first position that are looked at
_STRAYS_MAX = 200


@dataclass(slots=True)
class _Course:
    """How far a verification has come. Without ``is_whole`` the tree ends where the first row is missing."""

    head: int = 0
    frontier: Frontier = field(default_factory=Frontier)
    is_whole: bool = True
    reached: int = 0
    events: int = 0
    erased: int = 0
    frontiers: dict[int, Frontier] = field(default_factory=dict)
    suspects: Suspects = field(default_factory=Suspects)
    findings: list[Finding] = field(default_factory=list)

    def take(self, report: SpanReport) -> None:
        """Take in a span, whose tree follows on this one's."""
        if self.is_whole:
            self.frontiers |= {
                size: self._joined(frontier, report) for size, frontier in report.frontiers.items()
            }
            self.frontier = self._joined(report.frontier, report)
        self.is_whole = self.is_whole and report.is_whole
        self.reached = report.span.last
        self.events += report.events
        self.erased += report.erased
        self.suspects.merge(report.suspects)
        self.findings += report.findings[: max(_FINDINGS_MAX - len(self.findings), 0)]

    def _joined(self, frontier: Frontier, report: SpanReport) -> Frontier:
        return self.frontier.joined(frontier) if report.span.edge is None else frontier


class Verifier:
    """Verifies one log against signed checkpoints; ``checking`` says where the work is done."""

    def __init__(self, log: EventLog, origin: str, checking: Checking) -> None:
        self._log = log
        self._origin = origin
        self._checking = checking

    def verify(
        self,
        checkpoints: Sequence[SignedCheckpoint],
        *,
        since: SignedCheckpoint | None = None,
        progress: Progress | None = None,
    ) -> VerifyReport:
        """Check the log from ``since`` on, or from its beginning, and return what is wrong.

        Up to ``since`` the leaf hashes are held against what was signed, and the rows are not read.
        Whatever the database does while it is read is a finding too.
        """
        signed = sorted(checkpoints, key=lambda each: each.checkpoint.size)
        course = _Course()
        with _damage_found(course):
            course.head = self._log.evidence.last_position()
            self._start(course, signed, since)
            self._check(course, signed, progress)
        return self._report(course, signed, since)

    def _start(
        self, course: _Course, signed: Iterable[SignedCheckpoint], since: SignedCheckpoint | None
    ) -> None:
        """Build the tree up to ``since``."""
        end = 0 if since is None else min(since.checkpoint.size, course.head)
        for size in sorted({*(each.checkpoint.size for each in signed), end}):
            if size <= end:
                course.frontier = grown(self._log.evidence, course.frontier, size)
                course.frontiers[size] = course.frontier
        course.reached = end

    def _check(self, course: _Course, signed: Iterable[SignedCheckpoint], progress: Progress | None) -> None:
        changed = changed_blobs(self._log)
        for row in self._log.evidence.rows(POSITION_MIN, 0, _STRAYS_MAX):
            course.suspects.add_row(row)
        for report in self._checking(self._spans(course, signed, changed)):
            course.take(report)
            if progress is not None:
                progress(course.reached, course.head)
        course.findings += broken_streams(self._log)
        if changed and not any(each.damage is Damage.BLOB_CHANGED for each in course.findings):
            text = f"Bytes that no event names were changed: {min(changed).hex()[:12]}."
            course.findings.append(Finding(Damage.BLOB_CHANGED, text))

    def _spans(
        self, course: _Course, signed: Iterable[SignedCheckpoint], changed: frozenset[bytes]
    ) -> Iterator[Span]:
        """Yield spans up to the head; positions that are far from any row are one long span."""
        place, head = course.frontier.size + 1, course.head
        edge = course.frontier if course.frontier.size % SPAN else None
        sizes = [each.checkpoint.size for each in signed]
        while place <= head:
            last = min(head, (place - 1) // SPAN * SPAN + SPAN)
            wanted = tuple(size for size in sizes if place <= size <= last)
            yield Span(place, last, wanted, changed, edge)
            place, edge = last + 1, None
            following = self._log.evidence.next_position(place) if place <= head else None
            if following is not None and following > place + SPAN:
                aligned = (following - 1) // SPAN * SPAN
                yield Span(place, aligned, (), changed)
                place = aligned + 1

    def _report(
        self, course: _Course, signed: Iterable[SignedCheckpoint], since: SignedCheckpoint | None
    ) -> VerifyReport:
        judged, count = judge(course.suspects), 0
        findings = [*judged, *course.findings]
        holding: SignedCheckpoint | None = None
        for each in signed:
            count += 1
            good = holding.checkpoint.size if holding else 0
            problem = self._problem(each, course, good, judged)
            if problem is not None:
                findings.append(problem)
            elif _holds(each, course):
                holding = each
        return VerifyReport(
            origin=self._origin,
            head=course.head,
            events=course.events,
            since=0 if since is None else since.checkpoint.size,
            checkpoints=count,
            signed=holding.checkpoint.size if holding else 0,
            signed_at=holding.signed_at if holding else None,
            root=course.frontier.root.hex() if course.is_whole else None,
            erased=course.erased,
            findings=in_order(findings),
        )

    def _problem(
        self, signed: SignedCheckpoint, course: _Course, good: int, judged: Iterable[Finding]
    ) -> Finding | None:
        """Return what a checkpoint says against the log; nothing where rows that are wrong explain it."""
        size = signed.checkpoint.size
        if size > course.head:
            return self._shortened(size, course.head)
        explained = any(each.position is not None and each.position <= size for each in judged)
        if explained or size not in course.frontiers or _holds(signed, course):
            return None
        text = (
            f"The events at positions {good + 1} to {size} are not all those that were signed, "
            "although each has the hash that fits it."
        )
        return Finding(Damage.REWRITTEN, text, good + 1, size)

    def _shortened(self, size: int, head: int) -> Finding:
        """Tell a log whose end was cut off from a database that was restored: the latter does not know."""
        remembered = 0
        try:
            kept = self._log.evidence.newest_checkpoint()
            positions = self._log.evidence.consumer_positions().values()
            remembered = max(0 if kept is None else kept.size, *positions, 0)
        except PalyraError as error:
            return Finding(Damage.UNREADABLE, error.message, head + 1, size)
        if remembered > head:
            text = f"The events at positions {head + 1} to {size} were removed from the end of the log."
            return Finding(Damage.TRUNCATED, text, head + 1, size)
        text = f"The database is an older one: it has {head} events, and {size} were signed."
        return Finding(Damage.ROLLED_BACK, text, head + 1, size)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by position, those without one at the end; not more than anybody reads."""
    ordered = sorted(findings, key=lambda each: (each.position is None, each.position or 0))
    return tuple(ordered[:_FINDINGS_MAX])


def _holds(signed: SignedCheckpoint, course: _Course) -> bool:
    reached = Frontier() if signed.checkpoint.size == 0 else course.frontiers.get(signed.checkpoint.size)
    return reached is not None and reached.root == signed.checkpoint.root


@contextmanager
def _damage_found(course: _Course) -> Iterator[None]:
    """Make a finding of whatever keeps the log from being read on."""
    try:
        yield
    except PalyraError as error:
        place = course.reached + 1
        course.is_whole = False
        text = f"The log cannot be read from position {place} on: {error.message}"
        course.findings.append(Finding(Damage.UNREADABLE, text, place))
