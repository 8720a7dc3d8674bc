from __future__ import annotations

import re
from pathlib import Path

import pytest

from palyra_runtime.authoring import Language, create_project, open_project, project_name
from palyra_runtime.authoring.build import build_project
from palyra_runtime.authoring.errors import MissingToolchain
from palyra_runtime.authoring.toolchain import find_asc, find_clang, find_rustc, find_wasm_tools

DOCUMENT = Path(__file__).parents[3] / "docs" / "writing-a-skill.md"


def program(folder: Path, name: str, script: str) -> None:
    """Put a program of one's own on a path."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_a_compiler_that_is_there_says_its_version():
    """What will build is known before it does."""
    compiler = find_clang()

    assert compiler.name == "clang"
    assert re.search(r"\d+\.\d+", compiler.version)


@pytest.mark.parametrize(
    ("find", "advice"),
    [
        (find_clang, "apt install clang lld"),
        (find_rustc, "rustup target add wasm32-unknown-unknown"),
        (lambda path: find_asc(Path("/nowhere"), path), "npm install"),
    ],
    ids=["clang", "rustc", "asc"],
)
def test_without_a_compiler_it_says_what_to_install(tmp_path, find, advice):
    """On a machine with an empty path."""
    with pytest.raises(MissingToolchain, match=re.escape(advice)) as refused:
        find({"PATH": str(tmp_path)})

    assert refused.value.exit_code == 7
    assert advice.removeprefix("npm ") in DOCUMENT.read_text()


def test_a_compiler_without_the_target_is_passed_over(tmp_path):
    """The first one on the path is not always the one that can build guests."""
    program(tmp_path / "a", "rustc", "echo /nowhere")
    program(tmp_path / "b", "rustc", f"echo {tmp_path}/b")
    (tmp_path / "b" / "libcore-1.rlib").write_text("")

    compiler = find_rustc({"PATH": f"{tmp_path}/a:{tmp_path}/b"})

    assert compiler.path == f"{tmp_path}/b/rustc"


def test_a_compiler_without_a_linker_is_none(tmp_path):
    """A clang that knows WebAssembly and has no wasm-ld cannot build."""
    program(tmp_path, "clang", 'test "$1" = --print-targets && echo wasm32 || echo wasm-ld')

    with pytest.raises(MissingToolchain):
        find_clang({"PATH": str(tmp_path)})


def test_a_program_that_fails_is_none(tmp_path):
    """What is called like a compiler and is none does not stop the search."""
    program(tmp_path, "clang", "exit 1")
    (tmp_path / "rustc").write_bytes(b"\x00")
    (tmp_path / "rustc").chmod(0o755)

    for find in (find_clang, find_rustc):
        with pytest.raises(MissingToolchain):
            find({"PATH": str(tmp_path)})


def test_a_project_brings_its_own_assemblyscript(tmp_path):
    """What npm has put into the project wins over what is installed for all."""
    place = tmp_path / "node_modules" / ".bin"
    place.parent.mkdir()
    program(place, "asc", "echo Version 9.9")
    program(tmp_path / "bin", "asc", "echo Version 1.1")
    program(tmp_path / "bin", "node", "")

    compiler = find_asc(tmp_path, {"PATH": f"{tmp_path}/bin:/bin:/usr/bin"})

    assert compiler.version == "Version 9.9"


def test_the_tool_for_components_is_beside_the_interpreter(tmp_path):
    """A package's programs need not be on the path."""
    assert find_wasm_tools({"PATH": str(tmp_path)}).version.startswith("wasm-tools")


def test_a_build_without_a_compiler_writes_nothing(tmp_path, monkeypatch):
    """The error of the search is the error of the build."""
    project = create_project(Language.RUST, project_name("acme.echo", None, "ada"), tmp_path / "echo")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MissingToolchain, match="libstd-rust-dev-wasm32"):
        build_project(open_project(project.folder))

    assert not (project.folder / "build").exists()
