from __future__ import annotations

import hashlib
import hmac

import pytest

from palyra_events.blob import SALT_SIZE, BlobRef, SealedRef, keep, seal
from palyra_events.errors import InvalidInput, LogDamaged

SALT = bytes(range(SALT_SIZE))


def test_bytes_are_kept_under_their_sha256():
    """The event names size and digest; the blob is stored under the same digest."""
    reference, blob = keep(b"artifact")
    assert reference == BlobRef(sha256=hashlib.sha256(b"artifact").hexdigest(), size=8)
    assert (blob.digest, blob.content) == (reference.digest, b"artifact")


def test_kept_bytes_are_checked_when_they_come_back():
    """What comes back is what was recorded."""
    reference, blob = keep(b"artifact")
    assert reference.check(blob.content) == b"artifact"


@pytest.mark.parametrize("content", [b"", b"artifac", b"artifacT", b"artifact "])
def test_changed_bytes_are_found(content):
    """No other bytes pass for the recorded ones."""
    reference, _ = keep(b"artifact")
    with pytest.raises(LogDamaged):
        reference.check(content)


def test_a_reference_that_lies_about_the_size_is_found():
    """A quota that trusts the recorded size cannot be fooled."""
    reference = keep(b"artifact")[0].model_copy(update={"size": 1})
    with pytest.raises(LogDamaged):
        reference.check(b"artifact")


def test_nothing_can_be_kept():
    """An empty output is a blob like any other."""
    reference, blob = keep(b"")
    assert reference.size == 0
    assert reference.check(blob.content) == b""


@pytest.mark.parametrize(
    "text", ["reviewed", "geprüft ✔", "", "a\x00b", "x" * 100_000], ids=lambda text: ascii(text[:9])
)
def test_a_sealed_text_is_opened(text):
    """The text that was sealed comes out again."""
    reference, blob = seal(text, SALT)
    assert reference.open(blob.content) == text


def test_a_seal_is_an_hmac_under_the_salt_that_lies_beside_the_text():
    """An auditor can check a seal with nothing but RFC 2104."""
    reference, blob = seal("reviewed", SALT)
    assert reference.hmac == hmac.new(SALT, b"reviewed", "sha256").hexdigest()
    assert blob.content == SALT + b"reviewed"
    assert SALT_SIZE == 32
    assert blob.digest == reference.digest


def test_a_seal_tells_nothing_of_an_erased_text():
    """The same text under another salt has another seal, so it is not found by guessing."""
    assert seal("yes", SALT)[0] != seal("yes", SALT[::-1])[0]


@pytest.mark.parametrize(
    "tampered",
    [b"", SALT, SALT + b"reviewee", SALT[::-1] + b"reviewed", SALT[:-1] + b"reviewed", SALT + b"\xff"],
    ids=["gone", "no text", "other text", "other salt", "short salt", "not UTF-8"],
)
def test_a_tampered_text_is_found(tampered):
    """Neither salt nor text can be changed without notice."""
    reference, _ = seal("reviewed", SALT)
    with pytest.raises(LogDamaged):
        reference.open(tampered)


@pytest.mark.parametrize("size", [0, SALT_SIZE - 1, SALT_SIZE + 1])
def test_a_salt_has_one_size(size):
    """A salt of another size would make a blob that nobody can open."""
    with pytest.raises(AssertionError):
        seal("reviewed", bytes(size))


def test_a_broken_text_is_refused_by_name():
    """Broken bytes on a command line are the caller's mistake and not a crash."""
    with pytest.raises(InvalidInput):
        seal("\udcff", SALT)


@pytest.mark.parametrize("digest", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n"], ids=ascii)
def test_a_digest_has_one_spelling(digest):
    """A digest is 64 digits in lower case: the same bytes have one name."""
    with pytest.raises(ValueError, match="pattern"):
        BlobRef(sha256=digest, size=1)
    with pytest.raises(ValueError, match="pattern"):
        SealedRef(hmac=digest)
