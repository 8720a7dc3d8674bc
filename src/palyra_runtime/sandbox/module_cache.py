"""Compiled modules on disk, each with a proof that this host has made it.

Compiled code is native code: whoever can slip some in, runs it. So a file holds a MAC over what it is
the code of and over the code itself, under a key that only this home has, and bytes that fail it
are never given to the engine. They are not looked into for a reason either: whatever is wrong with an
entry, the module is compiled again.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Self

from palyra_runtime.sandbox.engine import fingerprint
from palyra_runtime.sandbox.errors import UnsafeModuleCache
from palyra_runtime.sandbox.form import Form

KEY_BYTES = 32

#: sum of the files' sizes; the oldest go first
_BYTES_MAX = 512 * 1024**2
_MAC_BYTES = 32
_SUFFIX = ".compiled"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600

_log = logging.getLogger(__name__)


class ModuleCache:
    """Compiled modules in a folder of this home, by the digest of the module; any thread may ask.

    A cache only saves time: where it cannot be read or written, modules are compiled. ``key`` is secret
    and vouches for every entry, so it is kept away from guests and from other homes.
    """

    def __init__(self, directory: Path, key: bytes) -> None:
        self._directory = directory
        self._key = key

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Return the cache in ``directory``, which is made, with a new random key, where it is missing.

        Raises:
            UnsafeModuleCache: others can read or replace the key, so it vouches for nothing.
            OSError: the folder or the key can neither be read nor made.
        """
        directory.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        return cls(directory, _read_key(directory / "key"))

    def load(self, digest: bytes, form: Form) -> bytes | None:
        """Return the compiled code of the guest with this SHA-256, or None where no good one is kept."""
        try:
            content = self._path(digest, form).read_bytes()
        except OSError:
            return None
        mac, compiled = content[:_MAC_BYTES], content[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(digest, form, compiled)):
            _log.warning("compiled module %s is not what this host has made; compiling it", digest.hex())
            return None
        return compiled

    def store(self, digest: bytes, form: Form, compiled: bytes) -> None:
        """Keep the compiled code of a guest; old ones make room for it."""
        path = self._path(digest, form)
        temporary = path.with_suffix(f".{token_hex(8)}")
        try:
            _write(temporary, self._mac(digest, form, compiled) + compiled)
            temporary.replace(path)
            self._make_room()
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            _log.warning("a compiled module was not kept: %s", error)

    def _path(self, digest: bytes, form: Form) -> Path:
        # The engine is in the name too, so that two versions over one home do not fight for a place.
        name = hashlib.sha256(_engine(form) + digest).hexdigest()
        return self._directory / f"{name}{_SUFFIX}"

    def _mac(self, digest: bytes, form: Form, compiled: bytes) -> bytes:
        context = _engine(form) + digest + len(compiled).to_bytes(8)
        return hmac.digest(self._key, context + compiled, "sha256")

    def _make_room(self) -> None:
        files = sorted(
            _with_status(self._directory.glob(f"*{_SUFFIX}")), key=lambda entry: -entry[1].st_mtime
        )
        total = 0
        for path, status in files:
            total += status.st_size
            if total > _BYTES_MAX:
                path.unlink(missing_ok=True)


@cache
def _engine(form: Form) -> bytes:
    """Return what compiled code depends on besides the module: the engine, and what the processor can do."""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
        return hashlib.sha256(f"{fingerprint(form)}\n{flags}".encode()).digest()
    return hashlib.sha256(fingerprint(form).encode()).digest()


def _with_status(paths: Iterable[Path]) -> Iterable[tuple[Path, os.stat_result]]:
    for path in paths:
        with suppress(OSError):  # another process may be making room as well
            yield path, path.stat()


def _read_key(path: Path) -> bytes:
    if not path.exists():
        _make_key(path)
    return _checked_key(path)


def _make_key(path: Path) -> None:
    """Write a key beside and link it in: nobody reads half a key, and of two makers one is first."""
    temporary = path.with_suffix(f".{token_hex(8)}")
    try:
        _write(temporary, os.urandom(KEY_BYTES), is_synced=True)
        path.hardlink_to(temporary)
    except FileExistsError:
        _log.debug("another process made the key first")
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, content: bytes, *, is_synced: bool = False) -> None:
    """Write a file. An entry that a loss of power tears is made again; a torn key would end all."""
    # Only opening it like this sets the mode from the first moment.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        if is_synced:
            file.flush()
            os.fsync(descriptor)


def _checked_key(path: Path) -> bytes:
    for place in (path, path.parent):
        status = place.stat()
        if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077:
            raise UnsafeModuleCache(f"{place} is not for its owner alone.", path=str(place))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise UnsafeModuleCache(f"{path} does not hold a key of {KEY_BYTES} bytes.", path=str(path))
    return key
