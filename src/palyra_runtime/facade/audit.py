"""The audit trail: who did what, when and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from palyra_events.errors import InvalidIdentifier
from palyra_events.identifiers import check_actor
from palyra_runtime.facade.activity import ActorActivity, activity
from palyra_runtime.facade.page import check_page
from projections import AuditRow, Point, Subject, Views, parse_search

#: rows of one question
_PAGE = 1_000


class AuditTrail:
    """Looks the trail up; it has one row for each event of the log."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def log(  # noqa: PLR0913 - the filters of a listing
        self,
        *,
        limit: int = 100,
        after: int = 0,
        subject: Subject | None = None,
        subject_kind: str | None = None,
        actor: str | None = None,
        grep: str | None = None,
        newest_first: bool = False,
        at: Point | None = None,
    ) -> Sequence[AuditRow]:
        """Return rows in the order of the log, at most ``limit``, after a position.

        ``grep`` are words that must all be in what happened, the reason, or the ids: ``word*`` is the
        beginning of one, and ``"two words"`` stand next to each other. ``subject_kind``, such as ``hook``, is
        what kind of thing it happened to. With ``at``, a position or moment, it is the trail as it was then.

        Raises:
            InvalidIdentifier: this cannot be the name of a subject or of an actor.
            InvalidSearch: nothing can be searched for with these words.
            UnknownEvent: the log is not that long.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after, limit)
        if actor is not None:
            check_actor(actor)
        if subject_kind is not None and not subject_kind.isprintable():
            raise InvalidIdentifier(f"{subject_kind[:160]!r} names no kind of subjects.")
        if subject is not None and not all(part.isprintable() for part in subject):
            raise InvalidIdentifier(f"{subject.id[:160]!r} cannot name a {subject.kind[:160]!r}.")
        return self._views.audit(
            limit=limit,
            after=after,
            subject=subject,
            subject_kind=subject_kind,
            actor=actor,
            search=None if grep is None else parse_search(grep),
            newest_first=newest_first,
            at=at,
        )

    def activity(self, *, after: int = 0) -> Sequence[ActorActivity]:
        """Return who did how much after a position, the busiest first.

        Raises:
            PageOutOfRange: the position makes no sense.
        """
        return activity(self._rows(after))

    def _rows(self, after: int) -> Iterator[AuditRow]:
        while page := self.log(limit=_PAGE, after=after):
            yield from page
            after = page[-1].position
