"""The command that erases what a person wrote."""

from __future__ import annotations

from collections.abc import Sequence

from palyra_events import subject as subjects
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent
from palyra_events.subject import Subject, check_subject

SUBJECT = Aggregate("subject", Subject, subjects.evolve)


class SubjectCommands(Commands):
    """Erase what people wrote."""

    def subject(self, subject: str) -> Subject:
        """Return a person, and how often what they wrote was erased."""
        return self.load(SUBJECT, subject).state

    def erase_subject(self, subject: str, digests: Sequence[bytes], intent: Intent) -> Commit:
        """Drop bytes that a person wrote, and record that, in one step.

        Raises:
            InvalidIdentifier, NotAPerson, ReasonRequired: see `palyra_events.subject.erase_subject`.
        """
        stamp, sealed = self.stamp(intent)
        person = self.load(SUBJECT, check_subject(subject))
        events = subjects.erase_subject(person.state, len(digests), stamp)
        return self.commit([(person, events)], sealed, drops=digests)
