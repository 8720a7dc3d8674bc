"""Running modules that nobody wrote by hand, and counting how they end.

    python -m tests.security.module_fuzz --mutants 50000 --components 10000 --generated 300

Mutants are seeded: a failing one is made again from its number. Generated modules come from binaryen's
``wasm-opt -ttf``, which makes a valid module of any bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from palyra_runtime.sandbox import (
    Invocation,
    Limits,
    Sandbox,
    entrypoint_problem,
    link_problems,
    module_shape,
    wasm_from_text,
)
from palyra_runtime.sandbox.errors import InvalidModule
from palyra_runtime.sandbox.reader import Reader
from palyra_runtime.sandbox.shape import Signature
from tests.component_guests import ASK, ECHO, component
from tests.dice import Dice
from tests.security.wasm_bytes import leb, section

_OPTIONS = ["--mvp-features", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--remove-imports"]

GUESTS = sorted((Path(__file__).parents[1] / "guests").glob("*.wat"))
LIMITS = Limits(fuel_budget=50_000, timeout_ms=1_000)
OUTCOMES = {
    "ok", "guest_failed", "bad_output", "out_of_fuel", "memory", "table", "instances", "compile", "link",
    "missing_export", "deadline",
}  # fmt: skip


#: what stands in the components beside what the entrypoint needs
INSIDE = [
    "",
    "(core module $Other (memory 1) (table 2 funcref)) (core instance (instantiate $Other))",
    """(component $Inner (core module $M (func (export "f") (param i32) (result i32) (local.get 0)))
      (core instance $m (instantiate $M))
      (func (export "f") (param "a" u32) (result u32) (canon lift (core func $m "f"))))
    (instance $inner (instantiate $Inner)) (export "other" (func $inner "f"))""",
    """(type $r (record (field "a" string) (field "b" (list u8))))
    (component (import "x" (instance
      (export "f" (func (param "a" (option u8)) (result (tuple u8 char)))))))""",
]

_HEADER_BYTES = 8

_TYPE, _FUNCTION, _EXPORT, _CODE = 1, 3, 7, 10
#: the constant -7 of each type, as an instruction
_CONSTANTS = {
    "i32": b"\x41\x79",
    "i64": b"\x42\x79",
    "f32": b"\x43" + struct.pack("<f", -7),
    "f64": b"\x44" + struct.pack("<d", -7),
}
#: functions of one module that are called; their names have five letters
_CALLS_MAX = 10

#: most change nothing's length: a section whose size is wrong says little about the engine
_KINDS = ["flip", "byte", "edge"] * 4 + ["insert", "remove", "copy", "cut"]


class Echo:
    """A broker that gives back what it is asked."""

    def answer(self, call):
        return call.request[: call.answer_bytes_max]


def mutants(count: int, seed: str = "mutants") -> Iterator[bytes]:
    """Modules of the tests with bytes changed, put in, taken out, cut off or moved."""
    return _mutated([wasm_from_text(path.read_text()) for path in GUESTS], count, seed)


def component_mutants(count: int, seed: str = "components") -> Iterator[bytes]:
    """Components with bytes changed, in their own sections and in those of the modules in them."""
    return _mutated([component(body, extra=extra) for body in (ASK, ECHO) for extra in INSIDE], count, seed)


def _mutated(seeds: list[bytes], count: int, seed: str) -> Iterator[bytes]:
    for number in range(count):
        dice = Dice(f"{seed}/{number}")
        data = bytearray(dice.pick(seeds))
        for _ in range(1 + int(dice.fraction() * 3)):
            _mutate(data, dice)
        yield bytes(data)


def _mutate(data: bytearray, dice: Dice) -> None:
    # Nearly all changes to the header are refused by it, so few are made.
    at = (
        int(dice.fraction() * len(data))
        if dice.fraction() < 0.02
        else 8 + int(dice.fraction() * (len(data) - 8))
    )
    kind = dice.pick(_KINDS)
    byte = int(dice.fraction() * 256)
    if kind == "flip":
        data[at] ^= 1 << byte % 8
    elif kind == "byte":
        data[at] = byte
    elif kind == "edge":
        data[at] = dice.pick([0, 1, 0x7F, 0x80, 0xFF, 0x0B, 0x41, 0x10])
    elif kind == "insert":
        data[at:at] = bytes([byte])
    elif kind == "remove" and len(data) > 10:
        del data[at]
    elif kind == "copy":
        data[at:at] = data[at : at + byte % 16]
    elif kind == "cut" and dice.fraction() < 0.1 and at > 8:
        del data[at:]


def generated(count: int, seed: str = "generated") -> Iterator[bytes]:
    """Valid modules that binaryen makes of seeded bytes; it must be installed."""
    with TemporaryDirectory() as folder:
        noise, module = Path(folder) / "noise", Path(folder) / "module.wasm"
        for number in range(count):
            size = 200 + number % 40 * 100
            noise.write_bytes(hashlib.shake_256(f"{seed}/{number}".encode()).digest(size))
            command = ["wasm-opt", str(noise), "-ttf", *_OPTIONS, "-o", str(module)]
            subprocess.run(command, check=True, capture_output=True)
            yield _callable(module.read_bytes())


def _callable(module: bytes) -> bytes:
    """Return the module with functions that call what it exports, and are of the host's type."""
    shape, sections = module_shape(module), dict(_sections(module))
    reader, calls = Reader(sections[_EXPORT]), []
    for _ in range(reader.u32()):
        reader.name()
        kind, index = reader.byte(), reader.u32()
        calls += [_call(index, shape.functions[index])] if kind == 0 else []
    first, made = len(shape.functions), range(len(calls))
    for number, items in {
        _TYPE: [b"\x60\0\1\x7f"],
        _FUNCTION: [leb(len(shape.types)) for _ in made],
        _EXPORT: [leb(5) + b"call%d" % call + b"\0" + leb(first + call) for call in made[:_CALLS_MAX]],
        _CODE: [leb(len(body)) + body for body in calls],
    }.items():
        sections[number] = _with(sections[number], items)
    return module[:_HEADER_BYTES] + b"".join(section(number, content) for number, content in sections.items())


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    reader = Reader(module, _HEADER_BYTES)
    while not reader.at_end:
        number, size = reader.byte(), reader.u32()
        yield number, reader.raw(size)


def _with(vector: bytes, items: list[bytes]) -> bytes:
    reader = Reader(vector)
    return leb(reader.u32() + len(items)) + vector[reader.position :] + b"".join(items)


def _call(index: int, signature: Signature) -> bytes:
    """Return a function body that calls another with constants, and returns 0."""
    arguments = b"".join(_CONSTANTS[kind] for kind in signature.params)
    return b"\0" + arguments + b"\x10" + leb(index) + b"\x1a" * len(signature.results) + b"\x41\0\x0b"


def run_all(sandbox: Sandbox, modules: Iterable[bytes]) -> Counter[str]:
    """Check and run every module, at each function that can be called; count the outcomes.

    Raises:
        AssertionError: an outcome that is none, with the module in hexadecimal.
    """
    counts: Counter[str] = Counter()
    for module in modules:
        link_problems(module)
        entrypoint_problem(module)
        for entrypoint in _entrypoints(module):
            execution = sandbox.invoke(module, Invocation(Echo(), b"{}", entrypoint, limits=LIMITS))
            outcome = execution.outcome
            assert outcome in OUTCOMES or outcome.startswith("trapped:"), (outcome, module.hex())
            counts[outcome] += 1
    return counts


def _entrypoints(module: bytes) -> list[str | None]:
    """Return some functions of the right type, or None for the default ones where there are none."""
    try:
        exports = module_shape(module).exports
    except InvalidModule:  # a component is called where its contract says
        return [None]
    return [each.name for each in exports if str(each.signature) == "() -> (i32)"][:_CALLS_MAX] or [None]


def main() -> None:
    """Run what the command line asks for on both isolations, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=50_000)
    parser.add_argument("--components", type=int, default=10_000)
    parser.add_argument("--generated", type=int, default=300)
    options = parser.parse_args()
    for isolation in ("thread", "process"):
        with Sandbox(isolation=isolation) as sandbox:
            for name, modules in (
                ("mutated modules", mutants(options.mutants)),
                ("mutated components", component_mutants(options.components)),
                ("generated modules", generated(options.generated)),
            ):
                counts = run_all(sandbox, modules)
                sys.stdout.write(f"{counts.total()} runs of {name}, {isolation}: {dict(counts)}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
