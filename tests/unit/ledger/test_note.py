from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from palyra_events.ledger import (
    InvalidNote,
    InvalidVerifierKey,
    Note,
    NoteSignature,
    SignatureKind,
    UntrustedNote,
    VerifierKey,
    sign_note,
    verify_note,
)

#: the examples that the specification and the Go implementation publish: a key, a text, a signature line
PUBLISHED = [
    (
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "This is an example message.\n",
        (
            "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E"
            "RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
        ),
    ),
    (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        (
            "If you think cryptography is the answer to your problem,\n"
            "then you don't know what your problem is.\n"
        ),
        (
            "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFY"
            "C2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
        ),
    ),
]

PRIVATE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = PRIVATE_KEY.public_key().public_bytes_raw()
PLAIN = VerifierKey("palyra.test/log", SignatureKind.ED25519, PUBLIC_KEY)
TIMED = VerifierKey("palyra.test/log", SignatureKind.TIMESTAMPED_ED25519, PUBLIC_KEY)
SIGNED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = "palyra.test/log\n3\nAAAA\n"


def check(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Check an Ed25519 signature with the library that the runtime uses."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.fixture
def note() -> Note:
    return sign_note(TEXT, [PLAIN, TIMED], PRIVATE_KEY.sign, SIGNED_AT)


@pytest.mark.parametrize(("key", "text", "line"), PUBLISHED)
def test_published_examples_are_accepted(key: str, text: str, line: str):
    """What others sign can be read, checked and written here, byte for byte."""
    document = f"{text}\n{line}\n".encode()
    note = Note.parse(document)
    assert [str(found.key) for found in verify_note(note, [VerifierKey.parse(key)], check)] == [key]
    assert bytes(note) == document


@pytest.mark.parametrize(("key", "text", "line"), PUBLISHED)
def test_published_examples_with_another_word_are_refused(key: str, text: str, line: str):
    """A changed text has no valid signature."""
    note = Note.parse(f"{text.replace('is', 'was')}\n{line}\n".encode())
    with pytest.raises(UntrustedNote):
        verify_note(note, [VerifierKey.parse(key)], check)


def test_signed_note_tells_who_and_when(note: Note):
    """One private key signs twice: for every reader, and with the time for those who know of it."""
    endorsements = verify_note(Note.parse(bytes(note)), [PLAIN, TIMED], check)
    assert [(found.key, found.signed_at) for found in endorsements] == [(PLAIN, None), (TIMED, SIGNED_AT)]


def test_time_of_signing_cannot_be_changed(note: Note):
    """Another time needs another signature."""
    plain, timed = note.signatures
    later = NoteSignature(timed.name, timed.key_id, bytes(7) + b"\x01" + timed.signature[8:])
    with pytest.raises(UntrustedNote):
        verify_note(Note(note.text, (plain, later)), [PLAIN, TIMED], check)


def test_signature_of_a_stranger_says_nothing(note: Note):
    """Without a trusted signature a note is worth nothing, however many others it has."""
    stranger = VerifierKey("stranger.test", SignatureKind.ED25519, bytes(32))
    with pytest.raises(UntrustedNote, match="None of the signatures"):
        verify_note(note, [stranger], check)


def test_additional_signature_of_a_stranger_does_no_harm(note: Note):
    """Witnesses may add lines to a note that the log's own readers do not know."""
    witness = NoteSignature("witness.test", b"abcd", b"e" * 64)
    both = Note.parse(bytes(Note(note.text, (witness, *note.signatures))))
    assert len(verify_note(both, [PLAIN], check)) == 1


def test_false_signature_under_a_trusted_name_spoils_the_note(note: Note):
    """One false signature of a known key is reason enough to trust none of the note."""
    forged = NoteSignature(PLAIN.name, PLAIN.key_id, bytes(64))
    with pytest.raises(UntrustedNote, match="is false"):
        verify_note(Note(note.text, (*note.signatures, forged)), [PLAIN], check)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\n",
        b"text\n",
        b"text\n\n",
        b"\n\n\xe2\x80\x94 name YWJjZGU=\n",
        "text\n\n— name YWJjZGU=".encode(),
        "text\n\n— name YWJjZGU= \n".encode(),
        "text\n\n— name  YWJjZGU=\n".encode(),
        "text\n\n— na+me YWJjZGU=\n".encode(),
        "text\n\n— name YWJjZA==\n".encode(),
        "text\n\n— name YWJjZGV=\n".encode(),
        "text\n\n— name YWJjZGU\n".encode(),
        b"text\n\n- name YWJjZGU=\n",
        "text\r\n\n— name YWJjZGU=\n".encode(),
        "te\x00xt\n\n— name YWJjZGU=\n".encode(),
        b"te\xffxt\n\n\xe2\x80\x94 name YWJjZGU=\n",
        b"x" * 1_000_001,
        ("text\n\n" + "— name YWJjZGU=\n" * 101).encode(),
    ],
)
def test_what_is_no_note_is_refused(document: bytes):
    """A note has one spelling; everything else is an error that says so."""
    with pytest.raises(InvalidNote):
        Note.parse(document)


@given(st.binary(max_size=200) | st.text(alphabet="ab \n—+=Y", max_size=60).map(str.encode))
def test_accepted_notes_are_written_as_they_were_read(document: bytes):
    """No two spellings of one note are accepted."""
    try:
        note = Note.parse(document)
    except InvalidNote:
        return
    assert bytes(note) == document


@pytest.mark.parametrize("text", ["no newline", "", "\nempty first\n", "two\n\nparts\n", "tab\t\n"])
def test_text_that_could_not_be_read_again_is_not_signed(text: str):
    """What is signed can be read."""
    with pytest.raises(InvalidNote):
        sign_note(text, [PLAIN], PRIVATE_KEY.sign, SIGNED_AT)


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_name_that_could_not_be_read_again_does_not_sign(name: str):
    """A signer's name has no spaces and no plus sign."""
    with pytest.raises(InvalidVerifierKey):
        sign_note(TEXT, [VerifierKey(name, SignatureKind.ED25519, PUBLIC_KEY)], PRIVATE_KEY.sign, SIGNED_AT)


def test_verifier_key_survives_its_text():
    """A key is handed over as one line."""
    assert VerifierKey.parse(f" {TIMED}\n") == TIMED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+CekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_what_is_no_verifier_key_is_refused(text: str):
    """A key whose id is not its own may have been mistyped."""
    with pytest.raises(InvalidVerifierKey):
        VerifierKey.parse(text)


def test_time_beyond_all_calendars_is_refused():
    """A signer who signs nonsense is told so, and not with a traceback."""
    stamp = (2**63).to_bytes(8)
    message = f"cosignature/v1\ntime {2**63}\n{TEXT}".encode()
    line = NoteSignature(TIMED.name, TIMED.key_id, stamp + PRIVATE_KEY.sign(message))
    with pytest.raises(UntrustedNote, match="The time of a signature"):
        verify_note(Note(TEXT, (line,)), [TIMED], check)
