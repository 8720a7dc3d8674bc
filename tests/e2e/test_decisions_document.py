from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell import Shell

DOCUMENT = (Path(__file__).parents[2] / "docs" / "decisions.md").read_text(encoding="utf-8")
#: what differs from one time to the next
PASSING = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")

pytestmark = pytest.mark.slow


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)


def typed(block: str) -> str:
    """Return a shell script of the commands in a block, each of them shown as it is there."""
    commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"echo {shlex.quote(f'$ {command}')}\n{command}" for command in commands)


def test_an_agent_is_let_on_warned_held_and_stopped(tmp_path: Path):
    """The document's commands and its program, one after the other, print what stands there."""
    before, after = blocks("console")
    program = f"{shlex.quote(sys.executable)} - <<'END'\n{blocks('python')[0]}END"
    variables = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}

    done = subprocess.run(
        ["/bin/sh", "-c", f"exec 2>&1\n{typed(before)}\n{program}\n{typed(after)}"],
        cwd=tmp_path,
        env={**Shell(tmp_path / "home").environment, **variables},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )

    expected = before + blocks("text")[0] + after
    assert PASSING.sub("…", done.stdout) == PASSING.sub("…", expected)
