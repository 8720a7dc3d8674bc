"""Whom an operator trusts to publish skills, and what follows for an artifact.

Pure rules over a value: the trust that the log tells, or that a file of the reference system holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from palyra_events.errors import KeyRevoked
from palyra_events.publisher import KeyStanding, Publisher
from palyra_events.strict_json import InvalidJson, parse_json
from palyra_runtime.skills.errors import (
    Serialization,
    TofuKeyMismatch,
    TrustedPublisherKeyMismatch,
    UntrustedPublisher,
)
from palyra_runtime.skills.paths import SPACE
from palyra_runtime.skills.signature import key_id

#: bytes; a hundred thousand keys
TRUST_STORE_BYTES_MAX = 8_388_608

_PUBLISHER = re.compile(r"[a-z0-9._:-]+")
_PUBLIC_KEY = re.compile(r"[0-9a-f]{64}")
_SECTIONS = frozenset({"trusted_publishers", "tofu_publishers"})


class TrustDecision(StrEnum):
    """Why a publisher's key was accepted."""

    ALLOWLISTED = "allowlisted"
    TOFU_PINNED = "tofu_pinned"
    TOFU_NEWLY_PINNED = "tofu_newly_pinned"
    KEY_RETIRED = "key_retired"


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The keys that are trusted; each is 32 bytes in lower-case hexadecimal.

    ``trusted_publishers`` is the operator's allow-list. ``tofu_publishers`` has the one key that a
    publisher was first seen with. A publisher on the allow-list is judged by the allow-list alone.

    The reference's store ends here. ``retired_keys`` of a publisher vouch for what is installed, and
    for nothing else. ``revoked_keys`` vouch for nothing, whoever uses them.
    """

    trusted_publishers: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    tofu_publishers: Mapping[str, str] = field(default_factory=_nothing)
    retired_keys: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    revoked_keys: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)

    def pinned(self, publisher: str, public_key: str) -> TrustStore:
        """Return a store in which this publisher's first key is known."""
        pins = MappingProxyType({**self.tofu_publishers, publisher: public_key})
        return replace(self, tofu_publishers=pins)


@dataclass(frozen=True, slots=True)
class TrustVerdict:
    """A decision, and the store after it: another one only where a key was newly pinned."""

    decision: TrustDecision
    store: TrustStore


def trust_store_of(publishers: Iterable[Publisher]) -> TrustStore:
    """Return the store that the log's publishers make."""
    by_standing: dict[KeyStanding, dict[str, tuple[str, ...]]] = {standing: {} for standing in KeyStanding}
    for publisher in publishers:
        for standing, keys in by_standing.items():
            if found := tuple(sorted(key.public_key for key in publisher.having(standing))):
                keys[publisher.publisher] = found
    return TrustStore(
        trusted_publishers=MappingProxyType(by_standing[KeyStanding.TRUSTED]),
        tofu_publishers=MappingProxyType(
            {name: key for name, (key,) in by_standing[KeyStanding.PINNED].items()}
        ),
        retired_keys=MappingProxyType(by_standing[KeyStanding.RETIRED]),
        revoked_keys=MappingProxyType(by_standing[KeyStanding.REVOKED]),
    )


def decide_trust(
    store: TrustStore,
    publisher: str,
    public_key: bytes,
    *,
    trust_on_first_use: bool,
    is_installed: bool = False,
) -> TrustVerdict:
    """Decide whether ``publisher`` may sign with ``public_key``.

    What ``is_installed`` was accepted when it came: a key that has been replaced since is enough for it.

    Raises:
        KeyRevoked: the key was revoked, with this publisher or another one.
        TrustedPublisherKeyMismatch: the publisher is on the allow-list, with other keys.
        TofuKeyMismatch: the publisher was first seen with another key.
        UntrustedPublisher: the publisher was never seen, and that is not enough.
    """
    key = public_key.hex()
    details = {"publisher": publisher, "key_id": key_id(public_key), "public_key": key}
    if any(key in keys for keys in store.revoked_keys.values()):
        raise KeyRevoked(f"The key {details['key_id']} of {publisher} was revoked.", **details)
    if is_installed and key in store.retired_keys.get(publisher, ()):
        return TrustVerdict(TrustDecision.KEY_RETIRED, store)
    if publisher in store.trusted_publishers:
        if key not in store.trusted_publishers[publisher]:
            raise TrustedPublisherKeyMismatch(
                f"The key {details['key_id']} is not one of {publisher}'s trusted keys.", **details
            )
        return TrustVerdict(TrustDecision.ALLOWLISTED, store)
    if publisher in store.tofu_publishers:
        if store.tofu_publishers[publisher] != key:
            raise TofuKeyMismatch(
                f"{publisher} was first seen with another key than {details['key_id']}.", **details
            )
        return TrustVerdict(TrustDecision.TOFU_PINNED, store)
    if publisher in store.retired_keys or publisher in store.revoked_keys:
        raise UntrustedPublisher(
            f"No key of {publisher} is trusted any more, and {details['key_id']} is not its first.", **details
        )
    if not trust_on_first_use:
        raise UntrustedPublisher(
            f"The publisher {publisher}, with the key {details['key_id']}, is not trusted.", **details
        )
    return TrustVerdict(TrustDecision.TOFU_NEWLY_PINNED, store.pinned(publisher, key))


def parse_trust_store(document: bytes | str | None) -> TrustStore:
    """Return the store that a JSON document holds; none, or one of white space only, is empty.

    Publishers are trimmed, keys are put into lower case, sorted and made unique.

    Raises:
        Serialization: it is not such a document, or a publisher or a key in it is not valid, or it
            pins two keys for one publisher.
    """
    if document is None or not document.strip():
        return TrustStore()
    try:
        value = parse_json(document, size_max=TRUST_STORE_BYTES_MAX)
    except InvalidJson as error:
        raise Serialization(f"The trust store: {error.message}") from error
    if not isinstance(value, dict) or not _SECTIONS.issuperset(value):
        raise Serialization("The trust store must have trusted_publishers and tofu_publishers only.")
    return TrustStore(
        trusted_publishers=_trusted(_section(value, "trusted_publishers")),
        tofu_publishers=_pins(_section(value, "tofu_publishers")),
    )


def trust_store_document(store: TrustStore) -> dict[str, Any]:
    """Return the store as the JSON object that `parse_trust_store` reads, sorted."""
    return {
        "trusted_publishers": {name: list(keys) for name, keys in sorted(store.trusted_publishers.items())},
        "tofu_publishers": dict(sorted(store.tofu_publishers.items())),
    }


def _section(value: dict[str, Any], name: str) -> dict[str, Any]:
    section = value.get(name, {})
    if not isinstance(section, dict):
        raise Serialization(f"{name} of the trust store must be an object.")
    return section


def _trusted(section: dict[str, Any]) -> Mapping[str, tuple[str, ...]]:
    trusted: dict[str, set[str]] = {}
    for name, keys in section.items():
        publisher = _publisher(name)
        if not isinstance(keys, list) or not keys:
            raise Serialization(f"The trusted publisher {publisher} needs a list of keys.")
        trusted.setdefault(publisher, set()).update(_keys(keys, publisher))
    return MappingProxyType({publisher: tuple(sorted(keys)) for publisher, keys in trusted.items()})


def _pins(section: dict[str, Any]) -> Mapping[str, str]:
    pins: dict[str, str] = {}
    for name, text in section.items():
        publisher = _publisher(name)
        (key,) = _keys([text], publisher)
        if pins.setdefault(publisher, key) != key:
            raise Serialization(f"The publisher {publisher} is pinned to two different keys.")
    return MappingProxyType(pins)


def _publisher(name: str) -> str:
    publisher = name.strip(SPACE)
    if not _PUBLISHER.fullmatch(publisher):
        raise Serialization(f"{name[:100]!r} is not a publisher's name: use a-z 0-9 . _ : -")
    return publisher


def _keys(texts: Iterable[object], publisher: str) -> list[str]:
    keys = [text.strip().lower() if isinstance(text, str) else "" for text in texts]
    if not all(_PUBLIC_KEY.fullmatch(key) for key in keys):
        raise Serialization(f"A key of the publisher {publisher} is not 32 bytes in hexadecimal.")
    return keys
