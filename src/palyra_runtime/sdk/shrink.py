"""``python -m palyra_runtime.sdk.shrink LARGE SMALL``: make a component as small as an artifact takes it.

Interpreters come with names for every function and with memory that is mostly empty. This takes out
what no run needs, and has binaryen's ``wasm-opt`` make each module in the component smaller.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from palyra_events.errors import InvalidInput, Unavailable
from palyra_runtime.sandbox.errors import InvalidModule
from palyra_runtime.sandbox.form import Form, form_of
from palyra_runtime.sandbox.reader import Reader

_HEADER_BYTES = 8
_CUSTOM, _MODULE, _COMPONENT = 0, 1, 4
#: smaller modules are the glue between the large ones, and not worth the time
_WORTH_BYTES = 64 * 1024
#: what the sandbox has on; with more, ``wasm-opt`` would write what no engine here takes
_FEATURES = (
    "--mvp-features", "--enable-bulk-memory", "--enable-sign-ext", "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int", "--enable-reference-types", "--enable-multivalue",
    "--enable-simd", "--enable-extended-const",
)  # fmt: skip

#: going further saves little, and gives an interpreter's largest function hundreds of variables, which is
#: what compiling it costs
_LEVEL = "-O1"

Optimise = Callable[[bytes], bytes]


def shrunk(component: bytes, optimise: Optimise) -> bytes:
    """Return the component without custom sections, each large module in it as ``optimise`` gives it back.

    Raises:
        InvalidModule: it is no component, or cut off.
    """
    if form_of(component) is not Form.COMPONENT:
        raise InvalidModule("This is no WebAssembly component.")
    parts = _shrunk_sections(component, optimise)
    return component[:_HEADER_BYTES] + b"".join(parts)


def wasm_opt(module: bytes) -> bytes:
    """Return a module as binaryen makes it.

    Raises:
        OSError: there is no ``wasm-opt`` here.
        CalledProcessError: it does not take the module.
    """
    with TemporaryDirectory() as folder:
        before, after = Path(folder) / "before.wasm", Path(folder) / "after.wasm"
        before.write_bytes(module)
        command = ["wasm-opt", _LEVEL, *_FEATURES, "--strip-debug", "--strip-producers"]
        command += [str(before), "-o", str(after)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words
        return after.read_bytes()


def main() -> int:
    """Write the smaller component and say how large both are."""
    parser = argparse.ArgumentParser(
        prog="python -m palyra_runtime.sdk.shrink", description="Make a component smaller."
    )
    parser.add_argument("large", type=Path, help="the component that a toolchain has made")
    parser.add_argument("small", type=Path, help="where to write the smaller one")
    options = parser.parse_args()
    if shutil.which("wasm-opt") is None:
        parser.exit(Unavailable.exit_code, "error: wasm-opt is needed: install binaryen.\n")
    large: bytes = options.large.read_bytes()
    try:
        small = shrunk(large, wasm_opt)
    except InvalidModule as error:
        parser.exit(InvalidInput.exit_code, f"error: {error.message}\n")
    options.small.write_bytes(small)
    sys.stdout.write(f"{len(large):,} bytes before, {len(small):,} after\n")
    return 0


def _shrunk_sections(data: bytes, optimise: Optimise) -> Iterator[bytes]:
    reader = Reader(data, _HEADER_BYTES)
    while not reader.at_end:
        number = reader.byte()
        content = reader.raw(reader.u32())
        if number == _MODULE and len(content) >= _WORTH_BYTES:
            content = min(content, optimise(content), key=len)
        elif number == _COMPONENT:
            content = shrunk(content, optimise)
        if number != _CUSTOM:
            yield bytes([number]) + _leb(len(content)) + content


def _leb(number: int) -> bytes:
    """Return a number in unsigned LEB128 (WebAssembly core specification, section 5.2.2)."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


if __name__ == "__main__":
    sys.exit(main())
