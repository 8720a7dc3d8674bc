from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def build(kind: str, source: Path, target: Path) -> Path:
    """Build the sdist or the wheel of a source tree with what is installed, and return it."""
    command = [sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", target, source]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = target.iterdir()
    return built


def contents(wheel: Path) -> dict[str, bytes]:
    """Return the files of a wheel, without its own records."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        return {name: archive.read(name) for name in names}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from this tree."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_has_what_users_need(wheel):
    """All three packages with their types, the built samples and the guest kits."""
    needed = {
        "palyra_events/py.typed",
        "palyra_runtime/py.typed",
        "projections/py.typed",
        "palyra_runtime/sdk/samples/greeter/skill.toml",
        "palyra_runtime/sdk/samples/greeter/modules/greeter.wasm",
        "palyra_runtime/sdk/samples/notifier/modules/notifier.wasm",
        "palyra_runtime/sdk/samples/hostile/modules/hostile.wasm",
        "palyra_runtime/sdk/kits/assemblyscript/palyra.ts",
        "palyra_runtime/sdk/kits/rust/palyra.rs",
        "palyra_runtime/sdk/kits/python/micropython.wasm",
        "palyra_runtime/sdk/kits/python/micropython.LICENSE",
        "palyra_runtime/sdk/templates/common/skill.toml",
        "palyra_runtime/sdk/templates/common/.gitignore",
        "palyra_runtime/sdk/templates/python/src/plugin.py",
        "palyra_runtime/sdk/samples/greeter/golden/event.json",
        "palyra_runtime/console/static/index.html",
        "palyra_runtime/console/static/fonts-license.txt",
    }
    assert needed - contents(wheel).keys() == set()


def test_the_wheel_has_nothing_else(wheel):
    """Tests, scripts and what a build tool left behind stay at home."""
    tops = {name.partition("/")[0] for name in contents(wheel)}
    assert tops == {"palyra_events", "palyra_runtime", "projections"}
    assert [name for name in contents(wheel) if "node_modules" in name or name.endswith(".pyc")] == []


def test_the_sdist_gives_the_same_wheel(wheel, tmp_path):
    """Who builds from the source distribution gets what we tested."""
    sdist = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (tree,) = tmp_path.glob("palyra-*")
    assert contents(build("wheel", tree, tmp_path / "again")) == contents(wheel)
