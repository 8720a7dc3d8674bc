from __future__ import annotations

import json
from dataclasses import replace

import pytest

from palyra_events.errors import KeyRevoked
from palyra_events.publisher import KeyStanding, Publisher, SigningKeyRecord
from palyra_runtime.skills import (
    TrustStore,
    decide_trust,
    parse_trust_store,
    trust_store_document,
    trust_store_of,
)
from palyra_runtime.skills.errors import (
    Serialization,
    TofuKeyMismatch,
    TrustedPublisherKeyMismatch,
    UntrustedPublisher,
)
from palyra_runtime.skills.trust import TRUST_STORE_BYTES_MAX
from tests.sample_skills import KEY, OTHER_KEY

MINE, OTHER = KEY.public_key.hex(), OTHER_KEY.public_key.hex()


@pytest.mark.parametrize("first_use", [True, False])
@pytest.mark.parametrize(
    ("trusted", "pinned", "expected"),
    [
        ([MINE], None, "allowlisted"),
        ([OTHER, MINE], OTHER, "allowlisted"),
        ([OTHER], None, TrustedPublisherKeyMismatch),
        ([OTHER], MINE, TrustedPublisherKeyMismatch),
        (None, MINE, "tofu_pinned"),
        (None, OTHER, TofuKeyMismatch),
    ],
)
def test_a_known_publisher(trusted, pinned, expected, first_use):
    """The allow-list decides alone, then the pin; trust on first use changes neither."""
    store = TrustStore({"acme": tuple(trusted)} if trusted else {}, {"acme": pinned} if pinned else {})
    if isinstance(expected, str):
        verdict = decide_trust(store, "acme", KEY.public_key, trust_on_first_use=first_use)
        assert (verdict.decision, verdict.store) == (expected, store)
    else:
        with pytest.raises(expected) as refused:
            decide_trust(store, "acme", KEY.public_key, trust_on_first_use=first_use)
        assert refused.value.details["publisher"] == "acme"
        assert refused.value.exit_code == 4


def test_an_unknown_publisher_is_refused():
    """Nobody is trusted by default, and the message names the key to compare."""
    with pytest.raises(UntrustedPublisher, match="ed25519:"):
        decide_trust(TrustStore(), "acme", KEY.public_key, trust_on_first_use=False)


def test_first_use_pins_the_key():
    """After the first use the key is known, and the store given is left as it was."""
    before = TrustStore({}, {"other": OTHER})
    verdict = decide_trust(before, "acme", KEY.public_key, trust_on_first_use=True)
    assert verdict.decision == "tofu_newly_pinned"
    assert dict(verdict.store.tofu_publishers) == {"other": OTHER, "acme": MINE}
    assert dict(before.tofu_publishers) == {"other": OTHER}


def test_publishers_are_compared_exactly():
    """A publisher of nearly the same name is another one."""
    store = TrustStore({}, {"acme": MINE})
    with pytest.raises(UntrustedPublisher):
        decide_trust(store, "acme.", KEY.public_key, trust_on_first_use=False)


def test_a_store_is_written_and_read_again():
    """Writing a store loses nothing."""
    store = TrustStore({"b": (MINE,), "a": tuple(sorted((MINE, OTHER)))}, {"c": OTHER})
    assert parse_trust_store(json.dumps(trust_store_document(store))) == store


def test_a_revoked_key_is_refused_whoever_uses_it():
    """A key that others know too can sign under any name, so the list is one for all."""
    store = TrustStore({"acme": (MINE,)}, {}, revoked_keys={"orchid": (MINE,)})
    with pytest.raises(KeyRevoked) as refused:
        decide_trust(store, "acme", KEY.public_key, trust_on_first_use=True, is_installed=True)
    assert (refused.value.exit_code, refused.value.details["publisher"]) == (4, "acme")


@pytest.mark.parametrize(
    "store", [TrustStore({"acme": (OTHER,)}), TrustStore({}, {"acme": OTHER}), TrustStore()]
)
def test_a_retired_key_vouches_for_what_is_installed(store):
    """What came in under a key that was replaced since may go on; nothing new comes in under it."""
    store = replace(store, retired_keys={"acme": (MINE,)})
    verdict = decide_trust(store, "acme", KEY.public_key, trust_on_first_use=False, is_installed=True)
    assert (verdict.decision, verdict.store) == ("key_retired", store)
    with pytest.raises((TrustedPublisherKeyMismatch, TofuKeyMismatch, UntrustedPublisher)):
        decide_trust(store, "acme", KEY.public_key, trust_on_first_use=True)


@pytest.mark.parametrize("field", ["retired_keys", "revoked_keys"])
def test_nobody_inherits_a_publisher_without_a_key(field):
    """Where all keys are gone, the next one is not the first: an operator must name it."""
    store = TrustStore(**{field: {"acme": (OTHER,)}})
    with pytest.raises(UntrustedPublisher, match="not its first"):
        decide_trust(store, "acme", KEY.public_key, trust_on_first_use=True)


def test_the_store_of_the_log():
    """Each key of each publisher is in the place of its standing."""
    keys = {
        standing: SigningKeyRecord("ed25519:01", f"{number}" * 64, standing)
        for number, standing in enumerate(KeyStanding)
    }
    publisher = Publisher("acme", {record.public_key: record for record in keys.values()})
    store = trust_store_of(
        [publisher, Publisher("orchid", {MINE: SigningKeyRecord("k", MINE, KeyStanding.PINNED)})]
    )
    assert store == TrustStore(
        {"acme": ("0" * 64,)},
        {"acme": "1" * 64, "orchid": MINE},
        {"acme": ("2" * 64,)},
        {"acme": ("3" * 64,)},
    )


@pytest.mark.parametrize(
    "document",
    [
        b"[1]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"x":1}',
        b'{"tofu_publishers":[]}',
        b" " * TRUST_STORE_BYTES_MAX + b"{}",
    ],
    ids=["list", "cut", "utf8", "deep", "unknown", "list in it", "size"],
)
def test_hostile_stores_are_typed_errors(document):
    """Nobody is trusted because a file could not be read."""
    with pytest.raises(Serialization):
        parse_trust_store(document)
