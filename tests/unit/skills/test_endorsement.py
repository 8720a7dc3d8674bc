from __future__ import annotations

import base64

import pytest

from palyra_runtime.skills import check_endorsement, endorse
from palyra_runtime.skills.errors import SignatureVerificationFailed
from tests.sample_skills import KEY, OTHER_KEY

NEW = "6d" * 32
OLD, OTHER = KEY.public_key.hex(), OTHER_KEY.public_key.hex()
WORD = endorse(KEY, "acme", NEW)


def test_the_key_that_has_endorsed_is_found():
    """Of several current keys, the one that signed is the one that is replaced."""
    assert check_endorsement(f" {WORD}\n", "acme", NEW, [OTHER, OLD]) == OLD


@pytest.mark.parametrize(
    ("word", "publisher", "new", "candidates"),
    [
        (WORD, "orchid", NEW, [OLD]),
        (WORD, "acme", OTHER, [OLD]),
        (WORD, "acme", NEW, [OTHER]),
        (WORD, "acme", NEW, []),
        (endorse(OTHER_KEY, "acme", NEW), "acme", NEW, [OLD]),
        (base64.b64encode(bytes(64)).decode(), "acme", NEW, [OLD]),
        (WORD[:-4], "acme", NEW, [OLD]),
        ("word", "acme", NEW, [OLD]),
        ("ä", "acme", NEW, [OLD]),
        ("", "acme", NEW, [OLD]),
    ],
    ids=["publisher", "new key", "key", "no key", "signer", "zeros", "cut", "text", "no ascii", "empty"],
)
def test_an_endorsement_is_for_one_publisher_and_one_key(word, publisher, new, candidates):
    """Nothing of it can be used for something else."""
    with pytest.raises(SignatureVerificationFailed):
        check_endorsement(word, publisher, new, candidates)


def test_an_artifacts_signature_is_no_endorsement():
    """What a publisher signs day by day never hands its name on."""
    signature = KEY.sign("ab" * 32, publisher="acme", signed_at_unix_ms=0)

    with pytest.raises(SignatureVerificationFailed):
        check_endorsement(signature.signature_base64, "acme", NEW, [OLD])
