from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.documents import blocks, commands, printed, typed
from tests.shell import Shell

PAGE = "writing-a-skill"
TEMPLATES = Path(__file__).parents[2] / "src" / "palyra_runtime" / "sdk" / "templates"

#: what differs from one time, one key or one place to the next
PASSING = re.compile(
    r" +[\d.]+ (?:µs|ms|s)\b| +P50 +P99|(?<=size {7})[\d.]+ KiB"
    r"|\b[0-9a-f]{64}\b|ed25519:[0-9a-f]{16}|\S{43}=|\S+/home/keys/acme\.key"
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def way(language):
    """Return the commands of the page for a language; npm fetches the compiler of AssemblyScript."""
    words = commands("".join(blocks(PAGE, "console")))
    fetch = ["npm install --silent --no-fund --no-audit"] if language == "assemblyscript" else []
    place = words.index("cd echo") + 1
    begun = [each.replace("--lang python", f"--lang {language}") for each in words[:place]]
    return [*begun, *fetch, *words[place:]]


def walk(folder, language):
    """Type the commands of the page, one after the other, and return what was printed."""
    return printed(f"set -e\n{typed(way(language))}", Shell(folder), folder)


def greeted(folder):
    """Return how the delivery ended to which a way has led, and what its plugin said."""
    shell = Shell(folder / "home")
    (delivery,) = shell("delivery", "list", "-o", "json").json
    return delivery["state"], shell("delivery", "show", delivery["delivery_id"], "-o", "json").out


def test_what_the_document_shows_is_what_happens(tmp_path):
    """Its commands, typed one after the other, print what stands below them, and the plugin greets."""
    told = walk(tmp_path, "python")

    assert PASSING.sub("…", told) == PASSING.sub("…", "".join(blocks(PAGE, "console")))
    state, shown = greeted(tmp_path)
    assert state == "succeeded"
    assert '"greeting": "hello gateway:startup"' in shown


@pytest.mark.parametrize(
    ("language", "greeting"),
    [
        ("rust", "hello gateway:startup"),
        ("c", "hello gateway:startup"),
        ("assemblyscript", "hello gateway:startup"),
        ("wat", "hello"),
    ],
)
def test_the_way_is_the_same_in_every_language(tmp_path, language, greeting):
    """The same commands lead from nothing to a hook that ran, and the plugin greets."""
    walk(tmp_path, language)

    state, shown = greeted(tmp_path)
    assert state == "succeeded"
    assert f'"greeting": {json.dumps(greeting)}' in shown


def test_the_plugin_that_is_shown_is_the_one_of_the_template():
    """Who reads the document sees what stands in the project."""
    (shown,) = blocks(PAGE, "python")

    _, _, source = (TEMPLATES / "python" / "src" / "plugin.py").read_text().partition("\n\n")
    assert source == shown


def test_there_is_little_to_type():
    """All commands together are five hundred characters: a minute for somebody who knows the keys."""
    words = [command for command in way("python") if not command.startswith("export")]

    assert sum(len(command) + 1 for command in words) < 500
