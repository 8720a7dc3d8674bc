from __future__ import annotations

import base64

import pytest

from palyra_runtime.skills import SigningKey, key_id, parse_signing_key
from palyra_runtime.skills.errors import InvalidSigningKeyLength, SignatureVerificationFailed
from palyra_runtime.skills.signature import verify_signature

#: RFC 8032 section 7.1, test 1
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
HASH = "ab" * 32


def test_public_key_of_the_standards_example():
    """The key is the one that RFC 8032 says."""
    assert SigningKey.from_seed(SEED).public_key.hex() == PUBLIC


def test_key_id():
    """A key's short name is the start of its SHA-256."""
    assert key_id(bytes.fromhex(PUBLIC)) == "ed25519:21fe31dfa154a261"


def test_a_key_does_not_show_itself():
    """Printing a key does not print the secret."""
    shown = f"{SigningKey.from_seed(SEED)!r}{SigningKey.from_seed(SEED)}"
    assert SEED.hex() not in shown
    assert repr(SEED)[2:-1] not in shown


def test_seed_of_another_size():
    """A key is 32 bytes, and the message says how many it got, not which."""
    with pytest.raises(InvalidSigningKeyLength, match="not 31"):
        SigningKey.from_seed(SEED[:31])


@pytest.mark.parametrize(
    "document",
    [
        SEED,
        SEED + b"\n",
        SEED.hex().encode(),
        b"  " + SEED.hex().upper().encode() + b"\r\n",
        base64.b64encode(SEED) + b"\n",
    ],
    ids=["raw", "raw line", "hex", "hex line", "base64"],
)
def test_forms_of_a_key_file(document):
    """Raw, hexadecimal and base64 are one key."""
    assert parse_signing_key(document) == SEED


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\n",
        SEED[:-1],
        SEED + b"x",
        b"correct horse battery staple 32!",
        b"ab" * 16,
        b"AAAA",
        b"zz" * 32,
    ],
)
def test_what_is_no_key(document):
    """Anything else is refused; thirty-two typed characters are not taken for a raw key."""
    with pytest.raises(InvalidSigningKeyLength) as refused:
        parse_signing_key(document)
    assert refused.value.details == {"size": len(document)}


@pytest.mark.parametrize(
    "field", ["payload_sha256", "algorithm", "key_id", "signature_base64", "public_key_base64"]
)
def test_every_signed_field_counts(field):
    """A signature of which one field was changed is not valid."""
    signature = SigningKey.from_seed(SEED).sign(HASH, publisher="acme", signed_at_unix_ms=0)
    verify_signature(signature)
    text = getattr(signature, field)
    changed = text[:-4] + ("AAA=" if text.endswith("=") else "0000")
    with pytest.raises(SignatureVerificationFailed):
        verify_signature(signature.model_copy(update={field: changed}))
