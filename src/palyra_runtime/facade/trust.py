"""What an operator does with publishers and their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palyra_events.application import Application, Intent, PublisherKey
from palyra_events.errors import AlreadyExists, UnknownPublisher
from palyra_events.publisher import KeyStanding, normalize_patterns, normalize_publisher
from palyra_events.skill import ReleaseState
from palyra_runtime.facade.recorded import showing_recorded
from palyra_runtime.facade.vetting import publishers_of
from palyra_runtime.skills import (
    check_endorsement,
    key_id,
    parse_public_key,
    parse_trust_store,
    trust_store_document,
    trust_store_of,
)
from projections import Point, SkillRow, TrustRow, Views

_NOT_ALLOWED_ANY_MORE = frozenset({KeyStanding.RETIRED, KeyStanding.REVOKED})


@dataclass(frozen=True, slots=True)
class Revocation:
    """What a revocation changed: the keys, and the releases that went into quarantine with them."""

    keys: tuple[TrustRow, ...]
    quarantined: tuple[SkillRow, ...]


class Trust:
    """Say whose skills may come in, and take that back."""

    def __init__(self, *, application: Application, views: Views, actor: str) -> None:
        self._application = application
        self._views = views
        self._actor = actor

    def list(self, publisher: str | None = None, *, at: Point | None = None) -> Sequence[TrustRow]:
        """Return the keys of all publishers, or of one, as they are, or were at a position or moment.

        Raises:
            InvalidIdentifier: that is no publisher's name.
            UnknownPublisher: no key of it was known.
            UnknownEvent: the log is not that long.
        """
        name = None if publisher is None else normalize_publisher(publisher)
        rows = self._views.trust(name, at)
        if name is not None and not rows:
            raise UnknownPublisher(f"No key of the publisher {name} is known.", publisher=name)
        return rows

    def add(
        self, publisher: str, key: str, *, skills: Iterable[str] = (), reason: str | None = None
    ) -> Sequence[TrustRow]:
        """Put a key on the allow-list, and return the publisher's keys.

        ``skills`` are ids and prefixes such as ``acme.*``. The key may then sign these and no others,
        and no publisher with a weaker claim may. Without any, it may sign what nobody else has.

        Raises:
            InvalidIdentifier, InvalidInput: publisher, key or skills are not well-formed.
            AlreadyExists: one of the skills is bound to another publisher by the same words.
            KeyRevoked: the key was revoked.
            StaleVersion: somebody changed the publisher at the same time.
        """
        made, patterns = _key(publisher, key), normalize_patterns(skills)
        self._check_free(made.publisher, patterns)
        self._application.trust_publisher(made, patterns, Intent(self._actor, reason))
        return self._rows(made.publisher)

    def rotate(
        self,
        publisher: str,
        new_key: str,
        *,
        replaced: str | None = None,
        endorsement: str | None = None,
        reason: str | None = None,
    ) -> Sequence[TrustRow]:
        """Let a new key take the place of an old one, and return the publisher's keys.

        With an ``endorsement``, which the old key has signed, that key is the one replaced. Without, it
        is the operator's word alone, which needs a ``reason``. What the old key signed stays installed
        and may be enabled.

        Raises:
            InvalidIdentifier, InvalidInput: publisher or key are not well-formed.
            UnknownPublisher, UnknownPublisherKey: there is no such publisher, or no such current key.
            SignatureVerificationFailed: no current key of the publisher has signed the endorsement.
            KeyRevoked: the new key was revoked.
            ReasonRequired: there is neither an endorsement nor a reason.
            IllegalTransition: the new key is current already, or it is not clear which one it replaces.
            StaleVersion: somebody changed the publisher at the same time.
        """
        made = _key(publisher, new_key)
        old = None if replaced is None else self._public_key(made.publisher, replaced)
        if endorsement is not None:
            current = self._current_keys(made.publisher, old)
            old = check_endorsement(endorsement, made.publisher, made.public_key, current)
        self._application.rotate_publisher(
            made, Intent(self._actor, reason), replaced=old, is_endorsed=endorsement is not None
        )
        return self._rows(made.publisher)

    def plan_revocation(self, publisher_or_key: str) -> Revocation:
        """Return the keys that `revoke` would revoke and the releases that it would quarantine, as they are.

        Raises:
            UnknownPublisher: there is no such publisher or key.
        """
        targets = self._targets(publisher_or_key)
        keys = [
            row
            for row in self._views.trust()
            if row.standing is not KeyStanding.REVOKED
            and row.publisher in targets
            and targets[row.publisher] in {None, row.public_key}
        ]
        signers = {(row.publisher, row.key_id) for row in keys}
        return Revocation(
            keys=tuple(keys),
            quarantined=tuple(row for row in self._enabled() if (row.publisher, row.key_id) in signers),
        )

    def revoke(self, publisher_or_key: str, *, reason: str | None = None) -> Revocation:
        """Revoke all keys of a publisher, or one key of whoever has it.

        What is enabled and was signed with them is quarantined in the same append. A key is named by
        its 32 bytes or by its id.

        Raises:
            UnknownPublisher: there is no such publisher or key.
            IllegalTransition: it is revoked already.
            StaleVersion: somebody changed a publisher or a skill at the same time.
        """
        targets = self._targets(publisher_or_key)
        signed = [row for row in self._enabled() if row.publisher in targets]
        commit = self._application.revoke_publishers(
            targets, Intent(self._actor, reason), skill_ids=[row.skill_id for row in signed]
        )
        with showing_recorded():
            skills, keys = self._views.skills(), self._views.trust()
            return Revocation(
                keys=tuple(row for row in keys if row.valid_from in commit.positions),
                quarantined=tuple(row for row in skills if row.changed_position in commit.positions),
            )

    def import_store(self, document: bytes, *, reason: str | None = None) -> Sequence[TrustRow]:
        """Take over the trust store of another installation, all of it or nothing; return all keys.

        Raises:
            Serialization: it is no trust store.
            InvalidIdentifier: a publisher's name in it is too long.
            KeyRevoked: it trusts a key that was revoked here.
            IllegalTransition: it pins another key than the one that is known here.
            StaleVersion: somebody changed a publisher at the same time.
        """
        store = parse_trust_store(document)
        trusted = [_key(name, key) for name, keys in store.trusted_publishers.items() for key in keys]
        pinned = [_key(name, key) for name, key in store.tofu_publishers.items()]
        self._application.import_publishers(trusted, pinned, Intent(self._actor, reason))
        with showing_recorded():
            return self._views.trust()

    def export_store(self) -> dict[str, Any]:
        """Return the allow-list and the pins as the JSON object that `import_store` reads.

        The format knows neither skills nor revocations; a key that was retired or revoked is not in it.
        """
        return trust_store_document(trust_store_of(publishers_of(self._views.trust())))

    def _enabled(self) -> Sequence[SkillRow]:
        return [row for row in self._views.skills() if row.state is ReleaseState.ENABLED]

    def _rows(self, publisher: str) -> Sequence[TrustRow]:
        with showing_recorded():
            return self._views.trust(publisher)

    def _check_free(self, publisher: str, patterns: Sequence[str]) -> None:
        for row in self._views.trust():
            taken = set(patterns) & set(row.skills)
            if taken and row.publisher != publisher and row.standing not in _NOT_ALLOWED_ANY_MORE:
                raise AlreadyExists(
                    f"{', '.join(sorted(taken))} is bound to the publisher {row.publisher} already.",
                    publisher=row.publisher,
                    skills=sorted(taken),
                )

    def _targets(self, text: str) -> Mapping[str, str | None]:
        """Return whose keys are meant, and which one of each: None for all."""
        rows = self._views.trust()
        named = {row.publisher: row.public_key for row in rows if _names(text, row)}
        if named:
            return named
        publisher = normalize_publisher(text)
        if publisher not in {row.publisher for row in rows}:
            raise UnknownPublisher(
                f"Neither a publisher nor a key {publisher} is known.", publisher=publisher
            )
        return {publisher: None}

    def _public_key(self, publisher: str, text: str) -> str:
        named = (row.public_key for row in self._views.trust(publisher) if _names(text, row))
        return next(named, None) or parse_public_key(text).hex()

    def _current_keys(self, publisher: str, only: str | None) -> Sequence[str]:
        known = publishers_of(self._views.trust(publisher))
        keys = [key.public_key for each in known for key in each.current]
        return [key for key in keys if only in {None, key}]


def _key(publisher: str, text: str) -> PublisherKey:
    public_key = parse_public_key(text)
    return PublisherKey(normalize_publisher(publisher), key_id(public_key), public_key.hex())


def _names(text: str, row: TrustRow) -> bool:
    return text.strip().lower() in {row.public_key, row.key_id}
