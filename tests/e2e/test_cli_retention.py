"""``palyra erase``, ``palyra actor``, ``palyra blob`` and ``palyra db prune``, as an operator meets them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.shell import Shell
from tests.stage import HOOK, Stage, answering

BOB, WORDS = "operator:f3k9", "my doctor told me to"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a gateway where somebody gave a reason, and a plugin was told of it."""
    home = tmp_path_factory.mktemp("retention") / "home"
    home.mkdir()
    with Stage(f"sqlite:///{home / 'palyra.db'}", home) as stage:
        stage.ready(answering(output='{"result": "done"}'))
        stage.palyra.hooks.bind(HOOK, event="skill:enabled", plugin="echo")
        bob = stage.open("bob", actor=BOB)
        bob.skills.disable("acme.echo")
        bob.skills.enable("acme.echo", reason=WORDS)
        stage.palyra.dispatch.drain()
        stage.palyra.subjects.name(BOB, "Ada Lovelace")
    return home


@pytest.fixture
def shell(kept: Path, tmp_path: Path) -> Shell:
    """The command line over a copy of that home, to change."""
    shutil.copytree(kept, tmp_path / "home")
    return Shell(tmp_path / "home")


def test_a_person_is_erased(shell: Shell):
    """What would go is told first, then what went; the trail says that it was erased, and when."""
    planned = shell("erase", BOB, "--dry-run")
    done = shell("erase", BOB, "--reason", "asked for it", "--yes")

    first, *kinds = planned.out.splitlines()
    assert first.startswith("3 blobs of operator:f3k9 to be dropped, ")
    assert kinds == ["  - reason: 1", "  - input: 1", "  - output: 1"]
    size = first.rpartition(", ")[2].rstrip(".")
    assert done.out.splitlines()[:3] == [
        "erased       operator:f3k9",
        f"blobs        3, {size}",
        "name         taken away",
    ]
    trail = shell("audit", "log").out
    assert (WORDS in trail, "reason erased" in trail) == (False, True)
    assert shell("audit", "verify", "--views").code == 0


def test_programs_read_what_was_erased(shell: Shell):
    """The same as JSON, of the plan and of what was done."""
    planned = shell("erase", BOB, "--dry-run", "-o", "json").json
    done = shell("erase", BOB, "--reason", "asked for it", "-o", "json").json
    assert (planned["blobs"], planned["kinds"]) == (3, {"reason": 1, "input": 1, "output": 1})
    assert (done["subject"], done["had_name"], done["left"]) == (BOB, True, [])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((BOB,), "REASON_REQUIRED"),
        (("plugin:echo", "--reason", "x"), "NOT_A_PERSON"),
        (("operator:nobody", "--reason", "x"), "UNKNOWN_SUBJECT"),
    ],
)
def test_what_cannot_be_erased_is_told(shell: Shell, arguments: tuple[str, ...], code: str):
    """Nothing is erased without a reason, and nobody who is not there."""
    assert shell("erase", *arguments, "-o", "json").error["code"] == code


def test_people_have_names(shell: Shell):
    """Names are given, listed and taken away."""
    assert shell("actor", "list").out.splitlines() == ["ACTOR          NAME", "operator:f3k9  Ada Lovelace"]
    assert shell("actor", "name", BOB, "Ada King").out == "operator:f3k9 is called Ada King.\n"
    assert shell("actor", "unname", BOB).code == 0
    assert shell("actors", "list", "-o", "json").json == []


def test_old_records_are_dropped(shell: Shell):
    """A policy for this once is told, and then carried out; the attempt shows no input any more."""
    planned = shell("db", "prune", "--kind", "input", "--keep-bytes", "0", "--dry-run")
    done = shell("db", "prune", "--kind", "input", "--keep-bytes", "0", "--shrink")

    _, size, _ = planned.out.splitlines()[-1].split(", ")
    assert planned.out.splitlines()[-1] == f"1 blob, {size}, to drop."
    assert (done.code, done.out) == (0, f"1 blob dropped, {size}.\n")
    sizes = {row["kind"]: row["blobs"] for row in shell("blob", "sizes", "-o", "json").json}
    assert ("input" in sizes, sizes["output"]) == (False, 1)


def test_the_policy_is_that_of_the_file(shell: Shell):
    """Without one nothing is dropped; with one, what it says."""
    nothing = shell("db", "prune", "--dry-run")
    (shell.home / "palyra.toml").write_text("[retention]\noutputs = { keep_days = 0 }\n")
    done = shell("db", "prune", "-o", "json").json

    assert nothing.out == "There is nothing to drop.\n"
    assert done == {"dropped": {"blobs": 1, "bytes": 18}, "spared": 0}


def test_bytes_are_shown(shell: Shell):
    """A blob is found by its digest, with the events that name it."""
    (delivery,) = shell("delivery", "list", "-o", "json").json
    (attempt,) = shell("delivery", "attempts", delivery["delivery_id"], "-o", "json").json
    digest = attempt["output_sha256"]
    shown = shell("blob", "show", digest)
    assert shown.out.splitlines()[:3] == [f"digest    {digest}", "kind      output", "size      18 B"]
    assert shell("blob", "show", "abc").code == 2
