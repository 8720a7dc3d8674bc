"""System calls of one process, watched and made to fail by strace(1)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

#: what changes files, or what their directories say
CHANGES = (
    "pwrite64",
    "write",
    "fdatasync",
    "fsync",
    "ftruncate",
    "fallocate",
    "unlink",
    "rename",
    "link",
    "mkdir",
    "unlinkat",
    "renameat",
    "renameat2",
    "linkat",
    "mkdirat",
)
#: what else can fail when a disk does
LOOKS = ("openat", "read", "pread64", "flock")

#: NAME(ARGUMENTS) = RESULT …, as strace(1) writes it
_LINE = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)(?P<rest>.*)")
#: a descriptor with its path (option -y)
_DESCRIPTOR = re.compile(r"\d+<(?P<path>[^>]*)>")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Call:
    """One system call that came to its end: what it was about, and what it answered."""

    name: str
    arguments: str
    result: int

    @classmethod
    def read(cls, line: str) -> Self | None:
        """Return the call that a line of a trace tells of, None where it tells of something else."""
        found = _LINE.match(line)
        return cls(found["name"], found["arguments"], int(found["result"])) if found else None

    @property
    def path(self) -> str:
        """The file that the call is about: that of its descriptor, or the last one that it names."""
        found = _DESCRIPTOR.match(self.arguments)
        return _unescaped(found["path"]).decode() if found else self.texts[-1].decode()

    @property
    def texts(self) -> list[bytes]:
        """The strings among the arguments. Those of a trace with option -xx are complete."""
        return [_unescaped(text) for text in _TEXT.findall(self.arguments)]

    @property
    def numbers(self) -> list[int]:
        """The numbers after the last string, or after the descriptor where there is none."""
        last = self.arguments.rpartition('"')[2].rpartition(">")[2]
        return [int(number) for number in re.findall(r"\d+", last)]


def _unescaped(text: str) -> bytes:
    return text.encode().decode("unicode_escape").encode("latin-1")


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the n-th call of a name: the process dies, or the call fails.

    A ``lasting`` one happens at all later calls of that name, too.
    """

    call: str
    number: int
    kind: str
    lasting: bool = False

    @property
    def option(self) -> str:
        """How strace is told."""
        action = "signal=KILL" if self.kind == "KILL" else f"error={self.kind}"
        return f"inject={self.call}:{action}:when={self.number}{'+' if self.lasting else ''}"

    def __str__(self) -> str:
        return f"{self.kind} at {self.call} {self.number}{' and after' if self.lasting else ''}"


class Tracer:
    """Strace on one thread of a process, which waits until `attached` has returned."""

    def __init__(self, pid: int, trace: Path, options: Sequence[str]) -> None:
        command = ["strace", "-y", "-o", str(trace), *options, "-p", str(pid)]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        said = self._process.stderr.readline()
        assert said.endswith("attached\n"), said

    def end(self) -> None:
        """Wait until the trace is written; the process has ended."""
        _, said = self._process.communicate()
        assert self._process.returncode is not None, said


def watching(calls: Iterable[str]) -> list[str]:
    """Return the option for a trace of these calls."""
    return ["-e", f"trace={','.join(calls)}"]


def read_trace(path: Path) -> list[Call]:
    """Return the calls of a trace in order."""
    lines = path.read_text().splitlines()
    return [call for call in map(Call.read, lines) if call is not None]
