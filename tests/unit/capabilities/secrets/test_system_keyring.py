from __future__ import annotations

import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked

from palyra_runtime.capabilities.secrets import InvalidSecret, KeyringSecrets, KeyringUnavailable


class MemoryKeyring(KeyringBackend):
    """A keyring of the package's own kind, in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries = {("palyra", "key"): "in the keyring", ("palyra", "short"): "short"}

    def get_password(self, service: str, username: str) -> str | None:
        if username == "locked":
            raise KeyringLocked
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


@pytest.fixture
def backend():
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    yield
    keyring.set_keyring(before)


def test_read(backend):
    """A secret is the keyring's entry of its name under ``palyra``."""
    assert KeyringSecrets().read("key").value == b"in the keyring"


def test_missing(backend):
    """What the keyring has not, or has for somebody else, is no secret."""
    assert (KeyringSecrets().read("other"), KeyringSecrets("other").read("key")) == (None, None)


@pytest.mark.parametrize("name", ["short", "Key"])
def test_invalid(backend, name):
    """Names and values are held to the same rules as anywhere."""
    with pytest.raises(InvalidSecret):
        KeyringSecrets().read(name)


def test_locked(backend):
    """A keyring that is locked is not available; that is not the same as not having the secret."""
    with pytest.raises(KeyringUnavailable):
        KeyringSecrets().read("locked")


def test_no_keyring(backend):
    """A system without a keyring says so."""
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(KeyringUnavailable):
        KeyringSecrets().read("key")


def test_not_installed(monkeypatch):
    """Without the extra the error says how to get it."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(KeyringUnavailable, match="not installed"):
        KeyringSecrets().read("key")
