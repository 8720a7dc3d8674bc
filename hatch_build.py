"""Builds the web console before wheel and source distribution, so that users need no Node."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_CONSOLE = Path("src/palyra_runtime/console")
#: what the build reads, besides the packages that the lock file names
_SOURCES = (
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "public",
    "src",
)
#: beside what was built: of which sources
_STAMP = "source.sha256"
_COMMANDS = (("npm", "ci", "--ignore-scripts"), ("npm", "run", "build"))


class ConsoleMissing(Exception):
    """The console could not be built."""


class ConsoleBuild(BuildHookInterface[Any]):
    """Builds the console where it is not there, or is of other sources.

    A source distribution brings both, so a wheel of it is made without Node.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch's interface
        """Build the console, or stop the whole build: a wheel without it would look whole."""
        console = Path(self.root) / _CONSOLE
        stamp = console / "static" / _STAMP
        sources = _fingerprint(console)
        if not stamp.is_file() or stamp.read_text() != sources:
            _build(console)
            stamp.write_text(sources)


def _build(console: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ConsoleMissing("The console is not built, and there is no npm: install Node 20.19 or newer.")
    for command in _COMMANDS:
        subprocess.run([npm, *command[1:]], cwd=console, check=True)  # noqa: S603 - fixed words
    if not (console / "static" / "index.html").is_file():
        raise ConsoleMissing("The build of the console has left no index.html.")


def _fingerprint(console: Path) -> str:
    """Return a digest of all that the console is built from."""
    digest = hashlib.sha256()
    for path in _files(console):
        digest.update(f"{path.relative_to(console).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(console: Path) -> Iterator[Path]:
    for name in _SOURCES:
        place = console / name
        yield from sorted(each for each in place.rglob("*") if each.is_file()) if place.is_dir() else [place]
