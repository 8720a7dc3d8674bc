from __future__ import annotations

import io
import json

import click
import pytest

from palyra_events.errors import PalyraError, UnknownSkill
from palyra_runtime.cli import failure
from palyra_runtime.cli.page import Page


def told(error, *, as_json=False):
    stream = io.StringIO()
    code = failure.report(error, Page(stream), as_json=as_json)
    return code, stream.getvalue()


def every_error(root=PalyraError):
    return [root, *(leaf for each in root.__subclasses__() for leaf in every_error(each))]


def test_an_error_is_one_line_and_a_hint():
    """People read what went wrong and what to do about it."""
    code, text = told(UnknownSkill("Skill a is not installed.", skill_id="a"))

    assert code == 3
    assert text == (
        "error: Skill a is not installed.\nhint: List the installed skills with: palyra skill list\n"
    )


def test_an_error_is_an_object_for_programs():
    """Programs read a stable code and the values that the message speaks of."""
    code, text = told(UnknownSkill("Skill a is not installed.", skill_id="a"), as_json=True)

    assert code == 3
    assert json.loads(text) == {
        "error": {
            "code": "UNKNOWN_SKILL",
            "message": "Skill a is not installed.",
            "hint": "List the installed skills with: palyra skill list",
            "details": {"skill_id": "a"},
        }
    }


def test_findings_are_listed():
    """Each failed check stands on a line of its own."""
    _, text = told(failure.ReleaseQuarantined("It failed.", failures=["one", "two\x1b[2J"]))

    assert text.splitlines()[:3] == ["error: It failed.", "  - one", "  - two[2J"]


def test_details_without_a_form_in_json_are_told_as_text():
    """No value that an error carries keeps it from being told."""
    _, text = told(PalyraError("x", odd=Exception("odd")), as_json=True)

    assert json.loads(text)["error"]["details"] == {"odd": "odd"}


def test_wrong_usage_says_where_to_read_on():
    """The hint names the help of the command that was typed."""
    context = click.Context(click.Command("list"), info_name="palyra skill list")

    code, text = told(click.UsageError("No such option: --bogus", ctx=context))

    assert code == 2
    assert text == "error: No such option: --bogus\nhint: Run: palyra skill list --help\n"


def test_a_mistake_of_ours_tells_nothing_that_it_should_not(monkeypatch):
    """An unforeseen error is told by its kind: its text may hold a password."""
    monkeypatch.delenv(failure.DEBUG_VARIABLE, raising=False)

    code, text = told(RuntimeError("postgresql://ada:secret@db"))

    assert code == 70
    assert "RuntimeError" in text
    assert "secret" not in text


def test_a_mistake_of_ours_can_be_looked_into(monkeypatch, capsys):
    """With PALYRA_DEBUG the place of the error is printed."""
    monkeypatch.setenv(failure.DEBUG_VARIABLE, "1")

    told(RuntimeError("here"))

    assert "RuntimeError: here" in capsys.readouterr().err


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_has_an_exit_code_of_the_table(error):
    """Scripts can rely on the documented codes, and each error tells what to do."""
    assert error.exit_code in {1, 2, 3, 4, 5, 6, 7, 8, 70}
    assert error.advice.strip()
