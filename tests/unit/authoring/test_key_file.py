from __future__ import annotations

import stat

import pytest

from palyra_runtime.authoring import generate_key, read_key, read_public_key
from palyra_runtime.authoring.errors import KeyFileExists, ProjectNotWritten, UnknownKeyFile
from palyra_runtime.skills.errors import InvalidSigningKeyLength


def seed(size):
    return bytes(range(size))


def test_a_key_is_for_its_owner_alone(tmp_path):
    """The file and the folder that is made for it."""
    path = tmp_path / "keys" / "acme.key"

    generate_key(path, seed)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_is_shown_of_a_key_is_its_public_half(tmp_path):
    """The same when it is made and when it is read, and it verifies what the key signs."""
    made = generate_key(tmp_path / "acme.key", seed)

    key = read_key(made.path)
    assert read_public_key(made.path) == made
    assert key.sign("00" * 32, publisher="acme", signed_at_unix_ms=0).key_id == made.key_id
    assert (tmp_path / "acme.key").read_text().strip() not in repr(made)


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_a_key_is_never_written_over(tmp_path, kind):
    """Whatever is there stays; a link is not followed, wherever it leads."""
    path = tmp_path / "acme.key"
    if kind == "file":
        path.write_text("mine")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(KeyFileExists):
        generate_key(path, seed)

    assert [each.name for each in tmp_path.iterdir()] == ["acme.key"]
    assert kind != "file" or path.read_text() == "mine"


def test_a_place_where_no_key_can_be_is_told(tmp_path):
    """A file is no folder."""
    (tmp_path / "keys").write_text("")

    with pytest.raises(ProjectNotWritten):
        generate_key(tmp_path / "keys" / "acme.key", seed)


def test_a_key_that_is_not_there_is_told(tmp_path):
    """With the file that was looked for."""
    with pytest.raises(UnknownKeyFile, match=r"acme\.key"):
        read_key(tmp_path / "acme.key")


def test_a_file_that_holds_no_key_is_told(tmp_path):
    """And what it holds is not."""
    (tmp_path / "acme.key").write_text("pass phrase")

    with pytest.raises(InvalidSigningKeyLength) as refused:
        read_key(tmp_path / "acme.key")

    assert "pass phrase" not in str(refused.value)
