from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.shell import Reader, Shell

TIMES = {"created_at_unix_ms": 1717000000000, "updated_at_unix_ms": 1717000000000}


def write_index(path: Path, *entries: dict[str, object]) -> str:
    """Write a file of the oldest version and return its name."""
    path.write_text(json.dumps({"entries": [{**entry, **TIMES} for entry in entries]}))
    return str(path)


def hooks_in(home: Path) -> list[str]:
    """Return the hooks in the file of the home."""
    document = json.loads((home / "hooks" / "bindings.json").read_bytes())
    return [entry["hook_id"] for entry in document["entries"]]


@pytest.fixture
def old_hooks(tmp_path: Path) -> str:
    """A file with a hook that is free, and one that is bound otherwise here."""
    free = {"hook_id": "Guard", "event": "before_tool", "plugin_id": "greeter", "enabled": False}
    taken = {"hook_id": "greet", "event": "skill:disabled", "plugin_id": "greeter", "enabled": True}
    return write_index(tmp_path / "old.json", {**free, "operator": {"notes": "asks"}}, taken)


def test_hooks_move_over(shell: Shell, old_hooks: str):
    """What would be done is shown, then done as a whole where conflicts are settled; the file follows."""
    looked = shell("hook", "import", old_hooks, "--dry-run")
    refused = shell("hook", "import", old_hooks)
    done = shell("hook", "import", old_hooks, "--replace", "--reason", "moved over")

    assert (looked.code, refused.code, done.code) == (5, 5, 0)
    assert "greet  conflict  here it is skill:enabled to greeter" in looked.out
    assert "guard  bind      run:before_tool to greeter, disabled; not kept: operator" in looked.out
    assert "Entries that are bound otherwise here: 1 of 2." in refused.err
    assert done.err == "2 entries bound.\n"
    assert hooks_in(shell.home) == ["greet", "guard", "hello", "spin"]
    found = shell("audit", "search", '"moved over"', "-o", "json").json
    assert [(row["subject_id"], row["reason"]) for row in found] == [
        ("guard", "moved over"),
        ("guard", "moved over"),
        ("greet", "moved over"),
    ]


def test_plugins_move_over(shell: Shell, tmp_path: Path):
    """The listing tells programs what becomes of each entry, and the export has it afterwards."""
    entry = {"plugin_id": "polite", "skill_id": "acme.greeter", "enabled": True, "tool_id": "acme.greet"}
    name = write_index(tmp_path / "old.json", entry)

    done = shell("plugin", "import", name, "-o", "json")

    (item,) = done.json
    assert (item["name"], item["action"], item["left_out"]) == ("polite", "bind", ["tool_id"])
    exported = shell("plugin", "export").json
    assert [each["plugin_id"] for each in exported["entries"]] == ["greeter", "polite", "spinner"]
    assert exported == json.loads((shell.home / "plugins" / "bindings.json").read_bytes())


def test_what_cannot_be_bound_is_told_to_programs(shell: Shell, tmp_path: Path):
    """The error has a code, and each entry is among its details."""
    lost = {"hook_id": "lost", "event": "skill:enabled", "plugin_id": "nobody", "enabled": True}
    done = shell("hook", "import", write_index(tmp_path / "old.json", lost), "-o", "json")

    assert (done.code, done.error["code"]) == (2, "IMPORT_REFUSED")
    assert done.error["details"]["failures"] == ["lost: Plugin nobody is not bound."]


def test_a_home_without_files(shell: Shell):
    """Who switches the files off has none written."""
    before = hooks_in(shell.home) if (shell.home / "hooks").exists() else None
    (shell.home / "palyra.toml").write_text("binding_files = false\n")

    assert shell("hook", "disable", "greet").code == 0
    assert (hooks_in(shell.home) if (shell.home / "hooks").exists() else None) == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("hook", "import", "nothing.json"), "UNREADABLE_INDEX"),
        (("plugin", "import", "-"), "INVALID_JSON"),
        (("audit", "search", '"open'), "INVALID_SEARCH"),
        (("audit", "log", "--grep", "***"), "INVALID_SEARCH"),
    ],
)
def test_mistakes_have_codes(reader: Reader, arguments: tuple[str, ...], code: str):
    """Each is told from the others, and nothing was done."""
    done = reader(*arguments, "-o", "json")

    assert (done.code, done.error["code"]) == (2, code)


def test_the_trail_is_searched(reader: Reader):
    """Both commands ask the same, in the order of the log, with the other filters."""
    searched = reader("audit", "search", "acme.greeter", "enabled", "-o", "json").json
    grepped = reader("audit", "log", "--grep", "acme.greeter enabled", "-o", "json").json
    by_nobody = reader("audit", "search", "acme.greeter", "--actor", "operator:nobody", "-o", "json").json

    assert searched == grepped != []
    assert "acme.greeter" in {row["subject_id"] for row in searched}
    assert by_nobody == []
    assert [row["position"] for row in searched] == sorted(row["position"] for row in searched)


def test_a_reason_cannot_move_the_cursor(reader: Reader):
    """It is found by its words, and shown without what a terminal obeys."""
    found = reader("audit", "search", "noisy")

    assert "(too noisy[2J)" in " ".join(found.out.split())
    assert "\x1b" not in found.out
