"""The real command line on a real terminal, with somebody who types."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.shell import COMMAND, Shell


class Terminal:
    """A command that talks to a person: its three streams are one terminal."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self.screen = ""
        self._descriptor = descriptor

    def read_until(self, text: str) -> None:
        """Read until the screen shows a text."""
        while text not in self.screen:
            assert self._read(), f"{text!r} is not in {self.screen!r}"

    def type(self, text: str) -> None:
        """Type what a person types."""
        os.write(self._descriptor, text.encode())

    def finish(self) -> int:
        """Read to the end and return the exit code."""
        while self._read():
            pass
        return self.process.wait(timeout=60)

    def _read(self) -> bool:
        try:
            piece = os.read(self._descriptor, 65_536)
        except OSError:  # Linux tells the end of a terminal by EIO
            return False
        self.screen += piece.decode()
        return bool(piece)


@contextmanager
def terminal(shell: Shell, *arguments: str, **variables: str) -> Iterator[Terminal]:
    """Run a command on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    environment = {**shell.environment, "TERM": "xterm", **variables}
    with subprocess.Popen(
        [*COMMAND, *arguments], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        try:
            yield Terminal(process, ours)
        finally:
            process.kill()
            os.close(ours)
