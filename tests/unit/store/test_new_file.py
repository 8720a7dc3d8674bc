"""A file appears complete under its name, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from palyra_events.errors import DatabaseUnavailable
from palyra_events.store.new_file import FileBusy, FileExists, new_file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_name_in_the_end(tmp_path):
    """Not before, and nothing else is left."""
    with new_file(tmp_path / "a", replace=False) as partial:
        partial.write_text("all of it")
        assert not (tmp_path / "a").exists()

    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "all of it"


def test_where_the_block_fails_nothing_is_left(tmp_path):
    """Neither the file, nor what SQLite puts beside it."""

    def fail():
        with new_file(tmp_path / "a", replace=False) as partial:
            partial.with_name("a.partial-journal").touch()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert names(tmp_path) == []


def test_what_a_dead_process_left_is_swept_away(tmp_path):
    """Whoever comes next begins with an empty file."""
    for name in ("a.partial", "a.partial-wal", "a.partial-shm", "a.partial-journal"):
        (tmp_path / name).write_text("half")
    with new_file(tmp_path / "a", replace=False) as partial:
        assert partial.read_text() == ""

    assert names(tmp_path) == ["a"]


def test_a_file_that_was_complete_survives_the_death_of_its_maker(tmp_path):
    """Killed between giving the name and taking the other away: both are names of one file."""
    (tmp_path / "a").write_text("complete")
    os.link(tmp_path / "a", tmp_path / "a.partial")
    with new_file(tmp_path / "a", replace=True) as partial:
        partial.write_text("next")
        assert (tmp_path / "a").read_text() == "complete"

    assert (tmp_path / "a").read_text() == "next"


def test_two_do_not_write_one_file(tmp_path):
    """The second one is told so, and the first one is not disturbed."""
    with new_file(tmp_path / "a", replace=False) as partial:
        partial.write_text("first")
        with pytest.raises(FileBusy), new_file(tmp_path / "a", replace=False):
            pass

    assert (tmp_path / "a").read_text() == "first"


def test_a_file_that_appears_meanwhile_stays(tmp_path):
    """Whoever was faster keeps the name."""

    def make():
        with new_file(tmp_path / "a", replace=False) as partial:
            partial.write_text("slow")
            (tmp_path / "a").write_text("fast")

    with pytest.raises(FileExists):
        make()
    assert (tmp_path / "a").read_text() == "fast"
    assert names(tmp_path) == ["a"]


def test_a_folder_that_is_none_is_told(tmp_path):
    """As everything that is wrong with a place."""
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable), new_file(tmp_path / "file" / "a", replace=False):
        pass
