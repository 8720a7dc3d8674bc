from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from palyra_runtime.sandbox import InvalidModule, Invocation, invoke, wasm_from_text
from palyra_runtime.sdk.shrink import shrunk
from tests.component_guests import component
from tests.security.wasm_bytes import leb, section

NAME = b"\4name"
#: padded with a custom section of its own, so that it is worth the time
LARGE = wasm_from_text('(module (func (export "f") (result i32) (i32.const 0)))') + section(
    0, NAME + bytes(65_536)
)


def unpadded(module: bytes) -> bytes:
    """The module without that section, as an optimiser would leave it."""
    return module[: -len(section(0, NAME + bytes(65_536)))]


def never(module: bytes) -> bytes:
    raise AssertionError(f"a module of {len(module)} bytes is not worth it")


def test_custom_sections_are_taken_out_and_nothing_else():
    """A component without its names does what it did."""
    data = component("(i32.const 7)")

    small = shrunk(data + section(0, NAME + bytes(100)), never)

    assert len(small) < len(data)
    assert invoke(small, Invocation(None)).exit_code == 7


def test_large_modules_are_made_smaller_also_inside():
    """Modules of an inner component are worth as much as those of the outer one."""
    header = b"\0asm\x0d\0\x01\0"
    inner = header + section(1, LARGE)

    small = shrunk(header + section(1, LARGE) + section(4, inner), unpadded)

    assert small == header + section(1, unpadded(LARGE)) + section(4, header + section(1, unpadded(LARGE)))


def test_a_module_that_would_become_larger_is_left_alone():
    """Not everything can be made smaller, and nothing is made larger."""
    data = b"\0asm\x0d\0\x01\0" + section(1, LARGE)

    assert shrunk(data, lambda module: module + b"more") == data


@pytest.mark.parametrize("data", [b"", b"\0asm\x01\0\0\0", b"(component)", b"\0asm\x0d\0\x01\0\1" + leb(9)])
def test_what_is_no_component_is_refused(data):
    """Nothing is written for bytes that were something else."""
    with pytest.raises(InvalidModule):
        shrunk(data, never)


@pytest.mark.parametrize(
    ("path", "exit_code", "words"),
    [
        ("/usr/bin:/bin", 2, "This is no WebAssembly component."),
        ("", 7, "wasm-opt is needed: install binaryen."),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path: Path, path, exit_code, words):
    """A file that is no component is the author's mistake, a missing tool the machine's."""
    (tmp_path / "large.wasm").write_bytes(b"\0asm\x01\0\0\0")
    command = [sys.executable, "-m", "palyra_runtime.sdk.shrink", "large.wasm", "small.wasm"]

    done = subprocess.run(
        command, cwd=tmp_path, env={"PATH": path}, check=False, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (exit_code, f"error: {words}\n")
    assert not (tmp_path / "small.wasm").exists()
