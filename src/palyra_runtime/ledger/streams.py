"""Checking the streams: each counts 1, 2, 3, … without a gap, in the order of the log."""

from __future__ import annotations

from palyra_events.ledger.damage import Damage, Finding
from palyra_events.store import EventLog
from palyra_events.store.evidence import Place

_PAGE = 10_000
_FINDINGS_MAX = 100


def broken_streams(log: EventLog) -> list[Finding]:
    """Return where streams are broken; memory does not grow with their number.

    Raises:
        DatabaseLocked, DatabaseUnavailable, DatabaseDamaged, StorageFailed: they cannot be read.
    """
    findings: list[Finding] = []
    last = Place(bytes(16), -(2**63), 0)
    while len(findings) < _FINDINGS_MAX and (page := log.evidence.places(last, _PAGE)):
        for place in page:
            problem = _problem(last, place)
            if problem:
                findings.append(Finding(Damage.STREAM_BROKEN, problem, place.position))
            last = place
    return findings


def _problem(last: Place, place: Place) -> str | None:
    is_first = place.stream_id != last.stream_id
    expected = 1 if is_first or last.version < 1 else last.version + 1
    if place.version != expected:
        return (
            f"The event at position {place.position} is number {place.version} of its stream, "
            f"where number {expected} is due."
        )
    if not is_first and place.position <= last.position:
        return f"The event at position {place.position} comes before an earlier one of its stream."
    return None
