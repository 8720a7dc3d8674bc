"""A publisher's private key: reading it, and signing with it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from palyra_runtime.skills.errors import InvalidSigningKeyLength
from palyra_runtime.skills.signature import ALGORITHM, KEY_SIZE, Signature, key_id

_ASCII_SPACE = b" \t\n\r\x0c"
#: bytes that a person or an editor types
_PRINTABLE = frozenset(range(0x20, 0x7F))


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A publisher's private key; printing it shows nothing of the secret."""

    _key: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """Return the key that 32 secret bytes make (RFC 8032 section 5.1.5).

        Raises:
            InvalidSigningKeyLength: there are more bytes or fewer.
        """
        if len(seed) != KEY_SIZE:
            raise InvalidSigningKeyLength(f"A signing key has {KEY_SIZE} bytes, not {len(seed)}.")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that others know the publisher by."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, payload_hash: str, *, publisher: str, signed_at_unix_ms: int) -> Signature:
        """Return the signature of a payload hash, given in lower-case hexadecimal."""
        return Signature(
            algorithm=ALGORITHM,
            publisher=publisher,
            key_id=key_id(self.public_key),
            public_key_base64=base64.b64encode(self.public_key).decode(),
            payload_sha256=payload_hash,
            signature_base64=base64.b64encode(self.mark(payload_hash.encode())).decode(),
            signed_at_unix_ms=signed_at_unix_ms,
        )

    def mark(self, statement: bytes) -> bytes:
        """Return the 64 bytes of the signature over a statement, which says itself what kind it is of."""
        return self._key.sign(statement)


def parse_signing_key(document: bytes) -> bytes:
    """Return the 32 secret bytes that a key file holds: raw, in hexadecimal or in base64.

    White space around the text is ignored. Thirty-two printable characters are not a raw key but
    most likely half of one in hexadecimal, or a pass phrase; chance makes such a key once in 10^13.

    Raises:
        InvalidSigningKeyLength: it is none of the three.
    """
    trimmed = document.strip(_ASCII_SPACE)
    readings = (_raw(document), _raw(trimmed), _hexadecimal(trimmed), _base64(trimmed))
    seed = next((seed for seed in readings if seed is not None and len(seed) == KEY_SIZE), None)
    if seed is None:
        raise InvalidSigningKeyLength(
            f"The signing key is not {KEY_SIZE} bytes: raw, in hexadecimal or in base64.",
            size=len(document),
        )
    return seed


def _raw(document: bytes) -> bytes | None:
    return None if _PRINTABLE.issuperset(document) else document


def _hexadecimal(text: bytes) -> bytes | None:
    try:
        return binascii.unhexlify(text)
    except binascii.Error:
        return None


def _base64(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
