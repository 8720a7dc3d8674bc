from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell import Shell

DOCUMENT = (Path(__file__).parents[2] / "docs" / "getting-started.md").read_text(encoding="utf-8")
#: what differs from one time to the next
PASSING = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|[0-9a-f]{32}")

pytestmark = pytest.mark.slow


def blocks(language):
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)


def script():
    """Return a shell script of all commands in the document, each of them shown as it is there."""
    lines = "".join(blocks("console")).splitlines()
    commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return "\n".join(f"echo {shlex.quote(f'$ {command}')}\n{command}" for command in commands)


def test_what_the_document_shows_is_what_happens(tmp_path):
    """Its commands, typed one after the other, print what stands below them; its program runs too."""
    variables = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    program = f"{shlex.quote(sys.executable)} - <<'END'\n{blocks('python')[0]}END"

    done = subprocess.run(
        ["/bin/sh", "-c", f"exec 2>&1\n{script()}\n{program}"],
        cwd=tmp_path,
        env={**Shell(tmp_path).environment, **variables},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )

    printed = re.findall("prints `(.*)`", DOCUMENT)
    expected = "".join(blocks("console")) + "\n".join(printed) + "\n"
    assert PASSING.sub("…", done.stdout) == PASSING.sub("…", expected)
