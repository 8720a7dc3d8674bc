"""Who was active in a stretch of the log: the page that an audit report begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from projections import AuditRow


@dataclass(frozen=True, slots=True)
class ActorActivity:
    """What one actor did: how many events, about what kinds of things, and when."""

    actor: str
    events: int
    subjects: tuple[str, ...]
    since: datetime
    until: datetime


def activity(rows: Iterable[AuditRow]) -> Sequence[ActorActivity]:
    """Return who did how much, the busiest first; memory grows with the actors, not with the rows."""
    found: dict[str, ActorActivity] = {}
    for row in rows:
        known = found.get(row.actor)
        since, events, kinds = (
            (known.since, known.events, known.subjects) if known else (row.timestamp, 0, ())
        )
        subjects = tuple(sorted({*kinds, row.subject_kind}))
        found[row.actor] = ActorActivity(row.actor, events + 1, subjects, since, row.timestamp)
    return sorted(found.values(), key=lambda each: (-each.events, each.actor))
