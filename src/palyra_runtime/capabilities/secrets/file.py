"""Secrets in one encrypted file."""

from __future__ import annotations

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.secrets.errors import SecretFileUnreadable, UnknownSecret
from palyra_runtime.capabilities.secrets.sealing import Entropy, SealingKey, seal, unseal
from palyra_runtime.capabilities.secrets.source import check_name, check_value

_OWNER_ONLY = 0o600


class SecretFile:
    """All secrets in one encrypted file, which is read anew at each use and replaced as a whole.

    A file that is not there is an empty one. Writers wait for one another at ``<file>.lock``; readers
    wait for nobody, since a file is only ever replaced by a complete one.
    """

    def __init__(self, path: Path, key: SealingKey, entropy: Entropy) -> None:
        self._path = path
        self._key = key
        self._entropy = entropy

    def read(self, name: str) -> Concealed | None:
        """Return the secret of this name, or None.

        Raises:
            WrongSecretKey, SecretFileDamaged, SecretFileUnreadable, UnsafeKeyFile: it cannot be opened.
        """
        return self._opened().get(check_name(name))

    def list(self) -> tuple[str, ...]:
        """Return the names of all secrets, sorted.

        Raises:
            WrongSecretKey, SecretFileDamaged, SecretFileUnreadable, UnsafeKeyFile: it cannot be opened.
        """
        return tuple(sorted(self._opened()))

    def set(self, name: str, value: bytes) -> None:
        """Keep ``value`` under ``name``, in place of what was there.

        Raises:
            InvalidSecret: name or value cannot be a secret's.
            WrongSecretKey, SecretFileDamaged, SecretFileUnreadable, UnsafeKeyFile: nothing was changed.
        """
        kept = check_value(check_name(name), value)
        with self._alone():
            self._replace({**self._opened(), name: kept})

    def delete(self, name: str) -> None:
        """Forget the secret of this name.

        Raises:
            UnknownSecret: there is none.
            WrongSecretKey, SecretFileDamaged, SecretFileUnreadable, UnsafeKeyFile: nothing was changed.
        """
        with self._alone():
            secrets = self._opened()
            if check_name(name) not in secrets:
                raise UnknownSecret(f"No secret {name!r} is kept in {self._path}.", name=name)
            self._replace({other: value for other, value in secrets.items() if other != name})

    def _opened(self) -> dict[str, Concealed]:
        try:
            document = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SecretFileUnreadable(f"{self._path} cannot be read: {error.strerror}.") from error
        content = json.loads(unseal(document, self._key).value)
        return {name: Concealed(b64decode(text)) for name, text in content.items()}

    def _replace(self, secrets: dict[str, Concealed]) -> None:
        content = {name: b64encode(value.value).decode("ascii") for name, value in sorted(secrets.items())}
        document = seal(Concealed(json.dumps(content).encode()), self._key, self._entropy)
        try:
            _write_whole(self._path, document)
        except OSError as error:
            raise SecretFileUnreadable(f"{self._path} cannot be written: {error.strerror}.") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the writers' lock; the kernel frees it when the process ends."""
        try:
            lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY)
        except OSError as error:
            raise SecretFileUnreadable(f"{self._path} cannot be locked: {error.strerror}.") from error
        with os.fdopen(lock):
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write_whole(path: Path, document: bytes) -> None:
    """Replace the file at once: after a crash there is the old one or the new one, and it is whole."""
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(
        new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, _OWNER_ONLY
    )
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, _OWNER_ONLY)
        file.write(document)
        file.flush()
        os.fsync(descriptor)
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
