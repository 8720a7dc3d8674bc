"""People, as far as the log knows them: their names, and the erasure of what they wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palyra_events.application import Application, Intent
from palyra_events.errors import InvalidInput, NotFound, ReasonRequired
from palyra_events.identifiers import check_actor
from palyra_events.store import EventLog
from palyra_events.store.dropping import compact, drop_blobs
from palyra_events.subject import check_subject
from palyra_runtime.erasure import ErasurePlan, Left, survey
from projections import Progress, Projector, forget_erased

#: characters of a name
NAME_LENGTH_MAX = 200


class UnknownSubject(NotFound):
    """Nobody of this id did anything, and none has a name."""

    code = "UNKNOWN_SUBJECT"
    advice = "Ids are written as they stand in the log: palyra audit log shows who acted."


class InvalidActorName(InvalidInput):
    """A name is blank, too long, or has control characters."""

    code = "INVALID_ACTOR_NAME"
    advice = "Give 1 to 200 characters on one line."


@dataclass(frozen=True, slots=True)
class ActorName:
    """What an actor is called."""

    actor: str
    name: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased with a person.

    The event at ``position`` says so. ``views`` were built anew. What is ``left`` quotes the person, and is
    needed; of the ``open_deliveries`` none was told of it before, or will be.
    """

    subject: str
    position: int
    blobs: int
    bytes: int
    had_name: bool
    views: tuple[str, ...]
    left: tuple[Left, ...]
    open_deliveries: tuple[str, ...]


class Subjects:
    """The people who operate."""

    def __init__(self, *, log: EventLog, application: Application, projector: Projector, actor: str) -> None:
        self._log = log
        self._application = application
        self._projector = projector
        self._actor = actor

    def names(self) -> Sequence[ActorName]:
        """Return the names that actors have, by id."""
        return [ActorName(*entry) for entry in self._log.names.all().items()]

    def name(self, actor: str, name: str) -> ActorName:
        """Call an actor by a name; it lies in an ordinary table, and never in the log.

        Raises:
            InvalidIdentifier: it is no actor.
            InvalidActorName: the name is none.
        """
        named = ActorName(check_actor(actor), name.strip())
        if not 1 <= len(named.name) <= NAME_LENGTH_MAX or not named.name.isprintable():
            raise InvalidActorName
        self._log.names.put(named.actor, named.name)
        return named

    def unname(self, actor: str) -> None:
        """Take the name of an actor away.

        Raises:
            InvalidIdentifier: it is no actor.
            UnknownSubject: it has no name.
        """
        if check_actor(actor) not in self._log.names.all():
            raise UnknownSubject(f"{actor} has no name.", subject=actor)
        self._log.names.forget(actor)

    def plan_erasure(self, subject: str) -> ErasurePlan:
        """Return what `erase` would drop, and what it would leave.

        Raises:
            InvalidIdentifier, NotAPerson: it is no person's id.
            UnknownSubject: nobody of this id did anything, none has a name, and none was erased.
            LogDamaged: an event is not what was recorded.
        """
        plan = survey(self._log.url, check_subject(subject))
        if not plan.acts and not self._is_known(subject):
            raise UnknownSubject(f"Nothing in the log is by {subject}.", subject=subject)
        return plan

    def erase(self, subject: str, *, reason: str | None, progress: Progress | None = None) -> Erasure:
        """Erase what a person wrote, what was recorded of runs that were told of it, and their name.

        The events stay, and so do all proofs. Views that hold texts are built anew, and the files of the
        database are written anew without what was dropped; nobody else can write meanwhile. Doing it again
        after an error goes on where that was.

        Raises:
            InvalidIdentifier, NotAPerson, UnknownSubject, LogDamaged: see `plan_erasure`; nothing was done.
            ReasonRequired: nobody said why; nothing was done.
            RebuildRunning, ProjectionFailed: a view still holds what was erased.
            TracesLeft, DatabaseLocked, DatabaseUnavailable, DiskFull, StorageFailed: do it again.
        """
        if not (reason or "").strip():
            raise ReasonRequired("Say why it is erased: that is kept, so without the person's name.")
        plan = self.plan_erasure(subject)
        had_name = subject in self._log.names.all()
        commit = self._application.erase_subject(subject, plan.digests, Intent(self._actor, reason))
        self._log.names.forget(subject)
        late = self._drop_late(plan, commit.head - 1)
        views = forget_erased(self._projector, progress)
        compact(self._log.url)
        return Erasure(
            subject=subject,
            position=commit.head,
            blobs=plan.blobs + late.blobs,
            bytes=plan.dropped_bytes + late.dropped_bytes,
            had_name=had_name,
            views=tuple(views),
            left=late.left,
            open_deliveries=late.open_deliveries,
        )

    def _is_known(self, subject: str) -> bool:
        """Say whether a person has a name, or was erased: what broke off goes on when it is done again."""
        return subject in self._log.names.all() or self._application.subject(subject).erasures > 0

    def _drop_late(self, plan: ErasurePlan, until: int) -> ErasurePlan:
        """Drop what was recorded between plan and erasure: runs that were under way."""
        late = survey(self._log.url, plan.subject, until=until, quotes=plan.quotes)
        drop_blobs(self._log.url, late.digests, late.head)
        return late
