"""The pages of ``docs/``, and what those see who type what stands there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.shell import Shell
from tests.warm_program import warm_program

_DOCS = Path(__file__).parents[1] / "docs"
#: the warm program is found, then the commands that are installed beside Python, and what builds a guest
_PATH = f"{Path(__file__).parent}/warm:{Path(sys.executable).parent}:{os.defpath}:/usr/local/bin"


def page(name: str) -> str:
    """Return the text of a page."""
    return (_DOCS / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the code blocks of a page that are in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), re.DOTALL | re.MULTILINE)


def commands(block: str) -> list[str]:
    """Return what is typed in a block: what stands after the prompts."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def typed(words: Iterable[str]) -> str:
    """Return a shell script of commands, each of them shown as it is in a block."""
    return "\n".join(f"echo {shlex.quote(f'$ {command}')}\n{command}" for command in words)


def program(source: str) -> str:
    """Return a shell script that runs a program in Python."""
    return f"{shlex.quote(sys.executable)} - <<'END'\n{source}END"


def printed(script: str, shell: Shell, folder: Path) -> str:
    """Run a shell script in a folder, and return all that it prints; its last command succeeds."""
    warm = warm_program().lend()
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec 2>&1\n{script}"],
        cwd=folder,
        env={**shell.environment, "PATH": _PATH, "WARM_PROGRAM": str(warm)},
        pass_fds=[warm],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
