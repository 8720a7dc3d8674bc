"""The signature of an artifact: Ed25519 (RFC 8032) over the hexadecimal text of its payload hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from palyra_events.strict_json import InvalidJson, parse_json
from palyra_runtime.skills.errors import InvalidPublicKey, Serialization, SignatureVerificationFailed
from palyra_runtime.skills.payload import SIGNATURE_PATH

ALGORITHM = "ed25519-sha256"
#: bytes
KEY_SIZE = 32
SIGNATURE_SIZE = 64

_DOCUMENT_BYTES_MAX = 65_536


class Signature(BaseModel):
    """The content of ``signature.json``.

    ``signed_at_unix_ms`` is what the signer's clock said; the signature does not cover it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    algorithm: str
    publisher: str
    key_id: str
    public_key_base64: str
    payload_sha256: str
    signature_base64: str
    signed_at_unix_ms: Annotated[int, Field(ge=-(2**63), lt=2**63)]

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the signer's public key.

        Raises:
            SignatureVerificationFailed: the text is not 32 bytes in base64.
        """
        return decoded(self.public_key_base64, KEY_SIZE, "public key")


def parse_signature(document: bytes) -> Signature:
    """Return the signature that ``signature.json`` holds; it is not verified yet.

    Raises:
        Serialization: it is not JSON, or has other fields than a signature has.
    """
    try:
        return Signature.model_validate(parse_json(document, size_max=_DOCUMENT_BYTES_MAX))
    except InvalidJson as error:
        raise Serialization(f"{SIGNATURE_PATH}: {error.message}") from error
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])[:100]
        raise Serialization(f"{SIGNATURE_PATH} is not a signature: see its field {field!r}.") from error


def verify_signature(signature: Signature) -> None:
    """Check that the key signed the payload hash that the signature names.

    Raises:
        SignatureVerificationFailed: the algorithm, the key, its id or the signature is wrong.
    """
    if signature.algorithm != ALGORITHM:
        raise SignatureVerificationFailed(f"The algorithm {signature.algorithm[:50]!r} is not {ALGORITHM}.")
    key = signature.public_key
    if not hmac.compare_digest(key_id(key).encode(), signature.key_id.encode("utf-8", "replace")):
        raise SignatureVerificationFailed("The key id does not belong to the public key.")
    mark = decoded(signature.signature_base64, SIGNATURE_SIZE, "signature")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            mark, signature.payload_sha256.encode("utf-8", "replace")
        )
    except (InvalidSignature, ValueError) as error:
        raise SignatureVerificationFailed from error


def has_signed(public_key: bytes, statement: bytes, mark: bytes) -> bool:
    """Return whether ``mark`` is the signature over a statement by the holder of an Ed25519 key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(mark, statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_public_key(text: str) -> bytes:
    """Return the 32 bytes of a public key that is given in hexadecimal, or in base64 as artifacts have it.

    Raises:
        InvalidPublicKey: it is neither.
    """
    trimmed = text.strip()
    try:
        if len(trimmed) == 2 * KEY_SIZE:
            return binascii.unhexlify(trimmed)
        return decoded(trimmed, KEY_SIZE, "public key")
    except (binascii.Error, ValueError, SignatureVerificationFailed) as error:
        raise InvalidPublicKey(f"{text[:80]!r} is not a public key of {KEY_SIZE} bytes.") from error


def key_id(public_key: bytes) -> str:
    """Return the short name of a public key: for people to compare, not for programs to trust."""
    return f"ed25519:{hashlib.sha256(public_key).hexdigest()[:16]}"


def decoded(text: str, size: int, noun: str) -> bytes:
    """Return the bytes of a base64 text, which must be the one that encoding them gives.

    Raises:
        SignatureVerificationFailed: it is not, or there are more bytes or fewer.
    """
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureVerificationFailed(f"The {noun} is not base64.") from error
    if len(value) != size or base64.b64encode(value) != text.encode():
        raise SignatureVerificationFailed(f"The {noun} is not {size} bytes in base64.")
    return value
