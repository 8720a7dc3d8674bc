"""Publishers: the keys that they sign with, how far each is trusted, and the skills it may sign.

unknown ──> pinned ──> trusted        a key that another one took the place of is retired: what it
   │          │           │           signed and was installed stays, and nothing is added to it;
   └──────────┴───────────┴──> retired ──> revoked: nothing that it signed may run, for ever
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, StringConstraints

from palyra_events.blob import HexDigest
from palyra_events.errors import (
    IllegalTransition,
    InvalidIdentifier,
    InvalidInput,
    KeyRevoked,
    ReasonRequired,
    UnknownPublisher,
    UnknownPublisherKey,
)
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import IDENTIFIER_LENGTH_MAX

#: skills of one key; more would be a publisher's whole catalogue, for which there are prefixes
PATTERNS_MAX = 256

_PUBLISHER = re.compile(r"[a-z0-9._:-]{1,128}")
_SKILLS = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?:\.\*)?")
_PUBLIC_KEY = re.compile(r"[0-9a-f]{64}")

PublisherName = Annotated[str, StringConstraints(pattern=rf"^{_PUBLISHER.pattern}$")]
KeyId = Annotated[str, StringConstraints(min_length=1, max_length=80)]
#: ``acme.echo`` is that skill, ``acme.*`` is every skill whose id begins with ``acme.``
SkillPattern = Annotated[str, StringConstraints(pattern=rf"^{_SKILLS.pattern}$")]
SkillPatterns = Annotated[tuple[SkillPattern, ...], Field(max_length=PATTERNS_MAX)]


class PublisherTrusted(Event):
    """An operator put a publisher's key on the allow-list, for all skills or for those named."""

    publisher: PublisherName
    key_id: KeyId
    public_key: HexDigest
    skills: SkillPatterns = ()


class PublisherPinned(Event):
    """A publisher's key was trusted on first use: from now on it must be this one."""

    publisher: PublisherName
    key_id: KeyId
    public_key: HexDigest


class PublisherKeyRotated(Event):
    """A publisher signs with another key from now on, trusted as the old one was, for the same skills.

    ``is_endorsed`` tells that the old key itself has signed for the new one.
    """

    publisher: PublisherName
    key_id: KeyId
    public_key: HexDigest
    replaced_key_id: KeyId
    replaced_key: HexDigest
    is_endorsed: bool = False


class PublisherRevoked(Event):
    """A key of a publisher is not to be trusted any more, nor anything that it ever signed."""

    publisher: PublisherName
    key_id: KeyId
    public_key: HexDigest


class KeyStanding(StrEnum):
    """How far a key is trusted."""

    TRUSTED = "trusted"
    PINNED = "pinned"
    RETIRED = "retired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class SigningKeyRecord:
    """A public key, 32 bytes in hexadecimal, and what it may sign; without patterns, any skill."""

    key_id: str
    public_key: str
    standing: KeyStanding
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher as its events tell it, with its keys by their bytes in hexadecimal."""

    publisher: str
    keys: Mapping[str, SigningKeyRecord] = field(default_factory=lambda: MappingProxyType({}))

    def having(self, *standings: KeyStanding) -> tuple[SigningKeyRecord, ...]:
        """Return the keys of these standings, in the order in which they became known."""
        return tuple(key for key in self.keys.values() if key.standing in standings)

    @property
    def current(self) -> tuple[SigningKeyRecord, ...]:
        """The keys that it may sign a new release with: the trusted ones, else the pinned one."""
        return self.having(KeyStanding.TRUSTED) or self.having(KeyStanding.PINNED)


def normalize_publisher(text: str) -> str:
    """Return a publisher's name trimmed; it is compared exactly, so capitals are a mistake.

    Raises:
        InvalidIdentifier: it is empty, too long or has other characters than ``a-z 0-9 . _ : -``.
    """
    name = text.strip()
    if not _PUBLISHER.fullmatch(name):
        raise InvalidIdentifier(f"{text[:160]!r} cannot name a publisher.", noun="publisher")
    return name


def normalize_public_key(text: str) -> str:
    """Return a public key in lower-case hexadecimal, as it is kept.

    Raises:
        InvalidInput: it is not 32 bytes in hexadecimal.
    """
    key = text.strip().lower()
    if not _PUBLIC_KEY.fullmatch(key):
        raise InvalidInput(f"{text[:80]!r} is not a public key: 64 hexadecimal digits are needed.")
    return key


def normalize_patterns(texts: Iterable[str]) -> tuple[str, ...]:
    """Return skill ids and prefixes trimmed, sorted and unique.

    Raises:
        InvalidIdentifier: one of them is neither a skill's id nor a prefix such as ``acme.*``.
    """
    patterns = sorted({text.strip() for text in texts})
    for pattern in patterns:
        if not _SKILLS.fullmatch(pattern) or len(pattern.removesuffix(".*")) > IDENTIFIER_LENGTH_MAX:
            raise InvalidIdentifier(f"{pattern[:160]!r} is neither a skill nor a prefix such as acme.*.")
    return tuple(patterns)


def evolve(publisher: Publisher, event: Event) -> Publisher:
    """Return the publisher after ``event``."""
    return replace(publisher, keys=MappingProxyType({**publisher.keys, **_changes(publisher, event)}))


def _changes(publisher: Publisher, event: Event) -> dict[str, SigningKeyRecord]:
    match event:
        case PublisherTrusted():
            return _records(event, KeyStanding.TRUSTED, event.skills)
        case PublisherPinned():
            return _records(event, KeyStanding.PINNED)
        case PublisherKeyRotated():
            old = publisher.keys[event.replaced_key]
            new = _records(event, old.standing, old.skills)
            return {old.public_key: replace(old, standing=KeyStanding.RETIRED), **new}
        case PublisherRevoked():
            return _records(event, KeyStanding.REVOKED)
        case _:
            return {}


def _records(
    event: PublisherTrusted | PublisherPinned | PublisherKeyRotated | PublisherRevoked,
    standing: KeyStanding,
    skills: tuple[str, ...] = (),
) -> dict[str, SigningKeyRecord]:
    return {event.public_key: SigningKeyRecord(event.key_id, event.public_key, standing, skills)}


def trust_publisher(
    publisher: Publisher, key_id: str, public_key: str, skills: Sequence[str], stamp: Stamp
) -> list[Event]:
    """Put a key on the allow-list; where it is there with the same skills, nothing changes.

    Raises:
        KeyRevoked: it was revoked, which is for ever.
    """
    known = _not_revoked(publisher, public_key)
    if known and (known.standing, known.skills) == (KeyStanding.TRUSTED, tuple(skills)):
        return []
    facts = {"publisher": publisher.publisher, "key_id": key_id, "public_key": public_key}
    return [stamp.on(PublisherTrusted, **facts, skills=tuple(skills))]


def pin_publisher(publisher: Publisher, key_id: str, public_key: str, stamp: Stamp) -> list[Event]:
    """Trust this key for this publisher from now on; a key that is current already stays what it is.

    Raises:
        KeyRevoked: it was revoked.
        IllegalTransition: other keys are known. Two that install a first release at once both see
            a publisher without a key, so the rule is here and not only where trust is decided.
    """
    known = _not_revoked(publisher, public_key)
    if known and known in publisher.current:
        return []
    if publisher.keys:
        raise IllegalTransition(
            f"Publisher {publisher.publisher} is known by another key than {key_id}.",
            publisher=publisher.publisher,
            key_id=key_id,
        )
    return [stamp.on(PublisherPinned, publisher=publisher.publisher, key_id=key_id, public_key=public_key)]


def rotate_publisher(  # noqa: PLR0913 - the facts of one step
    publisher: Publisher,
    key_id: str,
    public_key: str,
    stamp: Stamp,
    *,
    replaced: str | None = None,
    is_endorsed: bool = False,
) -> list[Event]:
    """Let a new key take the place of the one ``replaced``, or of the only one.

    Raises:
        ReasonRequired: the old key has not endorsed the new one, and nobody says why it is accepted.
        UnknownPublisher, UnknownPublisherKey: there is no such publisher, or no such current key.
        KeyRevoked: the new key was revoked.
        IllegalTransition: the new key is current already, or there are several and none is named.
    """
    known = _not_revoked(publisher, public_key)
    old = _replaceable(publisher, replaced)
    if not is_endorsed and stamp.reason is None:
        raise ReasonRequired(f"The old key has not endorsed {key_id}, so say why it is accepted.")
    if known in publisher.current:
        raise IllegalTransition(f"{key_id} is a current key of {publisher.publisher} already.", key_id=key_id)
    return [
        stamp.on(
            PublisherKeyRotated,
            publisher=publisher.publisher,
            key_id=key_id,
            public_key=public_key,
            replaced_key_id=old.key_id,
            replaced_key=old.public_key,
            is_endorsed=is_endorsed,
        )
    ]


def revoke_publisher(publisher: Publisher, public_key: str | None, stamp: Stamp) -> list[Event]:
    """Revoke one key of a publisher, or all of them.

    Raises:
        UnknownPublisher, UnknownPublisherKey: there is no such publisher or key.
        IllegalTransition: it is revoked already.
    """
    _known(publisher)
    if public_key is not None and public_key not in publisher.keys:
        raise _unknown_key(publisher, public_key)
    chosen = [key for key in publisher.keys.values() if public_key in {None, key.public_key}]
    left = [key for key in chosen if key.standing is not KeyStanding.REVOKED]
    if not left:
        raise IllegalTransition(f"That is revoked already: {', '.join(key.key_id for key in chosen)}.")
    return [
        stamp.on(
            PublisherRevoked, publisher=publisher.publisher, key_id=key.key_id, public_key=key.public_key
        )
        for key in left
    ]


def _not_revoked(publisher: Publisher, public_key: str) -> SigningKeyRecord | None:
    known = publisher.keys.get(public_key)
    if known and known.standing is KeyStanding.REVOKED:
        raise KeyRevoked(
            f"The key {known.key_id} of {publisher.publisher} was revoked.",
            publisher=publisher.publisher,
            key_id=known.key_id,
        )
    return known


def _replaceable(publisher: Publisher, replaced: str | None) -> SigningKeyRecord:
    _known(publisher)
    current = {key.public_key: key for key in publisher.current}
    if replaced is not None and replaced not in current:
        raise _unknown_key(publisher, replaced)
    if replaced is None and len(current) != 1:
        raise IllegalTransition(
            f"{publisher.publisher} has {len(current)} current keys; say which one is replaced.",
            publisher=publisher.publisher,
        )
    return current[replaced] if replaced is not None else next(iter(current.values()))


def _known(publisher: Publisher) -> None:
    if not publisher.keys:
        raise UnknownPublisher(
            f"No key of the publisher {publisher.publisher} is known.", publisher=publisher.publisher
        )


def _unknown_key(publisher: Publisher, public_key: str) -> UnknownPublisherKey:
    return UnknownPublisherKey(
        f"{public_key[:16]}… is not a current key of {publisher.publisher}.", publisher=publisher.publisher
    )
