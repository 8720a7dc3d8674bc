"""The commands on publishers and the keys that they sign with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palyra_events import publisher as publishers
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent, Loaded
from palyra_events.event import Event, Stamp
from palyra_events.publisher import Publisher

PUBLISHER = Aggregate("publisher", Publisher, publishers.evolve)

Changes = list[tuple[Loaded[Publisher], list[Event]]]


@dataclass(frozen=True, slots=True)
class PublisherKey:
    """A key of a publisher, 32 bytes in hexadecimal, with its short name."""

    publisher: str
    key_id: str
    public_key: str


class PublisherCommands(Commands):
    """Trust publishers' keys, and let new ones take their place."""

    def publisher(self, publisher: str) -> Publisher:
        """Return what the log knows of a publisher."""
        return self.load(PUBLISHER, publisher).state

    def trust_publisher(self, key: PublisherKey, skills: Sequence[str], intent: Intent) -> Commit:
        """Put a key on the allow-list, for all skills or for those named.

        Raises:
            KeyRevoked: it was revoked.
            StaleVersion: somebody changed the publisher at the same time.
        """
        stamp, sealed = self.stamp(intent)
        publisher = self.load(PUBLISHER, key.publisher)
        events = publishers.trust_publisher(publisher.state, key.key_id, key.public_key, skills, stamp)
        return self.commit([(publisher, events)], sealed)

    def rotate_publisher(
        self, key: PublisherKey, intent: Intent, *, replaced: str | None = None, is_endorsed: bool = False
    ) -> Commit:
        """Let a new key take the place of an old one; what the old one signed stays installed.

        Raises:
            UnknownPublisher, UnknownPublisherKey: there is no such publisher, or no such current key.
            KeyRevoked: the new key was revoked.
            ReasonRequired: it is not endorsed, and nobody says why it is accepted.
            IllegalTransition: the new key is current already, or it is not clear which one it replaces.
            StaleVersion: somebody changed the publisher at the same time.
        """
        stamp, sealed = self.stamp(intent)
        publisher = self.load(PUBLISHER, key.publisher)
        events = publishers.rotate_publisher(
            publisher.state, key.key_id, key.public_key, stamp, replaced=replaced, is_endorsed=is_endorsed
        )
        return self.commit([(publisher, events)], sealed)

    def import_publishers(
        self, trusted: Sequence[PublisherKey], pinned: Sequence[PublisherKey], intent: Intent
    ) -> Commit:
        """Take over the allow-list and the pins of another installation, all of them or none.

        What is known already changes nothing, and no key loses the skills that it is bound to.

        Raises:
            KeyRevoked: one of the keys was revoked here.
            IllegalTransition: a publisher is known here by another key than the pinned one.
            StaleVersion: somebody changed a publisher at the same time.
        """
        stamp, sealed = self.stamp(intent)
        loaded = {key.publisher: self.load(PUBLISHER, key.publisher) for key in (*pinned, *trusted)}
        changes: dict[str, list[Event]] = {name: [] for name in loaded}
        for key, decide in (*((key, _pin) for key in pinned), *((key, _trust) for key in trusted)):
            before = loaded[key.publisher].state
            state = _after(before, changes[key.publisher])
            changes[key.publisher] += decide(state, key, stamp)
        return self.commit([(loaded[name], events) for name, events in sorted(changes.items())], sealed)

    def pinned(self, key: PublisherKey | None, stamp: Stamp) -> Changes:
        """Return what pins a key, to be appended with what it was first used for."""
        if key is None:
            return []
        publisher = self.load(PUBLISHER, key.publisher)
        return [(publisher, publishers.pin_publisher(publisher.state, key.key_id, key.public_key, stamp))]


def _pin(publisher: Publisher, key: PublisherKey, stamp: Stamp) -> list[Event]:
    return publishers.pin_publisher(publisher, key.key_id, key.public_key, stamp)


def _trust(publisher: Publisher, key: PublisherKey, stamp: Stamp) -> list[Event]:
    known = publisher.keys.get(key.public_key)
    skills = known.skills if known else ()
    return publishers.trust_publisher(publisher, key.key_id, key.public_key, skills, stamp)


def _after(publisher: Publisher, events: Sequence[Event]) -> Publisher:
    for event in events:
        publisher = publishers.evolve(publisher, event)
    return publisher
