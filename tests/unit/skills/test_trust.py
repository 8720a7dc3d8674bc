from __future__ import annotations

import json

import pytest

from palyra_runtime.skills import TrustStore, decide_trust, parse_trust_store, trust_store_document
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
