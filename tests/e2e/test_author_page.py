from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell import Shell

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = (REPOSITORY / "docs" / "writing-a-skill.md").read_text(encoding="utf-8")
TEMPLATES = REPOSITORY / "src" / "palyra_runtime" / "sdk" / "templates"

#: what differs from one time, one key or one place to the next
PASSING = re.compile(
    r" +[\d.]+ (?:µs|ms|s)\b| +P50 +P99|(?<=size {7})[\d.]+ KiB"
    r"|\b[0-9a-f]{64}\b|ed25519:[0-9a-f]{16}|\S{43}=|\S+/home/keys/acme\.key"
)

pytestmark = pytest.mark.slow


def blocks(language):
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)


def commands(language):
    """Return the commands of the document for a language; npm fetches the compiler of AssemblyScript."""
    lines = "".join(blocks("console")).splitlines()
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    fetch = ["npm install --silent --no-fund --no-audit"] if language == "assemblyscript" else []
    place = typed.index("cd echo") + 1
    begun = [each.replace("--lang python", f"--lang {language}") for each in typed[:place]]
    return [*begun, *fetch, *typed[place:]]


def walk(folder, language):
    """Type the commands of the document, one after the other, and return what was printed."""
    path = f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    script = "\n".join(f"echo {shlex.quote(f'$ {each}')}\n{each}" for each in commands(language))
    done = subprocess.run(
        ["/bin/sh", "-c", f"set -e; exec 2>&1\n{script}"],
        cwd=folder,
        env={**Shell(folder).environment, "PATH": path},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_what_the_document_shows_is_what_happens(tmp_path):
    """Its commands, typed one after the other, print what stands below them."""
    printed = walk(tmp_path, "python")

    expected = "".join(blocks("console"))
    assert PASSING.sub("…", printed) == PASSING.sub("…", expected)


@pytest.mark.parametrize(
    ("language", "greeting"),
    [
        ("rust", "hello gateway:startup"),
        ("c", "hello gateway:startup"),
        ("assemblyscript", "hello gateway:startup"),
        ("python", "hello gateway:startup"),
        ("wat", "hello"),
    ],
)
def test_the_way_is_the_same_in_every_language(tmp_path, language, greeting):
    """The same commands lead from nothing to a hook that ran, and the plugin greets."""
    walk(tmp_path, language)

    shell = Shell(tmp_path / "home")
    (delivery,) = shell("delivery", "list", "-o", "json").json
    shown = shell("delivery", "show", delivery["delivery_id"], "-o", "json")
    assert delivery["state"] == "succeeded"
    assert f'"greeting": {json.dumps(greeting)}' in shown.out, shown.err


def test_the_plugin_that_is_shown_is_the_one_of_the_template():
    """Who reads the document sees what stands in the project."""
    (shown,) = blocks("python")

    _, _, source = (TEMPLATES / "python" / "src" / "plugin.py").read_text().partition("\n\n")
    assert source == shown


def test_there_is_little_to_type():
    """All commands together are five hundred characters: a minute for somebody who knows the keys."""
    typed = [command for command in commands("python") if not command.startswith("export")]

    assert sum(len(command) + 1 for command in typed) < 500
