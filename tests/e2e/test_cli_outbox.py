from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from palyra_events.message import TRIES_MAX
from tests.shell import Reader, Shell
from tests.stage import OPEN_POLICY, Stage
from tests.twin_homes import play_effects


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a gateway whose plugin keeps two values and sent two messages, which were given up."""
    home = tmp_path_factory.mktemp("effects") / "home"
    home.mkdir()
    with Stage(f"sqlite:///{home / 'palyra.db'}", home, policy=OPEN_POLICY) as stage:
        play_effects(stage)
    return home


@pytest.fixture(scope="module")
def read(told: Path) -> Reader:
    """The command line over that home. For reading only."""
    return Reader(told)


@pytest.fixture
def shell(told: Path, tmp_path: Path) -> Shell:
    """The command line over a copy of that home, to change."""
    shutil.copytree(told, tmp_path / "home")
    return Shell(tmp_path / "home")


def ids(shell: Shell) -> list[str]:
    """Return the ids of the messages that are not sent."""
    return [row["message_id"] for row in shell("outbox", "list", "-o", "json").json]


def test_messages_that_were_given_up_are_listed(read):
    """With what the receiver said, and nothing of it steers the terminal."""
    done = read("outbox", "list", "--state", "dead", "--channel", "ops", "--plugin", "echo")

    assert done.out.count("http_503: The receiver answered 503") == 2
    assert "\x1b" not in done.out
    assert read("outbox", "list", "--channel", "alerts").err == "There is no such message.\n"


def test_a_listing_goes_on_after_a_message(read):
    """The remark names the message, and the next page begins behind it."""
    first, second = ids(read)
    page = read("outbox", "list", "--limit", "1")

    assert page.err == f"There may be more: go on with --after {first}\n"
    assert [row["message_id"] for row in read("outbox", "list", "--after", first, "-o", "json").json] == [
        second
    ]


def test_a_message_is_shown_with_every_try(read):
    """For people and for programs; its content is harmless either way."""
    first, _ = ids(read)
    shown = read("outbox", "show", first)

    assert "try 12 to ops failed: http_503; given up" in " ".join(shown.out.split())
    assert "\x1b" not in shown.out
    detail = read("outbox", "show", first, "-o", "json").json
    assert (detail["state"], detail["attempts"], len(detail["history"])) == ("dead", TRIES_MAX, TRIES_MAX)
    assert detail["content"] == {"text": "done\x1b[2J"}


def test_messages_are_retried_and_discarded(shell):
    """One by one, with a reason that is kept; what does not fit is refused."""
    first, second = ids(shell)

    retried = shell("outbox", "retry", first, "--reason", "up again")
    discarded = shell("outbox", "discard", second, "--reason", "no use")
    again = shell("outbox", "discard", second, "--reason", "no use", "-o", "json")

    assert retried.out == f"Message {first} is to be retried.\n"
    assert discarded.out == f"Message {second} is discarded.\n"
    assert (again.code, again.error["code"]) == (5, "ILLEGAL_TRANSITION")
    assert ids(shell) == [first]
    assert "no use" in shell("outbox", "show", second).out


def test_all_that_was_given_up_is_retried_at_once(shell):
    """And once: a second time there is nothing left that was given up."""
    first = shell("outbox", "retry", "--all", "--channel", "ops", "-o", "json").json
    second = shell("outbox", "retry", "--all", "-o", "json").json

    assert (first["total"], first["done"], first["left"], first["interrupted"]) == (2, 2, 0, False)
    assert (second["total"], second["done"]) == (0, 0)


def test_messages_that_do_not_fit_are_left(shell):
    """The others are done, and the exit code says that it was not all."""
    first, second = ids(shell)
    shell("outbox", "discard", first, "--reason", "no use")

    done = shell("outbox", "retry", first, second)

    assert (done.code, done.out) == (8, "1 of 2 messages to be retried.\n")


def test_what_a_plugin_keeps_is_shown(read):
    """A line for each value; a value as it was kept, and harmless."""
    listed = read("plugin", "storage", "list", "echo")
    shown = read("plugin", "storage", "show", "echo", "notes/last")

    assert [line.split()[0] for line in listed.out.splitlines()] == ["PATH", "notes/last", "notes/sly"]
    assert listed.err.startswith("It keeps 2 values, ")
    assert '"größer"' in shown.out
    assert read("plugin", "storage", "show", "echo", "notes/sly", "-o", "json").json["value"] == "\x1b[2J"
    assert "\x1b" not in read("plugin", "storage", "show", "echo", "notes/sly").out
