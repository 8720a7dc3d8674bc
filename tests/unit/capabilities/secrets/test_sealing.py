from __future__ import annotations

import json
import os

import pytest

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.secrets import (
    KeyFile,
    Passphrase,
    SecretFileDamaged,
    UnsafeKeyFile,
    WrongSecretKey,
)
from palyra_runtime.capabilities.secrets.sealing import seal, unseal

CONTENT = Concealed(b"content")


def test_passphrase():
    """What a pass phrase sealed, the same words open, and no others."""
    document = seal(CONTENT, Passphrase("correct horse"), os.urandom)
    opened = unseal(document, Passphrase("correct horse"))
    with pytest.raises(WrongSecretKey):
        unseal(document, Passphrase("correct horsf"))
    assert opened == CONTENT


def test_key_file(tmp_path):
    """A key file seals and opens."""
    (tmp_path / "key").write_bytes(os.urandom(32))
    (tmp_path / "key").chmod(0o400)
    key = KeyFile(tmp_path / "key")
    assert unseal(seal(CONTENT, key, os.urandom), key) == CONTENT


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o601])
def test_key_that_others_can_reach(tmp_path, mode):
    """A key file that anybody else can read, write or run is not used."""
    (tmp_path / "key").write_bytes(bytes(32))
    (tmp_path / "key").chmod(mode)
    with pytest.raises(UnsafeKeyFile):
        KeyFile(tmp_path / "key").key(b"")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_key_of_another_size(tmp_path, size):
    """A key has 32 bytes."""
    (tmp_path / "key").write_bytes(bytes(size))
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(UnsafeKeyFile):
        KeyFile(tmp_path / "key").key(b"")


def test_key_behind_a_link(tmp_path):
    """A key file is a file: a link can be laid by somebody else, and a missing one is named."""
    (tmp_path / "key").write_bytes(bytes(32))
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "link").symlink_to(tmp_path / "key")
    for name in ("link", "missing"):
        with pytest.raises(UnsafeKeyFile, match=name):
            KeyFile(tmp_path / name).key(b"")


def test_other_kind_of_key(tmp_path):
    """A file that a pass phrase sealed says so to somebody with a key file."""
    (tmp_path / "key").write_bytes(bytes(32))
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(WrongSecretKey, match="passphrase"):
        unseal(seal(CONTENT, Passphrase("words"), os.urandom), KeyFile(tmp_path / "key"))


@pytest.mark.parametrize(
    "change",
    [{"nonce": ""}, {"nonce": "AA=="}, {"salt": "x"}, {"ciphertext": "x"}, {"extra": 1}, {"format": "x"}],
)
def test_damaged(change):
    """A document with a part that is none is damaged, not a wrong key."""
    document = json.loads(seal(CONTENT, Passphrase("words"), os.urandom))
    with pytest.raises(SecretFileDamaged):
        unseal(json.dumps(document | change).encode(), Passphrase("words"))


def test_not_shown():
    """Keys and pass phrases are not shown when they are printed."""
    key = Passphrase("hidden words")
    assert "hidden" not in f"{key!r} {vars(key)!r} {key.key(bytes(16))!r}"
