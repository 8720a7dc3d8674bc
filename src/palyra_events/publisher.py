"""Publishers and the keys that they are known by."""

from __future__ import annotations

from dataclasses import dataclass, replace

from palyra_events.blob import HexDigest
from palyra_events.errors import IllegalTransition
from palyra_events.event import Event, Stamp


class PublisherPinned(Event):
    """A publisher's key was trusted on first use: from now on it must be this one."""

    publisher: str
    key_id: str
    public_key: HexDigest


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher as its events tell it; ``pinned_key`` is 32 bytes in hexadecimal."""

    publisher: str
    pinned_key: str | None = None


def evolve(publisher: Publisher, event: Event) -> Publisher:
    """Return the publisher after ``event``."""
    if isinstance(event, PublisherPinned):
        return replace(publisher, pinned_key=event.public_key)
    return publisher


def pin_publisher(publisher: Publisher, key_id: str, public_key: str, stamp: Stamp) -> list[Event]:
    """Trust this key for this publisher from now on; pinning the pinned key changes nothing.

    Raises:
        IllegalTransition: another key is pinned. Two that install a first release at once both see
            a publisher without a key, so the rule is here and not only where trust is decided.
    """
    if publisher.pinned_key == public_key:
        return []
    if publisher.pinned_key is not None:
        raise IllegalTransition(
            f"Publisher {publisher.publisher} is pinned to another key than {key_id}.",
            publisher=publisher.publisher,
            key_id=key_id,
        )
    return [stamp.on(PublisherPinned, publisher=publisher.publisher, key_id=key_id, public_key=public_key)]
