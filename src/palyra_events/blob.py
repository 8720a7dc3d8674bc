"""Bytes that are kept beside the log, and how an event names them.

A row of the log is for ever; bytes that are big, or that somebody may ask to have erased, are
not. So an event carries a digest, and the bytes are written in the same transaction. Dropping
them later leaves every event, every leaf hash and every proof as it was.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from binascii import unhexlify
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from palyra_events.errors import InvalidInput, LogDamaged

#: bytes; as long as the digest, so that guessing the salt is no easier than guessing the text
SALT_SIZE = 32

#: Inside a text a quotation mark has a backslash before it, so no text of a plugin looks like these.
_REFERENCE = re.compile(rb'\{"(?:sha256":"([0-9a-f]{64})","size":[0-9]+|hmac":"([0-9a-f]{64})")\}')

HexDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes to keep, under the digest that an event names them by."""

    digest: bytes
    content: bytes


class BlobRef(BaseModel):
    """Names bytes by their SHA-256 and size."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: HexDigest
    size: Annotated[int, Field(ge=0)]

    @property
    def digest(self) -> bytes:
        """The key of the blob."""
        return bytes.fromhex(self.sha256)

    def check(self, content: bytes) -> bytes:
        """Return ``content`` if it is what this names.

        Raises:
            LogDamaged: the bytes were changed.
        """
        if len(content) != self.size or hashlib.sha256(content).hexdigest() != self.sha256:
            raise LogDamaged(f"The bytes kept as {self.sha256[:12]} are not the bytes that were recorded.")
        return content


class SealedRef(BaseModel):
    """Names a text that a person wrote, without telling anything about it.

    A plain hash of a short text can be found by guessing, also after the text was erased. This is
    an HMAC under a random salt; the salt lies beside the text and is dropped together with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hmac: HexDigest

    @property
    def digest(self) -> bytes:
        """The key of the blob."""
        return bytes.fromhex(self.hmac)

    def open(self, content: bytes) -> str:
        """Return the text that is sealed in the blob ``content``.

        Raises:
            LogDamaged: salt or text were changed.
        """
        salt, text = content[:SALT_SIZE], content[SALT_SIZE:]
        if not hmac.compare_digest(hmac.digest(salt, text, "sha256"), self.digest):
            raise LogDamaged(f"The text kept as {self.hmac[:12]} is not the text that was recorded.")
        return text.decode()


def keep(content: bytes) -> tuple[BlobRef, Blob]:
    """Return the reference for an event and the blob to append with it."""
    digest = hashlib.sha256(content).digest()
    return BlobRef(sha256=digest.hex(), size=len(content)), Blob(digest, content)


def seal(text: str, salt: bytes) -> tuple[SealedRef, Blob]:
    """Return the reference and the blob of a text that may have to be erased one day.

    ``salt`` is `SALT_SIZE` random bytes, never used twice.

    Raises:
        InvalidInput: the text holds half of a surrogate pair, as broken bytes on a command line do.
    """
    assert len(salt) == SALT_SIZE, "a salt of another size could not be told from the text"
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput("The text is not valid Unicode.") from error
    digest = hmac.digest(salt, content, "sha256")
    return SealedRef(hmac=digest.hex()), Blob(digest, salt + content)


def blob_digests(state: bytes) -> list[bytes]:
    """Return the digests of the bytes beside the log that an event names, from the bytes of the event."""
    return [unhexlify(blob or sealed) for blob, sealed in _REFERENCE.findall(state)]
