from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from palyra_runtime.skills import open_artifact
from tests.shell import Finished, Shell

pytestmark = pytest.mark.slow


@pytest.fixture
def author(tmp_path) -> Shell:
    """The command line of an author, who has no database; commands are typed in a folder of their own."""
    return Shell(tmp_path / "home")


@pytest.fixture
def echo(author, tmp_path) -> Path:
    """A new project in WAT."""
    folder = tmp_path / "echo"
    made = author("skill", "new", "--lang", "wat", "acme.echo", "--dir", str(folder))
    assert made.code == 0, made.err
    return folder


@pytest.fixture
def typed(author, echo):
    """Types a command about that project."""

    def type_it(*arguments: str) -> Finished:
        return author(*arguments, "--dir", str(echo))

    return type_it


@pytest.fixture
def built(typed) -> None:
    """That project, built."""
    assert typed("skill", "build").code == 0


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_an_author_needs_no_database(author, typed, built, tmp_path):
    """From a new project to an artifact, nothing but the key is in the home."""
    assert typed("skill", "test").code == 0
    assert author("key", "generate", "acme").code == 0
    assert typed("skill", "pack").code == 0

    assert [str(path.relative_to(tmp_path / "home")) for path in (tmp_path / "home").rglob("*")] == [
        "keys",
        "keys/acme.key",
    ]


def test_a_new_project_is_told_as_json(author, tmp_path):
    """With the publisher that the actor gives where nobody says it."""
    made = author("skill", "new", "--lang", "c", "tiny", "--dir", str(tmp_path / "x" / "tiny"), "-o", "json")

    assert made.json == {
        "skill_id": "ada.tiny",
        "publisher": "ada",
        "language": "c",
        "folder": str(tmp_path / "x" / "tiny"),
    }


def test_a_project_is_never_written_over(author, echo):
    """Exit code 5, and what to do."""
    again = author("skill", "new", "--lang", "c", "acme.echo", "--dir", str(echo), "-o", "json")

    assert (again.code, again.error["code"]) == (5, "PROJECT_EXISTS")


def test_a_name_that_cannot_be_is_refused(author, tmp_path):
    """Exit code 2, and nothing is made."""
    refused = author("skill", "new", "--lang", "c", "../Echo", "-o", "json")

    assert (refused.code, refused.error["code"]) == (2, "INVALID_PROJECT_NAME")
    assert list(tmp_path.iterdir()) == []


def test_a_build_tells_what_it_made(typed):
    """The module, its size, and what made it."""
    (module,) = typed("skill", "build", "-o", "json").json["modules"]

    assert (module["name"], module["tool"]["name"]) == ("echo", "wat2wasm")


def test_a_missing_compiler_is_named(author, tmp_path):
    """Exit code 7, and the command that installs one."""
    folder = str(tmp_path / "rusty")
    author("skill", "new", "--lang", "rust", "acme.rusty", "--dir", folder)
    bare = replace(author, variables={"PATH": ""})

    refused = bare("skill", "build", "--dir", folder)

    assert refused.code == 7
    assert "rustup target add wasm32-unknown-unknown" in refused.err


def test_a_mistake_is_shown_in_the_compilers_words(author, tmp_path):
    """On standard error for people, in the details for programs; what it says cannot steer a terminal."""
    folder = tmp_path / "see"
    author("skill", "new", "--lang", "c", "acme.see", "--dir", str(folder))
    change(folder / "src" / "plugin.c", "PALYRA_MAIN", "\x1b[2JPALYRA_MAINE")

    person = author("skill", "build", "--dir", str(folder))
    program = author("skill", "build", "--dir", str(folder), "-o", "json")

    assert (person.code, person.out) == (2, "")
    assert "src/plugin.c:13:" in person.err
    assert "\x1b" not in person.err
    assert "src/plugin.c:13:" in program.error["details"]["output"]


def test_a_module_that_does_not_fit_is_told_at_once(typed, echo):
    """It is built all the same; exit code 6, with what an audit would find."""
    change(echo / "src" / "plugin.wat", '"input-size"', '"input-sighs"')

    done = typed("skill", "build")

    assert done.code == 6
    assert "echo.wasm has" in done.out
    assert "'input-sighs', which the host does not offer" in done.err


def test_a_test_shows_what_a_plugin_did(typed, built):
    """Answers, logs, host calls and costs, for programs too."""
    person, program = typed("skill", "test", "event"), typed("skill", "test", "event", "-o", "json")

    for word in ("event: as expected", "fuel ", "memory ", '"greeting": "hello"', "clock.now", "info "):
        assert word in person.out
    (row,) = program.json
    assert (row["fixture"], row["as_expected"], row["answer"]["outcome"]) == ("event", True, "ok")
    assert row["fuel_units"] > 0
    assert row["answer"]["host_calls"][0]["request"] == {"op": "clock.now"}


def test_a_test_tells_a_difference(typed, echo, built):
    """Exit code 6, the lines that differ, and how to take them over."""
    change(echo / "golden" / "event.json", '"hello"', '"goodbye"')

    done = typed("skill", "test")

    assert done.code == 6
    assert '-      "greeting": "goodbye",' in done.out
    assert "tool: as expected" in done.out
    assert "--update" in done.err


def test_an_answer_is_taken_over(typed, echo, built):
    """Only where it differs."""
    change(echo / "golden" / "event.json", '"hello"', '"goodbye"')
    before = (echo / "golden" / "tool.json").stat().st_mtime_ns

    updated, again = typed("skill", "test", "--update"), typed("skill", "test")

    assert (updated.code, again.code) == (0, 0)
    assert "event: golden file written" in updated.out
    assert (echo / "golden" / "tool.json").stat().st_mtime_ns == before


def test_a_fixture_without_a_golden_file_is_a_finding(typed, echo, built):
    """Nobody has looked at the answer yet."""
    (echo / "golden" / "tool.json").unlink()

    assert typed("skill", "test", "tool", "-o", "json").code == 6


@pytest.mark.parametrize(
    ("content", "code", "exit_code"),
    [("{", "INVALID_FIXTURE", 2), ('{"tool": {"id": "acme.none"}}', "INVALID_FIXTURE", 2)],
)
def test_a_fixture_that_makes_no_sense_is_told(typed, echo, built, content, code, exit_code):
    """With its file."""
    (echo / "fixtures" / "odd.json").write_text(content)

    refused = typed("skill", "test", "odd", "-o", "json")

    assert (refused.code, refused.error["code"]) == (exit_code, code)
    assert "odd" in refused.error["message"]


def test_a_fixture_that_is_not_there_is_told(typed, built):
    """Exit code 3."""
    assert typed("skill", "test", "none", "-o", "json").error["code"] == "UNKNOWN_FIXTURE"


def test_a_bench_measures(typed, built):
    """One row for each fixture, with the same fuel in every run."""
    rows = typed("skill", "bench", "--runs", "5", "-o", "json").json

    assert [(row["name"], row["runs"]) for row in rows] == [("event", 5), ("tool", 5)]
    assert all(row["fuel_units_min"] == row["fuel_units_max"] for row in rows)


def test_what_has_changed_since_is_neither_tried_nor_packed(author, typed, echo, built):
    """Exit code 5: build it first."""
    author("key", "generate", "acme")
    change(echo / "src" / "plugin.wat", "65536 and up", "65536 and on")

    refused = [
        typed(*command, "-o", "json")
        for command in (("skill", "test"), ("skill", "bench"), ("skill", "pack"))
    ]

    assert [each.error["code"] for each in refused] == ["NOT_BUILT"] * 3
    assert {each.code for each in refused} == {5}


def test_the_same_project_packs_to_the_same_bytes(author, typed, echo, built, tmp_path):
    """On another day, too; a wish for a time of signing changes that time alone."""
    author("key", "generate", "acme")
    wishing = replace(author, variables={"SOURCE_DATE_EPOCH": "1767225600"})

    typed("skill", "pack", "--out", str(tmp_path / "a"))
    os.utime(echo / "build" / "echo.wasm", (0, 0))
    typed("skill", "pack", "--out", str(tmp_path / "b"))
    wishing("skill", "pack", "--dir", str(echo), "--out", str(tmp_path / "c"))

    first, second, third = ((tmp_path / name).read_bytes() for name in "abc")
    assert first == second
    assert open_artifact(third).signature.signed_at_unix_ms == 1_767_225_600_000


def test_a_wish_that_is_no_time_is_refused(author, echo, built):
    """Rather than guessed at."""
    author("key", "generate", "acme")
    wishing = replace(author, variables={"SOURCE_DATE_EPOCH": "soon"})

    assert wishing("skill", "pack", "--dir", str(echo), "-o", "json").error["code"] == "INVALID_EPOCH"


def test_without_a_key_nothing_is_packed(typed, built):
    """Exit code 3, and how to make one."""
    refused = typed("skill", "pack")

    assert refused.code == 3
    assert "palyra key generate" in refused.err


def test_a_folder_that_is_no_project_is_told(author, tmp_path):
    """By each command that needs one."""
    commands = [("skill", "build"), ("skill", "test"), ("skill", "bench"), ("skill", "pack")]

    refused = [author(*command, "--dir", str(tmp_path), "-o", "json") for command in commands]

    assert [each.error["code"] for each in refused] == ["NO_PROJECT"] * 4


def test_a_key_is_made_once(author, tmp_path):
    """For its owner's eyes; what is shown is the public half."""
    made = author("key", "generate", "acme", "-o", "json")
    again = author("key", "generate", "acme", "-o", "json")
    shown = author("key", "show", "acme", "-o", "json")

    path = tmp_path / "home" / "keys" / "acme.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (again.code, again.error["code"]) == (5, "KEY_FILE_EXISTS")
    assert shown.json == made.json
    assert made.json["key_id"].startswith("ed25519:")
    assert path.read_text().strip() not in made.out


@pytest.mark.parametrize("name", ["../acme", "a/b", "", "A B"])
def test_a_publisher_is_no_path(author, tmp_path, name):
    """A key never lands outside the folder of keys."""
    refused = author("key", "generate", name, "-o", "json")

    assert (refused.code, refused.error["code"]) == (2, "INVALID_IDENTIFIER")
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_can_lie_anywhere(author, typed, built, tmp_path):
    """And whoever has it can sign."""
    key = str(tmp_path / "acme.key")
    made = author("key", "generate", "acme", "--out", key, "-o", "json").json

    packed = typed("skill", "pack", "--key", key, "-o", "json").json

    assert packed["key_id"] == made["key_id"]
    assert json.loads(json.dumps(packed))["modules"] == ["echo.wasm"]
