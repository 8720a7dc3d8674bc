"""From sources to a module: one way for each language.

Compilers run in a folder of their own that holds the sources and nothing else, with relative paths.
So no path of the author's machine gets into a module, and the same compiler gives the same bytes.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from palyra_events.errors import PalyraError
from palyra_runtime.authoring.errors import BuildFailed
from palyra_runtime.authoring.interpreter import (
    INTERPRETER_PATH,
    INTERPRETER_VERSION,
    compile_program,
    with_program,
)
from palyra_runtime.authoring.project import KIT
from palyra_runtime.authoring.recipe import Language
from palyra_runtime.authoring.shipped import interface_files
from palyra_runtime.authoring.toolchain import (
    RUST_TARGET,
    Compiler,
    find_asc,
    find_clang,
    find_rustc,
    find_wasm_tools,
)
from palyra_runtime.sandbox import wasm_from_text
from palyra_runtime.version import VERSION

_MODULE = "module.wasm"
_WIT = "wit"
_WORLD = "palyra-plugin"

#: characters of a compiler's complaint that are kept
_COMPLAINT_MAX = 8_000

_RUST_OPTIONS = (
    "--edition=2021", f"--target={RUST_TARGET}", "--crate-type=cdylib", "--crate-name=plugin",
    "-Copt-level=s", "-Clto=fat", "-Ccodegen-units=1", "-Cpanic=abort", "-Cstrip=symbols",
    "-Clink-arg=--stack-first", "-Clink-arg=-zstack-size=131072",
)  # fmt: skip
_C_OPTIONS = (
    "--target=wasm32", "-Os", "-nostdlib", "-ffreestanding", "-fno-builtin", f"-I{KIT}",
    "-Wall", "-Wl,--no-entry", "-Wl,--stack-first", "-Wl,--strip-all",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tool:
    """What made a module: its name, its version, and its arguments as they were given."""

    name: str
    version: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A module, and what made it."""

    module: bytes
    tool: Tool


@dataclass(frozen=True, slots=True)
class Work:
    """One module to make: of which file, among which, for the project in which folder."""

    source: str
    files: Mapping[str, bytes]
    project: Path


@dataclass(frozen=True, slots=True)
class _Step:
    """One run of a compiler."""

    compiler: Compiler
    arguments: tuple[str, ...]


_Compile: TypeAlias = Callable[[Work], Compiled]


def compile_module(language: Language, work: Work) -> Compiled:
    """Return the module that a source makes.

    Raises:
        MissingToolchain: this machine has no compiler for the language.
        BuildFailed: the compiler refuses the source; ``output`` is what it says.
    """
    return _LANGUAGES[language](work)


def _rust(work: Work) -> Compiled:
    return _run([_Step(find_rustc(), (*_RUST_OPTIONS, "-o", _MODULE, work.source))], work)


def _c(work: Work) -> Compiled:
    return _run([_Step(find_clang(), (*_C_OPTIONS, "-o", _MODULE, work.source))], work)


def _c_component(work: Work) -> Compiled:
    """Build a component: the module of the same source, with its interface put around it."""
    tools, interface = find_wasm_tools(), {f"{_WIT}/{name}": text for name, text in interface_files().items()}
    steps = [
        _Step(find_clang(), (*_C_OPTIONS, "-DPALYRA_COMPONENT", "-o", _MODULE, work.source)),
        _Step(tools, ("component", "embed", _WIT, "--world", _WORLD, _MODULE, "-o", _MODULE)),
        _Step(tools, ("component", "new", _MODULE, "-o", _MODULE)),
        _Step(tools, ("strip", "--delete", "^(component-)?name$", _MODULE, "-o", _MODULE)),
    ]
    return _run(steps, Work(work.source, {**work.files, **interface}, work.project))


def _assemblyscript(work: Work) -> Compiled:
    options = (work.source, "--config", f"{KIT}/asconfig.json", "--outFile", _MODULE)
    return _run([_Step(find_asc(work.project), options)], work)


def _wat(work: Work) -> Compiled:
    try:
        module = wasm_from_text(work.files[work.source])
    except PalyraError as error:
        raise BuildFailed(f"{work.source} is not the text of a module.", output=error.message) from error
    return Compiled(module, Tool("wat2wasm", f"palyra {VERSION}"))


def _python(work: Work) -> Compiled:
    """Put the program into the interpreter: the source, and all that it can import."""
    interpreter = work.files.get(INTERPRETER_PATH)
    if interpreter is None:
        remedy = "Complete the folder kit, or remove it: then the one that comes with Palyra is used."
        raise BuildFailed(f"{INTERPRETER_PATH} is not there.", output=remedy)
    program = {path: content for path, content in work.files.items() if path.endswith(".py")}
    module = with_program(interpreter, compile_program(interpreter, work.source, program))
    return Compiled(module, Tool("micropython", INTERPRETER_VERSION))


def _wasm(work: Work) -> Compiled:
    return Compiled(work.files[work.source], Tool("unknown", ""))


_LANGUAGES: Mapping[Language, _Compile] = MappingProxyType(
    {
        Language.RUST: _rust,
        Language.C: _c,
        Language.C_COMPONENT: _c_component,
        Language.ASSEMBLYSCRIPT: _assemblyscript,
        Language.PYTHON: _python,
        Language.WAT: _wat,
        Language.WASM: _wasm,
    }
)


def _run(steps: Sequence[_Step], work: Work) -> Compiled:
    """Run compilers, one after the other, in a folder with the sources, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="palyra-build-") as place:
        folder = Path(place)
        _lay_out(folder, work)
        for step in steps:
            _take(step, folder, work.source)
        first = steps[0]
        tool = Tool(first.compiler.name, first.compiler.version, first.arguments)
        return Compiled((folder / _MODULE).read_bytes(), tool)


def _take(step: _Step, folder: Path, source: str) -> None:
    done = subprocess.run(  # noqa: S603 - a compiler that the author has installed
        [step.compiler.path, *step.arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode or not (folder / _MODULE).is_file():
        raise BuildFailed(
            f"{step.compiler.name} could not build {source}.",
            source=source,
            output=done.stdout.replace(f"{folder}/", "").strip()[:_COMPLAINT_MAX],
        )


def _lay_out(folder: Path, work: Work) -> None:
    for path, content in work.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    packages = work.project / "node_modules"
    if packages.is_dir():
        (folder / packages.name).symlink_to(packages.absolute())
