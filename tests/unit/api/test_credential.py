from __future__ import annotations

from pathlib import Path

import pytest

from palyra_runtime.api.credential import TokenExposed, TokenMissing, token_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that holds a token, for its owner alone."""
    file = tmp_path / "token"
    file.write_text("of-the-file\n")
    file.chmod(0o600)
    return file


def test_the_file_that_was_named_wins(tmp_path: Path, file: Path):
    """Over the variable; the variable wins over the file in the home."""
    other = file.rename(tmp_path / "other")
    (tmp_path / "token").write_text("of-the-home")
    (tmp_path / "token").chmod(0o400)

    assert token_of(tmp_path, str(other), {"PALYRA_TOKEN": "of-the-variable"}) == "of-the-file"
    assert token_of(tmp_path, None, {"PALYRA_TOKEN": " of-the-variable\n"}) == "of-the-variable"
    assert token_of(tmp_path, None, {}) == "of-the-home"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o610])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, file: Path, mode: int):
    """Also where they are only of the same group."""
    file.chmod(mode)

    with pytest.raises(TokenExposed, match="token"):
        token_of(tmp_path, None, {})


def test_where_there_is_none_it_is_said_where_to_put_one(tmp_path: Path):
    """With what was looked for."""
    with pytest.raises(TokenMissing, match=r"PALYRA_TOKEN is not set, and .*token cannot be read"):
        token_of(tmp_path, None, {"PALYRA_TOKEN": " "})


@pytest.mark.parametrize("content", ["", "two words", "größer", "x" * 1025, "esc\x1b[2J"])
def test_what_can_be_no_token_is_not_sent(tmp_path: Path, file: Path, content: str):
    """A wrong file is noticed here, and nothing of it is shown."""
    file.write_text(content, encoding="utf-8")

    with pytest.raises(TokenMissing) as caught:
        token_of(tmp_path, str(file), {})

    assert caught.value.message == f"{file} holds no token."
