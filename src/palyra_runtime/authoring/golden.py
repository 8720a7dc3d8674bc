"""Golden files: what a plugin answered when its author last looked, to compare with.

They hold all that a plugin does and nothing of what it cost: fuel changes with each compiler.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path

from palyra_runtime.authoring.build import write_file
from palyra_runtime.authoring.errors import InvalidFixture
from palyra_runtime.authoring.project import GOLDEN, Project
from palyra_runtime.authoring.rehearsal import Answer

#: lines that are shown around a difference
_CONTEXT_LINES = 2


def difference(project: Project, name: str, answer: Answer) -> list[str] | None:
    """Return how an answer differs from its golden file, as a unified diff, or None where it does not.

    Where there is no such file, every line of the answer is one that was added.

    Raises:
        InvalidFixture: the golden file cannot be read.
    """
    path = golden_path(project, name)
    expected, found = _expected(path), golden_text(answer)
    if expected == found:
        return None
    lines = unified_diff(
        expected.splitlines(), found.splitlines(), f"{GOLDEN}/{path.name}", "answer", "", "",
        n=_CONTEXT_LINES, lineterm="",
    )  # fmt: skip
    return list(lines)


def write_golden(project: Project, name: str, answer: Answer) -> None:
    """Take an answer as the one to expect from now on.

    Raises:
        ProjectNotWritten: the file cannot be written.
    """
    write_file(golden_path(project, name), golden_text(answer).encode())


def golden_path(project: Project, name: str) -> Path:
    """Return where the golden file of a fixture lies."""
    return project.folder / GOLDEN / f"{name}.json"


def golden_text(answer: Answer) -> str:
    """Return an answer as its golden file holds it."""
    return json.dumps(asdict(answer), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _expected(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise InvalidFixture(f"{path} cannot be read: {error}.", path=str(path)) from error
