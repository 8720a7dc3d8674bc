"""The private key of the ledger: made once, read each time, replaced in two steps.

A rotation touches a file and the log, and can be killed between the two. So the new key lies beside
the old one first, then the log names it, then it takes the old one's place: whoever reads the key
finishes what was begun.
"""

from __future__ import annotations

import base64
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from palyra_runtime.clock import Entropy
from palyra_runtime.ledger.errors import LedgerKeyReplaced, LedgerKeyUnusable
from palyra_runtime.skills import SigningKey, parse_signing_key
from palyra_runtime.skills.errors import InvalidSigningKeyLength
from palyra_runtime.skills.signature import KEY_SIZE

#: bytes; more than any form of a key has
_FILE_BYTES_MAX = 4_096


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file that only its owner can read."""

    path: Path

    @property
    def _following(self) -> Path:
        return self.path.with_name(f"{self.path.name}.next")

    def open(self, entropy: Entropy, current: str | None) -> SigningKey:
        """Return the key; where there is none and the log names none, make it.

        ``current`` is the public key, in hexadecimal, that the log names.

        Raises:
            LedgerKeyUnusable: it cannot be read or made.
            LedgerKeyReplaced: it is another key than the one that the log names.
        """
        if current is None and not self.path.exists():
            self._make(self.path, entropy)
        following = self._read(self._following)
        if following is not None and following.public_key.hex() == current:
            self.advance()
            return following
        key = self._read(self.path)
        if key is None:
            raise LedgerKeyUnusable(f"There is no key at {self.path}.", path=str(self.path))
        if current not in {None, key.public_key.hex()}:
            raise LedgerKeyReplaced(
                f"{self.path} holds the key {key.public_key.hex()[:16]}, and the log names another.",
                path=str(self.path),
            )
        return key

    def public_key(self) -> str | None:
        """Return the public half in hexadecimal, None where there is no key here.

        Raises:
            LedgerKeyUnusable: it cannot be read.
        """
        key = self._read(self.path)
        return None if key is None else key.public_key.hex()

    def prepare(self, entropy: Entropy) -> SigningKey:
        """Make the key that is to take this one's place, in the place of one that never did.

        Raises:
            LedgerKeyUnusable: it cannot be made.
        """
        with suppress(FileNotFoundError):
            self._following.unlink()
        return self._make(self._following, entropy)

    def advance(self) -> None:
        """Let the prepared key take the place of the present one, which is forgotten.

        Raises:
            LedgerKeyUnusable: the file cannot be replaced.
        """
        try:
            self._following.replace(self.path)
        except OSError as error:
            raise self._unusable(self.path, error) from error

    def _make(self, path: Path, entropy: Entropy) -> SigningKey:
        seed = entropy(KEY_SIZE)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(base64.b64encode(seed) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unusable(path, error) from error
        return SigningKey.from_seed(seed)

    def _read(self, path: Path) -> SigningKey | None:
        try:
            with path.open("rb") as file:
                return SigningKey.from_seed(parse_signing_key(file.read(_FILE_BYTES_MAX)))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(path, error) from error
        except InvalidSigningKeyLength as error:
            raise LedgerKeyUnusable(f"{path} holds no key.", path=str(path)) from error

    @staticmethod
    def _unusable(path: Path, error: OSError) -> LedgerKeyUnusable:
        return LedgerKeyUnusable(f"{path} cannot be used: {error.strerror}.", path=str(path))
