from __future__ import annotations

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from palyra_runtime.capabilities.secrets import (
    InvalidSecret,
    KeyFile,
    SecretFile,
    SecretFileDamaged,
    SecretFileUnreadable,
    UnknownSecret,
    WrongSecretKey,
)

VALUE = b"a value of some length"


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    return key_file(tmp_path / "key")


def key_file(path: Path) -> KeyFile:
    path.write_bytes(os.urandom(32))
    path.chmod(0o600)
    return KeyFile(path)


@pytest.fixture
def secrets(tmp_path, key) -> SecretFile:
    return SecretFile(tmp_path / "secrets.json", key, os.urandom)


def test_empty(secrets):
    """A file that is not there is an empty one."""
    assert (secrets.list(), secrets.read("key")) == ((), None)


def test_set_read_list_delete(secrets):
    """What is kept is there under its name, until it is deleted."""
    secrets.set("b", VALUE)
    secrets.set("a", bytes(range(256)))
    secrets.set("b", VALUE * 2)
    kept = (secrets.list(), secrets.read("a").value, secrets.read("b").value)
    secrets.delete("a")
    assert kept == (("a", "b"), bytes(range(256)), VALUE * 2)
    assert (secrets.list(), secrets.read("a")) == (("b",), None)


def test_nothing_in_the_clear(secrets, tmp_path):
    """Neither a value nor a name is on the disk, and only the owner can read the files."""
    secrets.set("telltale-name", VALUE)
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert (VALUE in content, b"telltale" in content, modes) == (False, False, {0o600})


def test_same_content_twice(secrets, tmp_path):
    """Writing the same again gives another document: no nonce is used twice."""
    secrets.set("a", VALUE)
    first = (tmp_path / "secrets.json").read_bytes()
    secrets.set("a", VALUE)
    assert (tmp_path / "secrets.json").read_bytes() != first


def test_delete_what_is_not_there(secrets):
    """Deleting what is not there says so."""
    with pytest.raises(UnknownSecret):
        secrets.delete("key")


@pytest.mark.parametrize(
    ("name", "value"), [("Key", VALUE), ("", VALUE), ("key", b"short"), ("key", b"x" * 65_537)]
)
def test_invalid(secrets, name, value):
    """A name or value that cannot be a secret's is refused, and nothing is written."""
    with pytest.raises(InvalidSecret):
        secrets.set(name, value)
    assert secrets.list() == ()


def test_wrong_key(secrets, tmp_path):
    """Another key opens nothing, and cannot overwrite what it cannot open."""
    secrets.set("a", VALUE)
    before = (tmp_path / "secrets.json").read_bytes()
    other = SecretFile(tmp_path / "secrets.json", key_file(tmp_path / "other"), os.urandom)
    for act in (
        lambda: other.read("a"),
        other.list,
        lambda: other.set("b", VALUE),
        lambda: other.delete("a"),
    ):
        with pytest.raises(WrongSecretKey):
            act()
    assert (tmp_path / "secrets.json").read_bytes() == before


@pytest.mark.parametrize("size", [8, 9, 10])
def test_each_byte_counts(secrets, tmp_path, size):
    """No byte of the file can be changed unnoticed, however its parts end."""
    secrets.set("a", bytes(size))
    path = tmp_path / "secrets.json"
    document = path.read_bytes()
    noticed = 0
    for index, byte in enumerate(document):
        path.write_bytes(document[:index] + bytes([byte ^ 1]) + document[index + 1 :])
        try:
            secrets.read("a")
        except (WrongSecretKey, SecretFileDamaged):
            noticed += 1
    assert noticed == len(document)


@pytest.mark.parametrize("document", [b"", b"{}", b"\xff", b"null", b'{"format":"palyra-secrets@2"}'])
def test_damaged(secrets, tmp_path, document):
    """A file that this program did not write is refused, and left as it is."""
    (tmp_path / "secrets.json").write_bytes(document)
    with pytest.raises(SecretFileDamaged):
        secrets.set("a", VALUE)
    assert (tmp_path / "secrets.json").read_bytes() == document


def test_unreadable(tmp_path, key):
    """A place that is no file, or is nowhere, is an error that names it."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(SecretFileUnreadable, match="folder"):
        SecretFile(tmp_path / "folder", key, os.urandom).read("a")
    with pytest.raises(SecretFileUnreadable, match="nowhere"):
        SecretFile(tmp_path / "nowhere" / "file", key, os.urandom).set("a", VALUE)


def test_left_over_from_a_crash(secrets, tmp_path):
    """A new file that a crash left half written is no obstacle, and is never read."""
    secrets.set("a", VALUE)
    (tmp_path / "secrets.json.new").write_bytes(b"half")
    secrets.set("b", VALUE)
    assert secrets.list() == ("a", "b")


def test_link_in_the_way(secrets, tmp_path):
    """A link that somebody laid where the new file goes is not followed."""
    (tmp_path / "target").write_bytes(b"untouched")
    (tmp_path / "secrets.json.new").symlink_to(tmp_path / "target")
    with pytest.raises(SecretFileUnreadable):
        secrets.set("a", VALUE)
    assert (tmp_path / "target").read_bytes() == b"untouched"


def test_two_writers(tmp_path, key):
    """Writers wait for one another, so none of their secrets is lost."""

    def write(part: int) -> None:
        secrets = SecretFile(tmp_path / "secrets.json", key, os.urandom)
        for number in range(10):
            secrets.set(f"{part}-{number}", VALUE)

    threads = [Thread(target=write, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(SecretFile(tmp_path / "secrets.json", key, os.urandom).list()) == 40
