"""The audit trail: who did what, when and why."""

from __future__ import annotations

from collections.abc import Sequence

from palyra_events.errors import InvalidIdentifier
from palyra_events.identifiers import check_actor
from palyra_runtime.facade.page import check_page
from projections import AuditRow, Subject, Views


class AuditTrail:
    """Looks the trail up; it has one row for each event of the log."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def log(
        self,
        *,
        limit: int = 100,
        after: int = 0,
        subject: Subject | None = None,
        actor: str | None = None,
        newest_first: bool = False,
    ) -> Sequence[AuditRow]:
        """Return rows in the order of the log, at most ``limit``, after a position.

        Raises:
            InvalidIdentifier: this cannot be the name of a subject or of an actor.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after, limit)
        if actor is not None:
            check_actor(actor)
        if subject is not None and not all(part.isprintable() for part in subject):
            raise InvalidIdentifier(f"{subject.id[:160]!r} cannot name a {subject.kind[:160]!r}.")
        return self._views.audit(
            limit=limit, after=after, subject=subject, actor=actor, newest_first=newest_first
        )
