"""Rewrite a module so that a long jump leaves every function on its way.

``python lower_jumps.py IN.wasm OUT.wasm``, a step of scripts/build-micropython. After each call that a
jump may leave, it inserts what in C would be

    if (jump_is_under_way) return 0;

The functions ``invoke_…``, at which jumps arrive, are left as they are. Instructions are told apart by
their immediates (WebAssembly core specification 1.0, section 5.4, with sign extension and bulk memory).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: the exported global that says that a jump is under way
_FLAG = b"jump_is_under_way"
#: the function that begins a jump, and what those are called at which one arrives
_JUMP = "emscripten_longjmp"
_ARRIVAL = "invoke_"

_HEADER = b"\0asm\1\0\0\0"
_CUSTOM, _TYPE, _IMPORT, _FUNCTION, _EXPORT, _CODE = 0, 1, 2, 3, 7, 10
_GLOBAL_KIND = 3
_FUNCTION_NAMES = 1

_IF, _END, _BR_TABLE, _RETURN, _CALL, _CALL_INDIRECT, _GLOBAL_GET = 0x04, 0x0B, 0x0E, 0x0F, 0x10, 0x11, 0x23
_PREFIX = 0xFC
_NO_RESULT = 0x40
#: by value type: the instruction that makes a zero
_ZEROS = {0x7F: b"\x41\x00", 0x7E: b"\x42\x00", 0x7D: b"\x43" + bytes(4), 0x7C: b"\x44" + bytes(8)}

_BLOCKS_AND_BRANCHES = [0x02, 0x03, _IF, 0x0C, 0x0D]
_VARIABLES = [0x20, 0x21, 0x22, _GLOBAL_GET, 0x24]
_MEMORY_SIZES = [0x3F, 0x40]
_CONSTANTS = [0x41, 0x42]
_LOADS_AND_STORES = range(0x28, 0x3F)
#: how many numbers in LEB128 follow an instruction, and how many bytes; others have none
_NUMBERS = {
    **dict.fromkeys([*_BLOCKS_AND_BRANCHES, *_VARIABLES, *_MEMORY_SIZES, *_CONSTANTS], 1),
    **dict.fromkeys([_CALL_INDIRECT, *_LOADS_AND_STORES], 2),
}
_BYTES = {0x43: 4, 0x44: 8}
#: how many numbers follow an instruction with the prefix: conversions, then bulk memory
_PREFIXED = {**dict.fromkeys(range(8), 0), 8: 2, 9: 1, 10: 2, 11: 1}

#: in place of a function's index: whatever a pointer points to
_ANY = -1


class _Bytes:
    """A position in bytes."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    @property
    def left(self) -> bool:
        return self.at < len(self.data)

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self) -> bytes:
        return self.take(self.number())


@dataclass(slots=True)
class _Module:
    """What has to be known of a module: the types of its functions, their names, and where the flag is."""

    sections: list[tuple[int, bytes]] = field(default_factory=list)
    results: list[bytes] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)
    imports: int = 0
    flag: int | None = None
    names: dict[int, str] = field(default_factory=dict)


def main() -> None:
    """Rewrite the module of the first argument into the file of the second."""
    source, target = map(Path, sys.argv[1:])
    target.write_bytes(lower_jumps(source.read_bytes()))


def lower_jumps(data: bytes) -> bytes:
    """Return the module with a way out after each call; custom sections, names among them, are left out."""
    module = _read(data)
    if module.flag is None:
        raise SystemExit(f"{_FLAG.decode()} is not exported")
    code = _Bytes(dict(module.sections)[_CODE])
    bodies = dict(enumerate((code.text() for _ in range(code.number())), module.imports))
    leaves = _leaves(module, bodies)
    lowered = [_lowered(module, index, body, leaves) for index, body in bodies.items()]
    section = _leb(len(lowered)) + b"".join(_leb(len(body)) + body for body in lowered)
    kept = ((number, section if number == _CODE else content) for number, content in module.sections)
    return _HEADER + b"".join(
        bytes([number]) + _leb(len(content)) + content for number, content in kept if number != _CUSTOM
    )


def _read(data: bytes) -> _Module:
    source, module = _Bytes(data, len(_HEADER)), _Module()
    while source.left:
        number, content = source.byte(), source.text()
        module.sections.append((number, content))
        if read := _READERS.get(number):
            read(_Bytes(content), module)
    return module


def _read_types(source: _Bytes, module: _Module) -> None:
    for _ in range(source.number()):
        source.byte()
        source.text()
        module.results.append(source.text())


def _read_imports(source: _Bytes, module: _Module) -> None:
    for _ in range(source.number()):
        source.text()
        source.text()
        if source.byte() != 0:
            raise SystemExit("only functions can be imported")
        module.functions.append(source.number())
        module.imports += 1


def _read_functions(source: _Bytes, module: _Module) -> None:
    module.functions += [source.number() for _ in range(source.number())]


def _read_exports(source: _Bytes, module: _Module) -> None:
    for _ in range(source.number()):
        name, kind, index = source.text(), source.byte(), source.number()
        if (name, kind) == (_FLAG, _GLOBAL_KIND):
            module.flag = index


def _read_names(source: _Bytes, module: _Module) -> None:
    if source.text() != b"name":
        return
    while source.left:
        kind, part = source.byte(), _Bytes(source.text())
        if kind == _FUNCTION_NAMES:
            module.names = {part.number(): part.text().decode() for _ in range(part.number())}


_READERS: dict[int, Callable[[_Bytes, _Module], None]] = {
    _CUSTOM: _read_names,
    _TYPE: _read_types,
    _IMPORT: _read_imports,
    _FUNCTION: _read_functions,
    _EXPORT: _read_exports,
}


def _instructions(body: bytes) -> Iterator[tuple[int, int | None, int]]:
    """Yield each instruction of a function: its opcode, the function that it calls, and where it ends."""
    source = _Bytes(body, _locals_end(body))
    while source.left:
        opcode = source.byte()
        called = source.number() if opcode == _CALL else None
        if opcode == _CALL_INDIRECT:
            called = _ANY
        for _ in range(_numbers(opcode, source)):
            source.number()
        source.take(_BYTES.get(opcode, 0))
        yield opcode, called, source.at


def _numbers(opcode: int, source: _Bytes) -> int:
    if opcode == _BR_TABLE:
        return source.number() + 1
    return _PREFIXED[source.number()] if opcode == _PREFIX else _NUMBERS.get(opcode, 0)


def _locals_end(body: bytes) -> int:
    source = _Bytes(body)
    for _ in range(source.number()):
        source.number()
        source.byte()
    return source.at


def _leaves(module: _Module, bodies: dict[int, bytes]) -> set[int]:
    """Return the functions that a jump may leave: that call, at some depth, the jump or a pointer."""
    calls = {
        index: {called for _, called, _ in _instructions(body) if called is not None}
        for index, body in bodies.items()
    }
    arrivals = {index for index, name in module.names.items() if name.startswith(_ARRIVAL)}
    found = {_ANY, *(index for index, name in module.names.items() if name == _JUMP)}
    while more := {index for index in calls.keys() - found - arrivals if calls[index] & found}:
        found |= more
    return found


def _lowered(module: _Module, index: int, body: bytes, leaves: set[int]) -> bytes:
    """Return a function with a way out after each call that a jump may leave."""
    name = module.names.get(index, "")
    if name.startswith(_ARRIVAL) or name == _JUMP:
        return body
    zeros = b"".join(_ZEROS[result] for result in module.results[module.functions[index]])
    flag = bytes([_GLOBAL_GET]) + _leb(module.flag or 0)
    way_out = flag + bytes([_IF, _NO_RESULT]) + zeros + bytes([_RETURN, _END])
    out, copied = bytearray(), 0
    for _, called, end in _instructions(body):
        if called in leaves:
            out += body[copied:end] + way_out
            copied = end
    return bytes(out) + body[copied:]


def _leb(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


if __name__ == "__main__":
    main()
