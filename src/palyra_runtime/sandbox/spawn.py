"""Starting the sandbox's own processes: a fresh interpreter that can import the sandbox and little else."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = ("palyra_runtime", "palyra_events", "wasmtime")

#: the module is named first, then the descriptor that it is to use, then where packages are found
_BOOT = (
    "import sys; from importlib import import_module; name, fd, *roots = sys.argv[1:];"
    "sys.path += roots; import_module(name).main(int(fd))"
)


def spawn(module: str, descriptor: int) -> subprocess.Popen[bytes]:
    """Start ``module.main(descriptor)`` in a new interpreter and return its process.

    The process has no environment, none of this one's open files but ``descriptor``, and a session of
    its own, so that Ctrl-C at the keyboard ends this process and not its guests one by one.

    Raises:
        OSError: the system starts no process.
    """
    # -I: no environment, no user's site, no current folder; -S: no other site's start-up code.
    command = [sys.executable, "-I", "-S", "-c", _BOOT, module, str(descriptor), *_roots()]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        command,
        env={},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes], owner: int) -> int | None:
    """Kill a process and return its exit status; a forked child of ``owner`` leaves it alone."""
    if os.getpid() != owner:
        return None
    process.kill()
    return process.wait()


def _roots() -> list[str]:
    """Return the folders in which this process has found the packages that the new one needs."""
    found = [spec.origin for name in _PACKAGES if (spec := find_spec(name)) and spec.origin]
    return list(dict.fromkeys(str(Path(origin).resolve().parents[1]) for origin in found))
