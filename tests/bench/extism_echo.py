"""The same echo as a plugin of Extism, in an environment of its own: it is no dependency of anything here."""

from __future__ import annotations

import subprocess
import sys
import venv
from functools import cache
from pathlib import Path

from palyra_runtime.sandbox import wasm_from_text

ENVIRONMENT = Path(__file__).parents[2] / ".environments" / "extism"
REQUIREMENTS = ["extism==1.1.1", "extism-sys==1.41.0"]

#: copies the input to the output, eight bytes at a time
GUEST = """(module
  (import "extism:host/env" "input_length" (func $length (result i64)))
  (import "extism:host/env" "input_load_u64" (func $load (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output (param i64 i64)))
  (memory (export "memory") 32)
  (func (export "run") (result i32) (local $n i64) (local $at i64) (local $i i64)
    (local.set $n (call $length))
    (local.set $at (call $alloc (local.get $n)))
    (loop $l
      (call $store (i64.add (local.get $at) (local.get $i)) (call $load (local.get $i)))
      (local.set $i (i64.add (local.get $i) (i64.const 8)))
      (br_if $l (i64.lt_u (local.get $i) (local.get $n))))
    (call $output (local.get $at) (local.get $n))
    (i32.const 0)))"""

PROGRAM = """
import sys
from time import perf_counter_ns
from extism.extism import CompiledPlugin, Plugin
wasm, data, runs = open(sys.argv[1], "rb").read(), sys.stdin.buffer.read(), int(sys.argv[2])
compiled = CompiledPlugin({"wasm": [{"data": wasm}]})
for _ in range(runs + 20):
    start = perf_counter_ns()
    output = Plugin(compiled).call("run", data)
    print(perf_counter_ns() - start)
    assert output == data
"""


@cache
def installed() -> Path:
    """Return the Python of an environment with Extism in it, made where it is missing."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIREMENTS]
        subprocess.run(command, check=True, stdout=sys.stderr)
    module = ENVIRONMENT / "echo.wasm"
    module.write_bytes(wasm_from_text(GUEST))
    return python


def measure_extism(python: Path, data: bytes, runs: int) -> list[float]:
    """Return the microseconds of ``runs`` calls, each of a new plugin of a compiled module."""
    command = [python, "-c", PROGRAM, ENVIRONMENT / "echo.wasm", str(runs)]
    done = subprocess.run(command, check=True, input=data, capture_output=True)
    return [int(line) / 1_000 for line in done.stdout.split()[20:]]
