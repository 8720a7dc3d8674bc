from __future__ import annotations

import re

import pytest

from tests.shell import Shell
from tests.terminal import terminal

OVERRIDE = ["skill", "enable", "acme.hostile", "--override", "--reason", "curious"]


def shown(shell: Shell, *arguments: str, **variables: str) -> str:
    """Return what a command shows on a terminal."""
    with terminal(shell, *arguments, **variables) as screen:
        screen.finish()
        return screen.screen


def test_states_have_colours_on_a_terminal(reader):
    """What may not run is red."""
    assert "\x1b[31mquarantined\x1b[0m" in shown(reader, "skill", "list")


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
@pytest.mark.parametrize("line", ["skill list", "skill show acme.nobody", "skill --help"])
def test_no_color_is_heeded_fully(reader, line, variables):
    """Not even bold is left, in results, errors and help."""
    assert "\x1b" not in shown(reader, *line.split(), **variables)


def test_json_has_no_colours_on_a_terminal(reader):
    """What is copied from the screen is JSON."""
    assert "\x1b" not in shown(reader, "skill", "list", "-o", "json")


def test_a_rebuild_shows_its_progress_on_a_terminal(shell):
    """A bar moves while the views are built, and is gone afterwards."""
    screen = shown(shell, "projection", "rebuild", NO_COLOR="1")

    assert "rebuilding" in screen
    assert re.search(r"hook +live +2 ", screen)


@pytest.mark.parametrize(("answer", "code", "state"), [("y", 0, "enabled"), ("n", 1, "quarantined")])
def test_an_override_is_asked_about(shell, answer, code, state):
    """A person who can answer is asked before something dangerous is done."""
    with terminal(shell, *OVERRIDE) as screen:
        screen.read_until("[y/N]")
        screen.type(f"{answer}\n")
        assert screen.finish() == code

    [release] = shell("skill", "show", "acme.hostile", "-o", "json").json["releases"]
    assert release["state"] == state


def test_yes_answers_every_question(shell):
    """With --yes nobody is asked."""
    with terminal(shell, "--yes", *OVERRIDE) as screen:
        assert screen.finish() == 0

    assert "[y/N]" not in screen.screen


def test_nobody_is_asked_without_a_terminal(shell):
    """In a script the options say all: the override is one, and its reason is kept."""
    done = shell(*OVERRIDE, "-o", "json")

    assert (done.code, done.json["state"], done.json["is_override"]) == (0, "enabled", True)


def test_a_question_need_not_be_answered(shell):
    """Ctrl-D at a question does nothing, and ends as an interruption does."""
    with terminal(shell, *OVERRIDE) as screen:
        screen.read_until("[y/N]")
        screen.type("\x04")
        assert screen.finish() == 130

    assert "Traceback" not in screen.screen
    [release] = shell("skill", "show", "acme.hostile", "-o", "json").json["releases"]
    assert release["state"] == "quarantined"
