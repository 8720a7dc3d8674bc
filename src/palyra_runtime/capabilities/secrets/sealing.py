"""The encryption of a file of secrets: AES-256-GCM, under a pass phrase or a key file.

The document says in the clear how its key is made, and that part is authenticated too. Sources:
NIST SP 800-38D (GCM), RFC 7914 (scrypt).
"""

from __future__ import annotations

import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import scrypt
from pathlib import Path
from typing import Literal, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, ValidationError

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.secrets.errors import SecretFileDamaged, UnsafeKeyFile, WrongSecretKey

KEY_BYTES = 32
SALT_BYTES = 16
#: bytes; random, so a key seals at most 2**32 documents (SP 800-38D section 8.3)
NONCE_BYTES = 12

#: 32 MiB and about 0.1 s for each guess at the pass phrase
_SCRYPT_N = 2**15
_SCRYPT_R = 8
_SCRYPT_P = 1
_SCRYPT_MEMORY_MAX = 64 * 1024**2

_OTHERS = stat.S_IRWXG | stat.S_IRWXO

Entropy = Callable[[int], bytes]


class _Sealed(BaseModel):
    """The document on disk."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["palyra-secrets@1"] = "palyra-secrets@1"
    key_from: Literal["passphrase", "key_file"]
    salt: str
    nonce: str
    ciphertext: str

    @property
    def header(self) -> bytes:
        """What is authenticated beside the content."""
        return f"{self.format} {self.key_from} {self.salt}".encode()


class SealingKey(Protocol):
    """Whoever has the key of a file."""

    @property
    def kind(self) -> Literal["passphrase", "key_file"]:
        """How the key is made, as the file says."""

    def key(self, salt: bytes) -> Concealed:
        """Return the 32 bytes of the key for a file with this salt."""


class Passphrase:
    """A key from words that a person knows. The key of the last salt is kept: making it takes 0.1 s."""

    kind: Literal["passphrase"] = "passphrase"

    def __init__(self, phrase: str) -> None:
        self._phrase = Concealed(phrase.encode())
        self._made: tuple[bytes, Concealed] | None = None

    def key(self, salt: bytes) -> Concealed:
        """Return the key that scrypt makes of phrase and salt."""
        if self._made is None or self._made[0] != salt:
            key = scrypt(
                self._phrase.value,
                salt=salt,
                n=_SCRYPT_N,
                r=_SCRYPT_R,
                p=_SCRYPT_P,
                maxmem=_SCRYPT_MEMORY_MAX,
                dklen=KEY_BYTES,
            )
            self._made = (salt, Concealed(key))
        return self._made[1]


class KeyFile:
    """A key of 32 bytes in a file that only its owner can read."""

    kind: Literal["key_file"] = "key_file"

    def __init__(self, path: Path) -> None:
        self._path = path

    def key(self, salt: bytes) -> Concealed:  # noqa: ARG002 - 32 random bytes need no salt
        """Return the key.

        Raises:
            UnsafeKeyFile: others can read it, it is not the user's own, or has another size.
        """
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise UnsafeKeyFile(f"{self._path} cannot be read: {error.strerror}.") from error
        with os.fdopen(descriptor, "rb") as file:
            # The open file is looked at, not the path: it could be another one by now.
            status = os.fstat(file.fileno())
            key = file.read(KEY_BYTES + 1)
        is_private = status.st_uid == os.geteuid() and not status.st_mode & _OTHERS
        if not stat.S_ISREG(status.st_mode) or not is_private or len(key) != KEY_BYTES:
            raise UnsafeKeyFile(f"{self._path} is not a private file of {KEY_BYTES} bytes.")
        return Concealed(key)


def seal(content: Concealed, key: SealingKey, entropy: Entropy) -> bytes:
    """Return the document that holds ``content``, under a new salt and a new nonce."""
    salt, nonce = entropy(SALT_BYTES), entropy(NONCE_BYTES)
    empty = _Sealed(key_from=key.kind, salt=_text(salt), nonce=_text(nonce), ciphertext="")
    ciphertext = AESGCM(key.key(salt).value).encrypt(nonce, content.value, empty.header)
    return empty.model_copy(update={"ciphertext": _text(ciphertext)}).model_dump_json(indent=2).encode()


def unseal(document: bytes, key: SealingKey) -> Concealed:
    """Return the content of a document.

    Raises:
        SecretFileDamaged: it is no such document.
        WrongSecretKey: the key is another one, or somebody changed the document.
    """
    try:
        sealed = _Sealed.model_validate_json(document)
        salt, nonce, ciphertext = map(_bytes, (sealed.salt, sealed.nonce, sealed.ciphertext))
    except (ValidationError, ValueError) as error:
        raise SecretFileDamaged from error
    if sealed.key_from != key.kind:
        raise WrongSecretKey(f"The file of secrets opens with a {sealed.key_from.replace('_', ' ')}.")
    if len(nonce) != NONCE_BYTES:
        raise SecretFileDamaged
    try:
        return Concealed(AESGCM(key.key(salt).value).decrypt(nonce, ciphertext, sealed.header))
    except InvalidTag as error:
        raise WrongSecretKey from error


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    """Return what base64 stands for, in its one spelling: the last letter can hold bits of nothing."""
    data = b64decode(text, validate=True)
    if _text(data) != text:
        raise ValueError
    return data
