"""A person whose words were erased: that it happened stays on record, and nothing of the words does."""

from __future__ import annotations

from dataclasses import dataclass, replace

from palyra_events.errors import InvalidInput, ReasonRequired
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Actor, check_actor
from palyra_events.invocation import Count

#: the actors that are people; what programs write is nobody's own
_PERSON = "operator:"


class NotAPerson(InvalidInput):
    """What is to be erased is not what a person wrote."""

    code = "NOT_A_PERSON"
    advice = "Name an operator, such as operator:ada; palyra audit log shows who acted."


class SubjectErased(Event):
    """What a person wrote is kept no longer, nor is their name.

    ``blobs`` counts the bytes that were dropped with this event. The opaque id of the ``subject`` stays
    in the log, and means nobody.
    """

    subject: Actor
    blobs: Count


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, by their opaque id, and how often what they wrote was erased."""

    subject: str
    erasures: int = 0


def check_subject(text: str) -> str:
    """Return ``text`` if it names a person.

    Raises:
        InvalidIdentifier: it names no actor.
        NotAPerson: it names a part of the system or a plugin.
    """
    if not check_actor(text).startswith(_PERSON):
        raise NotAPerson(f"{text} is not a person.", subject=text)
    return text


def evolve(subject: Subject, event: Event) -> Subject:
    """Return the subject after ``event``."""
    if isinstance(event, SubjectErased):
        return replace(subject, erasures=subject.erasures + 1)
    return subject


def erase_subject(subject: Subject, blobs: int, stamp: Stamp) -> list[Event]:
    """Record that so many bytes that a person wrote are dropped.

    It can be done again: people may act after it.

    Raises:
        ReasonRequired: nobody said why.
    """
    if stamp.reason is None:
        raise ReasonRequired("Say why what a person wrote is erased; that is kept, so without their name.")
    return [stamp.on(SubjectErased, subject=subject.subject, blobs=blobs)]
