"""Signed notes: a text and the signatures under it, as transparency logs exchange them.

The format is that of https://c2sp.org/signed-note: lines of text, an empty line, and lines of the
form ``— name base64(key id ‖ signature)``. A note is read strictly, so that no two spellings of it
are accepted. The signatures themselves are made and checked outside: this module is pure.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Self, TypeAlias

from palyra_events.errors import Findings, InvalidInput

#: bytes of a note, and signatures under it: as other readers of the format bound them
NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100

_KEY_ID_SIZE = 4
_PUBLIC_KEY_SIZE = 32
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_TIME = struct.Struct(">Q")

#: tells whether a signature over a message is by the holder of an Ed25519 key
SignatureCheck: TypeAlias = Callable[[bytes, bytes, bytes], bool]


class InvalidNote(InvalidInput):
    """The text is not a signed note."""

    code = "INVALID_NOTE"
    advice = "Give the whole file as it was written: text, an empty line, signature lines."


class InvalidVerifierKey(InvalidInput):
    """The text is not a verifier key."""

    code = "INVALID_VERIFIER_KEY"
    advice = "It has the form name+keyid+base64, in one line."


class UntrustedNote(Findings):
    """A note is not signed by any key that is trusted, or a signature under it is false."""

    code = "UNTRUSTED_NOTE"
    advice = "Do not rely on it. Ask whoever gave it to you where it comes from."


class SignatureKind(IntEnum):
    """What a signature covers."""

    #: the text
    ED25519 = 0x01
    #: the text and the time of signing (https://c2sp.org/tlog-cosignature)
    TIMESTAMPED_ED25519 = 0x04


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """What checks the signatures of one signer: a name, and an Ed25519 public key of 32 bytes."""

    name: str
    kind: SignatureKind
    public_key: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key that one line tells.

        Raises:
            InvalidVerifierKey: it tells none, or one whose id is not its own.
        """
        found = _VERIFIER_KEY.fullmatch(text.strip())
        content = _decoded(found[3]) if found else b""
        if found is None or len(content) != 1 + _PUBLIC_KEY_SIZE or content[0] not in set(SignatureKind):
            raise InvalidVerifierKey
        key = cls(found[1], SignatureKind(content[0]), content[1:])
        if key.key_id.hex() != found[2]:
            raise InvalidVerifierKey(f"The id of the key is {key.key_id.hex()} and not {found[2]}.")
        return key

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that point a signature to this key; they prove nothing."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key
        return hashlib.sha256(named).digest()[:_KEY_ID_SIZE]

    def __str__(self) -> str:
        content = bytes([self.kind]) + self.public_key
        return f"{self.name}+{self.key_id.hex()}+{_encoded(content)}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line under a note; ``signature`` is what follows the key id."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_encoded(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a newline, and the signatures under it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return the note that these bytes are.

        Raises:
            InvalidNote: they are none.
        """
        document = _text(content)
        text, divider, lines = document.rpartition("\n\n")
        if not divider or not text or not lines.endswith("\n"):
            raise InvalidNote("A note is a text, an empty line, and signature lines.")
        signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
        if len(signatures) > SIGNATURES_MAX:
            raise InvalidNote(f"The note has more than {SIGNATURES_MAX} signatures.")
        return cls(f"{text}\n", signatures)

    def __bytes__(self) -> bytes:
        return "\n".join((self.text, *map(str, self.signatures), "")).encode()


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A signature that was checked: whose it is, and when it was made, where it says so."""

    key: VerifierKey
    signed_at: datetime | None


def signed_message(kind: SignatureKind, text: str, signed_at: int) -> bytes:
    """Return the bytes that a signature of a kind covers; ``signed_at`` is in seconds since 1970."""
    if kind is SignatureKind.ED25519:
        return text.encode()
    return f"cosignature/v1\ntime {signed_at}\n{text}".encode()


def sign_note(
    text: str, keys: Iterable[VerifierKey], sign: Callable[[bytes], bytes], signed_at: datetime
) -> Note:
    """Return a text under one signature for each of these keys, all of one private key.

    Raises:
        InvalidNote: it has characters that a note cannot have, or does not end with a newline.
        InvalidVerifierKey: a name has a space or a plus sign.
    """
    if not text.endswith("\n") or text.startswith("\n") or "\n\n" in text or _CONTROL.search(text):
        raise InvalidNote("The text of a note is lines without control characters, and none is empty.")
    return Note(text, tuple(_sign(text, key, sign, int(signed_at.timestamp())) for key in keys))


def verify_note(note: Note, keys: Iterable[VerifierKey], check: SignatureCheck) -> list[Endorsement]:
    """Return the signatures by keys that are trusted, of which there is at least one.

    Signatures of strangers say nothing and are passed over. A false one under the name and id of a
    trusted key makes the whole note worthless.

    Raises:
        UntrustedNote: no trusted key has signed it, or a signature is false.
    """
    trusted = {(key.name, key.key_id): key for key in keys}
    endorsements = [
        _endorsement(note.text, line, trusted[line.name, line.key_id], check)
        for line in note.signatures
        if (line.name, line.key_id) in trusted
    ]
    if not endorsements:
        raise UntrustedNote("None of the signatures under the note is by a trusted key.")
    return endorsements


def _sign(text: str, key: VerifierKey, sign: Callable[[bytes], bytes], signed_at: int) -> NoteSignature:
    if not _NAME.fullmatch(key.name):
        raise InvalidVerifierKey("The name of a signer has neither spaces nor plus signs.")
    signature = sign(signed_message(key.kind, text, signed_at))
    stamp = _TIME.pack(signed_at) if key.kind is SignatureKind.TIMESTAMPED_ED25519 else b""
    return NoteSignature(key.name, key.key_id, stamp + signature)


def _endorsement(text: str, line: NoteSignature, key: VerifierKey, check: SignatureCheck) -> Endorsement:
    signature, signed_at = line.signature, None
    if key.kind is SignatureKind.TIMESTAMPED_ED25519 and len(signature) > _TIME.size:
        (signed_at,) = _TIME.unpack(signature[: _TIME.size])
        signature = signature[_TIME.size :]
    if not check(key.public_key, signed_message(key.kind, text, signed_at or 0), signature):
        raise UntrustedNote(f"The signature of {line.name} under the note is false.", signer=line.name)
    return Endorsement(key, None if signed_at is None else _moment(signed_at))


def _moment(signed_at: int) -> datetime:
    try:
        return datetime.fromtimestamp(signed_at, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UntrustedNote(f"The time of a signature, {signed_at}, is none.") from error


def _text(content: bytes) -> str:
    if len(content) > NOTE_BYTES_MAX:
        raise InvalidNote(f"A note has at most {NOTE_BYTES_MAX} bytes.")
    try:
        document = content.decode()
    except UnicodeDecodeError as error:
        raise InvalidNote("A note is UTF-8.") from error
    if _CONTROL.search(document):
        raise InvalidNote("A note has no control characters but newlines.")
    return document


def _signature(line: str) -> NoteSignature:
    found = _SIGNATURE_LINE.fullmatch(line)
    content = _decoded(found[2]) if found else b""
    if found is None or len(content) <= _KEY_ID_SIZE:
        raise InvalidNote("A signature line is not of the form: — name base64")
    return NoteSignature(found[1], content[:_KEY_ID_SIZE], content[_KEY_ID_SIZE:])


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: str) -> bytes:
    """Return the bytes of canonical base64; of any other spelling, none."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return content if _encoded(content) == text else b""
