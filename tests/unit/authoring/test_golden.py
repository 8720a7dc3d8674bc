from __future__ import annotations

from dataclasses import replace

import pytest

from palyra_runtime.authoring import Answer, difference, write_golden
from palyra_runtime.authoring.errors import InvalidFixture

ANSWER = Answer("ok", 0, {"result": {"greeting": "größe"}}, [], [], [], [])


def test_an_answer_that_was_taken_over_does_not_differ(project):
    """What is written is what is compared."""
    write_golden(project, "mine", ANSWER)

    assert difference(project, "mine", ANSWER) is None


def test_a_difference_is_told_line_by_line(project):
    """With the lines around it, and those alone."""
    write_golden(project, "mine", ANSWER)

    told = difference(project, "mine", replace(ANSWER, exit_code=7))

    assert told[:2] == ["--- golden/mine.json", "+++ answer"]
    assert '-  "exit_code": 0,' in told
    assert '+  "exit_code": 7,' in told
    assert len(told) < 10


def test_without_a_golden_file_everything_is_a_difference(project):
    """Nobody has looked at the answer yet."""
    told = difference(project, "mine", ANSWER)

    assert [line for line in told[2:] if line.startswith(("-", " "))] == []
    assert '+  "outcome": "ok",' in told


def test_a_golden_file_is_for_people(project):
    """Characters are themselves, and keys are in order, so that a review shows what changed."""
    write_golden(project, "mine", ANSWER)

    text = (project.folder / "golden" / "mine.json").read_text(encoding="utf-8")
    assert '"greeting": "größe"' in text
    assert text.index('"exit_code"') < text.index('"outcome"')


def test_a_golden_file_that_cannot_be_read_is_told(project):
    """It is a file that people edit."""
    (project.folder / "golden" / "mine.json").write_bytes(b"\xff")

    with pytest.raises(InvalidFixture, match=r"golden/mine\.json"):
        difference(project, "mine", ANSWER)
