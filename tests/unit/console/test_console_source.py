from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from palyra_events.a2ui import schema
from palyra_runtime.api.application import openapi_document

CONSOLE = Path(__file__).parents[3] / "src/palyra_runtime/console"
SOURCES = sorted(
    each
    for folder in ("src", "tests")
    for each in (CONSOLE / folder).rglob("*.ts*")
    if "contract" not in each.parts
)
LINES_MAX = 300

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def packages() -> Path:
    """The console with the packages that its lock file names."""
    if not (CONSOLE / "node_modules/.package-lock.json").is_file():
        run("npm", "ci", "--ignore-scripts")
    return CONSOLE


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder of the console."""
    return subprocess.run(command, cwd=CONSOLE, check=False, capture_output=True, text=True)


def test_the_types_are_those_of_the_gateway(packages, tmp_path):
    """Made again from what the gateway says today, they are the same to the byte."""
    (tmp_path / "openapi.json").write_text(json.dumps(openapi_document()))
    (tmp_path / "a2ui.json").write_text(json.dumps(schema()))
    made = run("node", packages / "contract/generate.mjs", tmp_path, tmp_path / "made")
    assert made.returncode == 0, made.stderr
    kept = {each.name: each.read_text() for each in (packages / "src/contract").iterdir()}
    assert {each.name: each.read_text() for each in (tmp_path / "made").iterdir()} == kept


def test_the_source_is_well_typed(packages):
    """The compiler finds nothing, by its strictest rules."""
    assert packages.is_dir()
    checked = run("npm", "run", "--silent", "check")
    assert checked.returncode == 0, checked.stdout


def test_its_own_tests_pass(packages):
    """Those that need a document object but no gateway."""
    assert packages.is_dir()
    tested = run("npm", "test", "--silent")
    assert tested.returncode == 0, tested.stdout


def test_the_first_load_is_small(packages):
    """What a browser loads before the first page is there, fonts and all, fits into the budget."""
    weighed = run("node", packages / "scripts/budget.mjs")
    assert weighed.returncode == 0, weighed.stdout


def test_no_module_is_long():
    """A module of the console has one noun, and at most 300 lines."""
    long = {each.name for each in SOURCES if len(each.read_text().splitlines()) > LINES_MAX}
    assert long == set()


def test_nothing_is_of_any_type():
    """The type `any` and comments that silence the compiler are nowhere."""
    pattern = re.compile(r":\s*any\b|<any>|as any\b|@ts-")
    assert [each.name for each in SOURCES if pattern.search(each.read_text())] == []


def test_the_lock_file_names_no_host():
    """Packages are found wherever npm is told to look for them."""
    packages = json.loads((CONSOLE / "package-lock.json").read_text())["packages"].values()
    assert {each.get("resolved") for each in packages} <= {None, "contract"}
