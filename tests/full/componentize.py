"""A plugin in Python, made into a component by componentize-py: from its source to a delivery.

Building it takes a minute and compiling it a quarter of one, so that `scripts/full-test` asks for this
file by its name, and nobody else does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from palyra_runtime.capabilities import HostBroker
from palyra_runtime.sandbox import Invocation, Sandbox, component_shape, link_problems
from palyra_runtime.sandbox import WasmPluginRunnerPolicy as Policy
from tests.documents import blocks
from tests.stage import Stage

REPOSITORY = Path(__file__).parents[2]
WIT = REPOSITORY / "src" / "palyra_runtime" / "sdk" / "wit"
ENVIRONMENT = REPOSITORY / ".environments" / "componentize"
REQUIREMENTS = ["componentize-py==0.25.1"]
INPUT = json.dumps({"event": {"kind": "skill:enabled"}}).encode()
ENTRY_BYTES_MAX = 16 * 1024**2

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]


def installed() -> Path:
    """The tool, in an environment of its own: it is no dependency of anything here."""
    tool = ENVIRONMENT / "bin" / "componentize-py"
    if not tool.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        pip = [
            ENVIRONMENT / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        subprocess.run([*pip, *REQUIREMENTS], check=True)
    return tool


def documented_source() -> str:
    (found,) = [block for block in blocks("guest-contract", "python") if "wit_world" in block]
    return found


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    """What the tool makes of the document's example, with the document's command."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "plugin.py").write_text(documented_source())
    command = [installed(), "-d", WIT, "-w", "palyra-plugin", "componentize", "--stub-wasi", "plugin"]
    subprocess.run([*command, "-o", "large.wasm"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / "large.wasm"


@pytest.fixture(scope="module")
def small(large) -> bytes:
    """The same, made as small as an artifact takes it."""
    path = large.with_name("plugin.wasm")
    subprocess.run([sys.executable, "-m", "palyra_runtime.sdk.shrink", large, path], check=True)
    return path.read_bytes()


@pytest.fixture
def broker() -> HostBroker:
    return HostBroker(lambda: datetime(2026, 1, 31, 9, tzinfo=UTC), bytes)


def test_nothing_of_the_system_is_left_in_it(large):
    """What it imports is the contract; without stubs it would be WASI, and refused."""
    data = large.read_bytes()

    assert link_problems(data) == []
    assert {each.module.partition("/")[0] for each in component_shape(data).imports} == {"palyra:plugins"}


def test_it_runs_as_it_was_made_with_the_same_fuel_on_both_isolations(large, broker):
    """An interpreter, its heap and all that it does are repeatable to the unit, process or not."""
    executions = []
    for isolation in ("thread", "process"):
        with Sandbox(isolation=isolation) as sandbox:
            executions += [sandbox.invoke(large.read_bytes(), Invocation(broker, INPUT)) for _ in range(2)]

    result = {"saw": "skill:enabled", "at": "2026-01-31T09:00:00.000Z"}
    assert [execution.document for execution in executions] == [{"result": result}] * 4
    assert len({execution.fuel_units for execution in executions}) == 1


def test_made_smaller_it_is_packed_installed_and_run_by_a_hook(small, tmp_path):
    """An operator who allows 16 MiB can use plugins in Python."""
    policy = Policy(max_module_size_bytes=ENTRY_BYTES_MAX)
    with Stage(f"sqlite:///{tmp_path}/palyra.db", tmp_path, policy=policy) as stage:
        stage.ready(small)
        stage.scheduled()
        stage.palyra.dispatch.drain()

        assert [delivery.outcome for delivery in stage.palyra.deliveries()] == ["ok"]
    assert len(small) < ENTRY_BYTES_MAX
