from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from palyra_runtime.capabilities import HostBroker
from palyra_runtime.sandbox import Execution, Invocation, invoke, wasm_from_text
from tests.documents import blocks

REPOSITORY = Path(__file__).parents[2]
KIT = REPOSITORY / "src" / "palyra_runtime" / "sdk" / "kits" / "assemblyscript"
PAGE = "guest-contract"
NINE_O_CLOCK = datetime(2026, 1, 31, 9, tzinfo=UTC)

pytestmark = pytest.mark.slow


def run_guest(module: bytes, input_bytes: bytes) -> Execution:
    return invoke(module, Invocation(HostBroker(lambda: NINE_O_CLOCK, bytes), input_bytes))


def compiled(source: str, folder: Path) -> bytes:
    """Build as the document says: the kit's files beside the source, with the kit's options."""
    subprocess.run([REPOSITORY / "scripts" / "build-guests", "--out", folder / "samples"], check=True)
    shutil.copytree(KIT, folder, dirs_exist_ok=True)
    (folder / "plugin.ts").write_text(source)
    asc = REPOSITORY / ".environments" / "guests" / "node_modules" / ".bin" / "asc"
    command = [asc, "plugin.ts", "--config", "asconfig.json", "--outFile", "plugin.wasm"]
    subprocess.run(command, cwd=folder, check=True)
    return (folder / "plugin.wasm").read_bytes()


def test_the_example_in_wat_answers_with_its_input():
    """The document's module, fed with the document's input, does what the document says."""
    (source,) = blocks(PAGE, "wat")
    (example_input,) = blocks(PAGE, "json")

    run = run_guest(wasm_from_text(source), example_input.encode())

    assert (run.outcome, run.document) == ("ok", {"result": json.loads(example_input)})


def test_the_example_in_wat_refuses_input_that_is_too_large():
    """What does not fit into the memory that it keeps for the input is exit code 64."""
    (source,) = blocks(PAGE, "wat")

    run = run_guest(wasm_from_text(source), b" " * 65_537)

    assert (run.outcome, run.exit_code, run.output) == ("guest_failed", 64, b"")


def test_the_example_in_assemblyscript_builds_and_asks_the_clock(tmp_path):
    """The document's source compiles with the kit; its one host call is answered and kept."""
    (source,) = blocks(PAGE, "typescript")
    (example_input,) = blocks(PAGE, "json")

    run = run_guest(compiled(source, tmp_path), example_input.encode())

    at = {"timestamp": "2026-01-31T09:00:00.000Z", "unix_ms": 1_769_850_000_000}
    assert (run.outcome, run.document) == ("ok", {"result": {"saw": "skill:enabled", "at": at}})
    assert [exchange.request for exchange in run.transcript] == [b'{"op":"clock.now"}']
    assert [line.text for line in run.logs] == ["saw skill:enabled"]
