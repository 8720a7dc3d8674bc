"""A publisher's own word that another key is its key from now on.

An Ed25519 signature (RFC 8032) by the old key over a domain tag, the publisher's name and the new key,
each preceded by its length, in base64. The tag keeps it apart from signatures of artifacts.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from palyra_runtime.skills.errors import SignatureVerificationFailed
from palyra_runtime.skills.signature import SIGNATURE_SIZE, decoded
from palyra_runtime.skills.signing_key import SigningKey

_DOMAIN = b"palyra.publisher.rotation.v1"


def endorse(key: SigningKey, publisher: str, new_public_key: str) -> str:
    """Return the old key's word for the new one, which is 32 bytes in hexadecimal."""
    return base64.b64encode(key.mark(_statement(publisher, new_public_key))).decode()


def check_endorsement(text: str, publisher: str, new_public_key: str, candidates: Iterable[str]) -> str:
    """Return the one of the candidates that has signed the endorsement; keys are in hexadecimal.

    Raises:
        SignatureVerificationFailed: none of them has, or that is no signature.
    """
    mark = decoded(text.strip(), SIGNATURE_SIZE, "endorsement")
    statement = _statement(publisher, new_public_key)
    for candidate in candidates:
        if _has_signed(candidate, mark, statement):
            return candidate
    raise SignatureVerificationFailed(f"No current key of {publisher} has endorsed this one.")


def _statement(publisher: str, new_public_key: str) -> bytes:
    parts = (publisher.encode(), bytes.fromhex(new_public_key))
    return _DOMAIN + b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def _has_signed(public_key: str, mark: bytes, statement: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(mark, statement)
    except (InvalidSignature, ValueError):
        return False
    return True
