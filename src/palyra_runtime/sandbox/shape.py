"""What a module is made of, read from its sections before anything is compiled.

Compiling can take a minute and gigabytes for 60 kB of well-chosen bytes, and neither fuel nor a
deadline bounds it. So the parts are counted first, in one pass without recursion, and a module with
too many of them is refused. Instructions are not read: that is the engine's work. The worst function
that passes costs about a second and 200 MB; JavaScript engines of a megabyte stay below half of
each bound.

Source: WebAssembly core specification 1.0, section 5 (binary format).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from palyra_runtime.sandbox.errors import InvalidModule, ModuleTooComplex
from palyra_runtime.sandbox.reader import Reader

MAGIC = b"\x00asm"
_CORE_VERSION = b"\x01\x00\x00\x00"
_COMPONENT_LAYER = b"\x01\x00"

PAGE_BYTES = 65_536

MODULE_BYTES_MAX = 8 * 1024**2
FUNCTIONS_MAX = 10_000
TYPES_MAX = 10_000
PARAMS_MAX = 128
#: a call gives all results at once: 9 kB with 1000 of them took five seconds to compile
RESULTS_MAX = 8
IMPORTS_MAX = 1_000
EXPORTS_MAX = 10_000
GLOBALS_MAX = 10_000
TABLES_MAX = 4
#: what the engine sets aside for one guest, and so the largest that any policy can allow
MEMORY_BYTES_MAX = 64 * 1024**2
TABLE_ELEMENTS_MAX = 100_000
SEGMENTS_MAX = 10_000
SECTIONS_MAX = 1_000
BODY_BYTES_MAX = 64 * 1024
LOCALS_PER_FUNCTION_MAX = 2_000
LOCALS_MAX = 250_000
#: bytes of a function times the values that are alive in it, which is about what nested loops cost:
#: one function of 15 million took 8 seconds and 840 MiB, one of 4 million a second and 215 MiB
WORK_PER_FUNCTION_MAX = 4_000_000
WORK_MAX = 128_000_000

#: number and vector types, funcref and externref; typed references need features that are off
_VALUE_TYPES = {
    0x7F: "i32",
    0x7E: "i64",
    0x7D: "f32",
    0x7C: "f64",
    0x7B: "v128",
    0x70: "funcref",
    0x6F: "externref",
}
_FUNCTION_FORM = 0x60
_KINDS = ("func", "table", "memory", "global", "tag")
_CUSTOM, _TYPE, _IMPORT, _FUNCTION, _TABLE, _MEMORY, _GLOBAL = range(7)
_EXPORT, _START, _ELEMENT, _CODE, _DATA, _DATA_COUNT = range(7, 13)
#: section numbers in the order in which a module has them
_ORDER = (
    _TYPE, _IMPORT, _FUNCTION, _TABLE, _MEMORY, _GLOBAL, _EXPORT, _START, _ELEMENT, _DATA_COUNT, _CODE, _DATA
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signature:
    """The type of a function."""

    params: tuple[str, ...]
    results: tuple[str, ...]

    def __str__(self) -> str:
        return f"({', '.join(self.params)}) -> ({', '.join(self.results)})"


@dataclass(frozen=True, slots=True)
class Import:
    """Something that the module wants from its host; ``signature`` where it is a function."""

    module: str
    name: str
    kind: str
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """Something that the module offers; ``signature`` where it is a function."""

    name: str
    kind: str
    signature: Signature | None = None


@dataclass(slots=True)
class ModuleShape:
    """The parts of a module, imported ones included, in the order of their indices.

    ``memories`` holds minimum sizes in bytes, ``tables`` minimum numbers of elements. ``work`` says
    how much there is to compile, in a unit of its own.
    """

    types: list[Signature] = field(default_factory=list)
    functions: list[Signature] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    memories: list[int] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    bodies: int = 0
    locals: int = 0
    work: int = 0


def is_binary_module(data: bytes) -> bool:
    """Return True where ``data`` begins as a WebAssembly binary does, module or component."""
    return data.startswith(MAGIC)


def module_shape(data: bytes) -> ModuleShape:
    """Return the parts of the module in ``data``.

    The engine validates the rest: a shape says nothing about whether the module is valid.

    Raises:
        InvalidModule: it is not a core module in binary form, or cut off, or uses a feature that is off.
        ModuleTooComplex: it has more parts than this host compiles.
    """
    _check_header(data)
    shape = ModuleShape()
    reader = Reader(data, len(MAGIC) + len(_CORE_VERSION))
    order = iter(_ORDER)
    sections = 0
    while not reader.at_end:
        sections += 1
        _at_most(sections, SECTIONS_MAX, "sections")
        number = reader.byte()
        section = reader.part(reader.u32())
        if number == _CUSTOM:
            continue
        if number not in order:
            raise InvalidModule(
                f"Section {number} of the module is of a feature that is off, or out of order."
            )
        if parse := _SECTIONS.get(number):
            parse(section, shape)
    return shape


def _check_header(data: bytes) -> None:
    _at_most(len(data), MODULE_BYTES_MAX, "bytes")
    if not is_binary_module(data):
        raise InvalidModule("This is not a WebAssembly binary: it does not begin with \\0asm.")
    if data[4:8] == _CORE_VERSION:
        return
    if data[6:8] == _COMPONENT_LAYER:
        raise InvalidModule("This is a WebAssembly component; a core module is needed.")
    raise InvalidModule("The module's binary version is not 1.")


def _at_most(count: int, most: int, noun: str) -> int:
    if count > most:
        raise ModuleTooComplex(f"The module has {count} {noun}; {most} are the most.", count=count)
    return count


def _types(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(_at_most(reader.u32(), TYPES_MAX, "types")):
        if reader.byte() != _FUNCTION_FORM:
            raise InvalidModule("The module has a type that is not a function's: that feature is off.")
        params = _value_types(reader, PARAMS_MAX, "parameters of one function")
        shape.types.append(Signature(params, _value_types(reader, RESULTS_MAX, "results of one function")))


def _value_types(reader: Reader, most: int, noun: str) -> tuple[str, ...]:
    return tuple(_value_type(reader) for _ in range(_at_most(reader.u32(), most, noun)))


def _value_type(reader: Reader) -> str:
    name = _VALUE_TYPES.get(reader.byte())
    if name is None:
        raise InvalidModule("The module has a value type of a feature that is off.")
    return name


def _limits(reader: Reader) -> int:
    """Read the limits of a memory or table and return the minimum."""
    flags = reader.byte()
    if flags > 1:
        raise InvalidModule("The module has a shared or 64-bit memory or table: that feature is off.")
    minimum = reader.u32()
    if flags:
        reader.u32()
    return minimum


def _add_memory(reader: Reader, shape: ModuleShape) -> None:
    shape.memories.append(_limits(reader) * PAGE_BYTES)
    if len(shape.memories) > 1:
        raise InvalidModule("The module has more than one memory: that feature is off.")


def _add_table(reader: Reader, shape: ModuleShape) -> None:
    _value_type(reader)
    shape.tables.append(_limits(reader))


def _add_function(reader: Reader, shape: ModuleShape) -> None:
    index = reader.u32()
    if index >= len(shape.types):
        raise InvalidModule("The module has a function of a type that it does not define.")
    shape.functions.append(shape.types[index])


def _skip_global(reader: Reader, _shape: ModuleShape) -> None:
    _value_type(reader)
    reader.byte()


_IMPORTED: dict[str, Callable[[Reader, ModuleShape], None]] = {
    "func": _add_function,
    "table": _add_table,
    "memory": _add_memory,
    "global": _skip_global,
}


def _imports(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(_at_most(reader.u32(), IMPORTS_MAX, "imports")):
        module, name = reader.name(), reader.name()
        kind = _kind(reader)
        add = _IMPORTED.get(kind)
        if add is None:
            raise InvalidModule("The module imports an exception tag: that feature is off.")
        add(reader, shape)
        signature = shape.functions[-1] if kind == "func" else None
        shape.imports.append(Import(module, name, kind, signature))


def _kind(reader: Reader) -> str:
    number = reader.byte()
    if number >= len(_KINDS):
        raise InvalidModule("The module has an import or export of an unknown kind.")
    return _KINDS[number]


def _functions(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(_at_most(reader.u32(), FUNCTIONS_MAX, "functions")):
        _add_function(reader, shape)


def _tables(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(_at_most(reader.u32(), TABLES_MAX, "tables")):
        _add_table(reader, shape)


def _memories(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(reader.u32()):
        _add_memory(reader, shape)


def _globals(reader: Reader, _shape: ModuleShape) -> None:
    _at_most(reader.u32(), GLOBALS_MAX, "globals")


def _segments(reader: Reader, _shape: ModuleShape) -> None:
    _at_most(reader.u32(), SEGMENTS_MAX, "segments")


def _exports(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(_at_most(reader.u32(), EXPORTS_MAX, "exports")):
        name, kind, index = reader.name(), _kind(reader), reader.u32()
        if kind == "func" and index >= len(shape.functions):
            raise InvalidModule("The module exports a function that it does not have.")
        shape.exports.append(Export(name, kind, shape.functions[index] if kind == "func" else None))


def _code(reader: Reader, shape: ModuleShape) -> None:
    shape.bodies = _at_most(reader.u32(), FUNCTIONS_MAX, "function bodies")
    # Any block may take and give as many values as the widest type says.
    widest = max((len(kind.params) + len(kind.results) for kind in shape.types), default=0)
    for _ in range(shape.bodies):
        size = _at_most(reader.u32(), BODY_BYTES_MAX, "bytes in one function")
        variables = _locals(reader.part(size))
        work = _at_most(
            size * (variables + widest), WORK_PER_FUNCTION_MAX, "steps to compile in one function"
        )
        shape.locals = _at_most(shape.locals + variables, LOCALS_MAX, "local variables")
        shape.work = _at_most(shape.work + work, WORK_MAX, "steps to compile")


def _locals(body: Reader) -> int:
    """Count the variables of one function; an empty group counts too, as reading it takes as long."""
    total = 0
    for _ in range(body.u32()):
        total += max(1, body.u32())
        _value_type(body)
        _at_most(total, LOCALS_PER_FUNCTION_MAX, "local variables in one function")
    return total


_SECTIONS: dict[int, Callable[[Reader, ModuleShape], None]] = {
    _TYPE: _types,
    _IMPORT: _imports,
    _FUNCTION: _functions,
    _TABLE: _tables,
    _MEMORY: _memories,
    _GLOBAL: _globals,
    _EXPORT: _exports,
    _ELEMENT: _segments,
    _CODE: _code,
    _DATA: _segments,
}
