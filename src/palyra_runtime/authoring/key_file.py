"""A publisher's signing key on disk: for its owner to read, and never written over."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from palyra_runtime.authoring.errors import KeyFileExists, ProjectNotWritten, UnknownKeyFile
from palyra_runtime.clock import Entropy
from palyra_runtime.skills import SigningKey, key_id, parse_signing_key
from palyra_runtime.skills.signature import KEY_SIZE

#: bytes; more than any form of a key has
_FILE_BYTES_MAX = 4_096


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What others know a publisher by; ``path`` is where the private half lies."""

    path: Path
    key_id: str
    public_key_base64: str


def generate_key(path: Path, entropy: Entropy) -> PublicKey:
    """Make a key and write it to a file that only its owner can read; the folder is made if need be.

    Raises:
        KeyFileExists: the file is there, whatever it holds.
        ProjectNotWritten: it cannot be written.
    """
    seed = entropy(KEY_SIZE)
    if os.path.lexists(path):
        raise KeyFileExists(f"{path} is there already.", path=str(path))
    try:
        _write_new(path, base64.b64encode(seed) + b"\n")
    except OSError as error:
        raise ProjectNotWritten(f"{path} cannot be written: {error.strerror}.", path=str(path)) from error
    return _public(path, SigningKey.from_seed(seed))


def read_key(path: Path) -> SigningKey:
    """Return the key that a file holds.

    Raises:
        UnknownKeyFile: there is no such file, or it cannot be read.
        InvalidSigningKeyLength: it holds no key.
    """
    try:
        with path.open("rb") as file:
            document = file.read(_FILE_BYTES_MAX)
    except OSError as error:
        raise UnknownKeyFile(f"{path} cannot be read: {error.strerror}.", path=str(path)) from error
    return SigningKey.from_seed(parse_signing_key(document))


def read_public_key(path: Path) -> PublicKey:
    """Return the public half of the key that a file holds.

    Raises:
        UnknownKeyFile, InvalidSigningKeyLength: as `read_key`.
    """
    return _public(path, read_key(path))


def _write_new(path: Path, content: bytes) -> None:
    """Make a file that is whole from the first moment, and on the disk, with its name, when this returns."""
    folders = [path.parent, *([] if path.parent.exists() else [path.parent.parent])]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{token_hex(8)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        path.hardlink_to(beside)
        for folder in folders:
            _sync_folder(folder)
    finally:
        beside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _public(path: Path, key: SigningKey) -> PublicKey:
    public = key.public_key
    return PublicKey(path, key_id(public), base64.b64encode(public).decode())
