from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SAMPLES = REPOSITORY / "src" / "palyra_runtime" / "sdk" / "samples"

pytestmark = pytest.mark.slow


def build_guests(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(REPOSITORY / "scripts" / "build-guests"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def modules_under(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/modules/*.wasm")}


def test_the_modules_that_are_shipped_are_what_their_sources_build(tmp_path):
    """Building all guests again, from anywhere, gives the same files with the same bytes."""
    built = build_guests("--out", "rebuilt", cwd=tmp_path)

    assert built.returncode == 0, built.stderr
    assert modules_under(tmp_path / "rebuilt") == modules_under(SAMPLES)


@pytest.mark.parametrize("arguments", [["--out"], ["--check"], ["greeter"]])
def test_an_argument_that_is_not_understood_builds_nothing(tmp_path, arguments):
    """A slip of the finger never overwrites the modules in the tree."""
    before = modules_under(SAMPLES)

    refused = build_guests(*arguments, cwd=tmp_path)

    assert refused.returncode != 0
    assert refused.stdout == ""
    assert "--out" in refused.stderr
    assert modules_under(SAMPLES) == before
