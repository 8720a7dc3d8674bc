"""The real command line, as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.warm_program import warm_program

#: what would change what a command prints, where it looks, or how long it takes to start
_PRIVATE = ("PALYRA_", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHONDONTWRITEBYTECODE", "TERM")

#: what the interpreter reads before the program begins
_EARLY = ("LANG", "LC_", "PYTHON")

COMMAND = [sys.executable, "-m", "palyra_runtime.cli"]


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what it said as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Return what it said as one JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> Any:
        """Return the error that it told as JSON."""
        return json.loads(self.err)["error"]


@dataclass(frozen=True)
class Shell:
    """Runs commands over one home."""

    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that a command sees: those of the tests, without what they would disturb."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_PRIVATE)}
        return {
            **inherited,
            "PALYRA_HOME": str(self.home),
            "PALYRA_ACTOR": "operator:ada",
            **self.variables,
        }

    def __call__(self, *arguments: str) -> Finished:
        """Run a command to its end, with no terminal anywhere."""
        if any(name.startswith(_EARLY) for name in self.variables):
            return self._started(arguments)
        code, out, err = warm_program().run(arguments, self.environment)
        return Finished(code, out.decode(), err.decode())

    def _started(self, arguments: Sequence[str]) -> Finished:
        """Run a command in an interpreter of its own."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Reader(Shell):
    """Runs commands that change nothing, each of them once."""

    answers: dict[tuple[str, ...], Finished] = field(default_factory=dict)

    def __call__(self, *arguments: str) -> Finished:
        """Return what a command has said, or run it."""
        if arguments not in self.answers:
            self.answers[arguments] = super().__call__(*arguments)
        return self.answers[arguments]
