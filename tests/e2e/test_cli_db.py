"""``palyra db`` and ``palyra event export``, as an operator meets them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from palyra_events.blob import keep
from tests.new_events import new_events
from tests.old_layouts import make_version_0
from tests.shell import Reader, Shell
from tests.stage import SKILL, Stage, answering


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a gateway that has done something."""
    home = tmp_path_factory.mktemp("care") / "home"
    home.mkdir()
    with Stage(f"sqlite:///{home / 'palyra.db'}", home) as stage:
        stage.ready(answering())
        stage.fire()
        stage.palyra.skills.disable(SKILL, reason="not today\x1b[2J")
    return home


@pytest.fixture(scope="module")
def read(kept: Path) -> Reader:
    """The command line over that home. For reading only."""
    return Reader(kept)


@pytest.fixture
def shell(kept: Path, tmp_path: Path) -> Shell:
    """The command line over a copy of that home, to change."""
    shutil.copytree(kept, tmp_path / "home")
    return Shell(tmp_path / "home")


def test_a_sound_database_passes(read):
    """Each check is told, and the exit code is 0."""
    done = read("db", "check")

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[1] == "file        ok      pages and indexes of the file"
    assert read("db", "check", "-o", "json").json["passed"] is True


def test_findings_are_told_and_end_with_6(shell):
    """To people and to programs."""
    with closing(sqlite3.connect(shell.home / "palyra.db")) as connection:
        connection.execute("DROP TRIGGER event_update")
    done = shell("db", "check")

    assert done.code == 6
    assert "layout      failed" in done.out
    assert "- layout: The trigger event_update is missing." in done.err
    told = shell("db", "check", "-o", "json")
    assert told.json["findings"] == [{"check": "layout", "message": "The trigger event_update is missing."}]
    assert told.error["code"] == "STORE_FINDINGS"


def test_sizes_are_told(read):
    """In words, and as numbers for programs."""
    told = read("db", "stats", "-o", "json").json

    assert read("db", "stats").out.startswith(f"events    {told['head']}, ")
    assert sum(topic["events"] for topic in told["topics"]) == told["head"]
    assert told["days"][0]["day"] == "2026-03-01"


def test_a_backup_is_made_checked_and_restored(shell, tmp_path):
    """The restored database says the same, and passes its check."""
    file, other = tmp_path / "backup.db", f"sqlite:///{tmp_path / 'new' / 'palyra.db'}"
    made = shell("db", "backup", str(file), "-o", "json").json
    restored = shell("--db", other, "db", "restore", str(file), "-o", "json").json

    assert restored == made
    assert made["head"] == len(shell("event", "export").lines)
    assert shell("--db", other, "skill", "list").out == shell("skill", "list").out
    assert shell("--db", other, "db", "check").code == 0


def test_nothing_is_overwritten_unasked(shell, tmp_path):
    """Neither a file by a backup, nor a log by a restore."""
    (tmp_path / "backup.db").write_text("precious")
    refused = shell("db", "backup", str(tmp_path / "backup.db"), "-o", "json")

    assert (refused.code, refused.error["code"]) == (5, "FILE_EXISTS")
    assert (tmp_path / "backup.db").read_text() == "precious"
    assert shell("db", "backup", str(tmp_path / "backup.db"), "--force").code == 0
    again = shell("db", "restore", str(tmp_path / "backup.db"), "-o", "json")
    assert (again.code, again.error["code"]) == (5, "DATABASE_NOT_EMPTY")
    itself = shell("db", "backup", str(shell.home / "palyra.db"), "--force", "-o", "json")
    assert (itself.code, itself.error["code"]) == (2, "BACKUP_IS_DATABASE")
    missing = shell("db", "restore", str(tmp_path / "none.db"), "-o", "json")
    assert (missing.code, missing.error["code"]) == (3, "UNKNOWN_BACKUP")


def test_older_tables_are_migrated_on_request(tmp_path):
    """The error says how; --sql changes nothing; the copy of the file is named."""
    shell = Shell(tmp_path)
    make_version_0(f"sqlite:///{tmp_path / 'palyra.db'}", new_events(3), keep(b"bytes")[1])
    refused = shell("event", "list", "-o", "json")
    printed = shell("db", "migrate", "--sql").out

    assert (refused.code, refused.error["code"]) == (7, "DATABASE_TOO_OLD")
    assert printed.splitlines()[0] == "BEGIN;"
    assert printed.splitlines()[-1] == "COMMIT;"
    done = shell("db", "migrate", "--yes")
    assert done.out == (
        "The tables are of version 1 now; they were of version 0.\n"
        f"The file as it was before is {tmp_path / 'palyra.db.version-0'}\n"
    )
    assert shell("db", "check").code == 0
    assert shell("db", "migrate", "--sql").err == "There is nothing to do: the tables are of version 1.\n"


def test_tables_that_cannot_be_migrated_stay(tmp_path):
    """What stands in the way is told."""
    shell = Shell(tmp_path)
    make_version_0(f"sqlite:///{tmp_path / 'palyra.db'}", new_events(3), keep(b"bytes")[1])
    with closing(sqlite3.connect(tmp_path / "palyra.db")) as connection:
        connection.execute("CREATE TABLE checkpoint (theirs INTEGER)")
    done = shell("db", "migrate", "--yes", "-o", "json")

    assert (done.code, done.error["code"]) == (7, "MIGRATION_FAILED")


def test_the_log_is_exported_a_line_for_each_event(read):
    """As event show has it, or as CloudEvents; and no text steers the terminal."""
    lines = read("event", "export").lines
    events = read("event", "export", "--format", "cloudevents", "--after", "1", "--until", "3").lines

    assert [line["position"] for line in lines] == [*range(1, len(lines) + 1)]
    assert lines[2] == read("event", "show", "3", "-o", "json").json
    assert [(event["specversion"], event["id"]) for event in events] == [("1.0", "2"), ("1.0", "3")]
    assert "\x1b" not in read("event", "export").out
    assert read("event", "export").err == f"{len(lines)} events written.\n"
