from __future__ import annotations

import json
from pathlib import Path

import pytest

from palyra_runtime.cli.index_file import UnreadableIndex, read_index, show_plan, tell_done
from palyra_runtime.cli.session import OutputFormat, Session
from palyra_runtime.facade import ImportAction, ImportItem, ImportPlan

PLAN = ImportPlan(
    [
        ImportItem("ask", ImportAction.BIND, "run:before_run to echo", left_out=("operator",)),
        ImportItem("greet", ImportAction.REBIND, "skill:enabled to echo", "here it is \x1b[2J otherwise"),
        ImportItem("keep", ImportAction.KEEP, "skill:enabled to echo"),
    ]
)


def test_a_file_is_read(tmp_path: Path):
    """It is taken as it is, byte for byte."""
    (tmp_path / "bindings.json").write_bytes(b"\xff{}")

    assert read_index(str(tmp_path / "bindings.json")) == b"\xff{}"


@pytest.mark.parametrize("name", ["nothing.json", "."])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str):
    """The message names it."""
    with pytest.raises(UnreadableIndex, match="cannot be read"):
        read_index(str(tmp_path / name))


def test_a_plan_is_a_table(capsys: pytest.CaptureFixture[str]):
    """Each entry has its fate, what is in its way, and what of it is lost; nothing moves the cursor."""
    show_plan(Session(), PLAN)

    assert capsys.readouterr().out.splitlines() == [
        "NAME   ACTION  WHAT",
        "ask    bind    run:before_run to echo; not kept: operator",
        "greet  rebind  here it is [2J otherwise",
        "keep   keep    skill:enabled to echo",
    ]


def test_a_plan_is_records_for_programs(capsys: pytest.CaptureFixture[str]):
    """Every field of every entry is there."""
    show_plan(Session(output=OutputFormat.NDJSON), PLAN)

    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first == {
        "name": "ask",
        "action": "bind",
        "wanted": "run:before_run to echo",
        "problem": None,
        "left_out": ["operator"],
    }


@pytest.mark.parametrize(
    ("is_dry_run", "words"),
    [(False, "2 entries bound."), (True, "2 entries would be bound; nothing was changed.")],
)
def test_a_person_is_told_how_many_were_bound(
    capsys: pytest.CaptureFixture[str], *, is_dry_run: bool, words: str
):
    """What was kept does not count."""
    tell_done(Session(), PLAN, is_dry_run=is_dry_run)

    assert capsys.readouterr().err.strip() == words
