from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from palyra_runtime.sandbox import entrypoint_problem, import_names, link_problems

REPOSITORY = Path(__file__).parents[2]
SAMPLES = REPOSITORY / "src" / "palyra_runtime" / "sdk" / "samples"

pytestmark = pytest.mark.slow


def build_guests(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(REPOSITORY / "scripts" / "build-guests"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def modules_under(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/modules/*.wasm")}


def compilers_under(folder: Path) -> dict[str, object]:
    """What made each module, by the records that lie beside them."""
    records = {path.parent: json.loads(path.read_text()) for path in folder.glob("*/modules/build.json")}
    return {
        str((place / f"{module['name']}.wasm").relative_to(folder)): module["tool"]
        for place, record in records.items()
        for module in record["modules"]
    }


def surface_of(module: bytes) -> tuple[list[str], list[str], str | None]:
    return import_names(module), link_problems(module), entrypoint_problem(module)


def test_the_modules_that_are_shipped_are_what_their_sources_build(tmp_path):
    """Building all guests again, from anywhere, gives the same files with the same bytes.

    What was made with a compiler of the system is compared with another version of it by what it wants.
    """
    built = build_guests("--out", "rebuilt", cwd=tmp_path)

    assert built.returncode == 0, built.stderr
    rebuilt, shipped = modules_under(tmp_path / "rebuilt"), modules_under(SAMPLES)
    now, then = compilers_under(tmp_path / "rebuilt"), compilers_under(SAMPLES)
    changed = {name for name in shipped if now[name] != then[name]}
    assert rebuilt.keys() == shipped.keys()
    assert [name for name in shipped if name not in changed and rebuilt[name] != shipped[name]] == []
    assert [name for name in changed if surface_of(rebuilt[name]) != surface_of(shipped[name])] == []


@pytest.mark.parametrize("arguments", [["--out"], ["--check"], ["greeter"]])
def test_an_argument_that_is_not_understood_builds_nothing(tmp_path, arguments):
    """A slip of the finger never overwrites the modules in the tree."""
    before = modules_under(SAMPLES)

    refused = build_guests(*arguments, cwd=tmp_path)

    assert refused.returncode != 0
    assert refused.stdout == ""
    assert "--out" in refused.stderr
    assert modules_under(SAMPLES) == before
