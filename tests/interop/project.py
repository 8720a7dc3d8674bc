"""The pages that show surfaces by Google's own renderers: built once, served as anybody may serve them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running_gateway import PATIENCE_S

SOURCES = Path(__file__).parent
#: beside the other things that are built; Git knows nothing of it
BUILD = SOURCES.parents[1] / "build" / "interop"

#: what is copied there, and which of it says what is installed
_COPIED = ("package.json", "package-lock.json", "vite.config.js", "react.html", "lit.html", "src")
_INSTALLS = ("package.json", "package-lock.json")
#: packages bring no scripts of theirs to run
_INSTALL, _PACK = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), ("npm", "run", "build")
_VITE = "node_modules/vite/bin/vite.js"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def installed() -> Path:
    """Return the folder of the packages that the lock file names; they are fetched once."""
    with _alone():
        _copy()
        _once("installed", _INSTALLS, *_INSTALL)
    return BUILD / "node_modules"


def built() -> Path:
    """Return the folder of the project with its pages built."""
    installed()
    with _alone():
        _once("built", _COPIED, *_PACK)
    return BUILD


@contextmanager
def pages(gateway: str, token: str) -> Iterator[str]:
    """Serve the pages, and what they ask of a gateway, on a free port; the token stays in the server."""
    command = ["node", _VITE, "preview", "--host", "127.0.0.1", "--port", "0", "--clearScreen", "false"]
    environment = {**os.environ, "PALYRA_GATEWAY": gateway, "PALYRA_TOKEN": token, "NO_COLOR": "1"}
    with subprocess.Popen(command, cwd=built(), env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = next(filter(None, map(_ADDRESS.search, server.stdout)))
            yield found[0]
        finally:
            server.kill()
            server.wait(PATIENCE_S)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time work on the folder."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy() -> None:
    for name in _COPIED:
        place = SOURCES / name
        if place.is_dir():
            shutil.copytree(place, BUILD / name, dirs_exist_ok=True)
        else:
            shutil.copy(place, BUILD / name)


def _once(stamp: str, names: tuple[str, ...], *command: str) -> None:
    """Run a command, unless it was run for the same files."""
    digest, place = _digest(names), BUILD / f"{stamp}.sha256"
    if place.is_file() and place.read_text() == digest:
        return
    done = subprocess.run(
        command, cwd=BUILD, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    place.write_text(digest)


def _digest(names: tuple[str, ...]) -> str:
    found = [file for name in names for file in [SOURCES / name, *sorted((SOURCES / name).rglob("*"))]]
    told = [
        f"{file.relative_to(SOURCES)} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in found
        if file.is_file()
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
