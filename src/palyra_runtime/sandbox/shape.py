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
from typing import NamedTuple

from palyra_runtime.sandbox.errors import InvalidModule, ModuleTooComplex
from palyra_runtime.sandbox.form import CORE_VERSION, MAGIC, Form, is_binary_module
from palyra_runtime.sandbox.reader import Reader

PAGE_BYTES = 65_536

MODULE_BYTES_MAX = 8 * 1024**2
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
SECTIONS_MAX = 1_000
LOCALS_PER_FUNCTION_MAX = 2_000
LOCALS_MAX = 250_000


class Complexity(NamedTuple):
    """How much there may be to compile.

    Work is bytes of a function times the values that are alive in it, which is about what nested
    loops cost: one function of 15 million took 8 seconds and 840 MiB, one of 4 million a second and
    215 MiB.
    """

    module_bytes: int
    functions: int
    segments: int
    body_bytes: int
    work_per_function: int
    work: int


#: of a module that is a guest by itself
ALONE = Complexity(MODULE_BYTES_MAX, 10_000, 10_000, 64 * 1024, 4_000_000, 128_000_000)

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
    how much there is to compile, in a unit of its own, and ``most`` what was allowed.
    """

    most: Complexity = field(default=ALONE, repr=False)

    types: list[Signature] = field(default_factory=list)
    functions: list[Signature] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    memories: list[int] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    bodies: int = 0
    locals: int = 0
    work: int = 0

    @property
    def form(self) -> Form:
        """A module."""
        return Form.MODULE

    @property
    def needs(self) -> Needs:
        """What the module takes at the least."""
        return Needs(tuple(self.memories), max(self.tables, default=0), instances=1)

    @property
    def own_memories(self) -> list[int]:
        """The memories that an instance makes and does not import."""
        return self.memories[self._imported("memory") :]

    @property
    def own_tables(self) -> list[int]:
        """The tables that an instance makes and does not import."""
        return self.tables[self._imported("table") :]

    def spelling(self, name: str) -> str:
        """Return how a module spells a name of the contract: as it is."""
        return name

    def _imported(self, kind: str) -> int:
        return sum(wanted.kind == kind for wanted in self.imports)


class Needs(NamedTuple):
    """What a guest takes at the least: bytes of each memory, elements of its largest table, instances."""

    memories: tuple[int, ...]
    table_elements: int
    instances: int

    @property
    def memory_bytes(self) -> int:
        """The smallest limit under which it can start: each of its memories gets the same share of that."""
        return max(self.memories, default=0) * len(self.memories)


def module_shape(data: bytes, most: Complexity = ALONE) -> ModuleShape:
    """Return the parts of the module in ``data``.

    The engine validates the rest: a shape says nothing about whether the module is valid.

    Raises:
        InvalidModule: it is not a core module in binary form, or cut off, or uses a feature that is off.
        ModuleTooComplex: it has more parts than this host compiles.
    """
    _check_header(data, most)
    shape = ModuleShape(most)
    reader = Reader(data, len(MAGIC) + len(CORE_VERSION))
    order = iter(_ORDER)
    sections = 0
    while not reader.at_end:
        sections += 1
        at_most(sections, SECTIONS_MAX, "sections")
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


def _check_header(data: bytes, most: Complexity) -> None:
    at_most(len(data), most.module_bytes, "bytes")
    if not is_binary_module(data):
        raise InvalidModule("This is not a WebAssembly binary: it does not begin with \\0asm.")
    if data[4:8] != CORE_VERSION:
        raise InvalidModule("The module's binary version is not 1.")


def at_most(count: int, most: int, noun: str, whole: str = "module") -> int:
    """Return the count of some parts of a module, or of another whole.

    Raises:
        ModuleTooComplex: there are more of them than the most.
    """
    if count > most:
        raise ModuleTooComplex(f"The {whole} has {count} {noun}; {most} are the most.", count=count)
    return count


def _types(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(at_most(reader.u32(), TYPES_MAX, "types")):
        if reader.byte() != _FUNCTION_FORM:
            raise InvalidModule("The module has a type that is not a function's: that feature is off.")
        params = _value_types(reader, PARAMS_MAX, "parameters of one function")
        shape.types.append(Signature(params, _value_types(reader, RESULTS_MAX, "results of one function")))


def _value_types(reader: Reader, most: int, noun: str) -> tuple[str, ...]:
    return tuple(_value_type(reader) for _ in range(at_most(reader.u32(), most, noun)))


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
    for _ in range(at_most(reader.u32(), IMPORTS_MAX, "imports")):
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
    for _ in range(at_most(reader.u32(), shape.most.functions, "functions")):
        _add_function(reader, shape)


def _tables(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(at_most(reader.u32(), TABLES_MAX, "tables")):
        _add_table(reader, shape)


def _memories(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(reader.u32()):
        _add_memory(reader, shape)


def _globals(reader: Reader, _shape: ModuleShape) -> None:
    at_most(reader.u32(), GLOBALS_MAX, "globals")


def _segments(reader: Reader, shape: ModuleShape) -> None:
    at_most(reader.u32(), shape.most.segments, "segments")


def _exports(reader: Reader, shape: ModuleShape) -> None:
    for _ in range(at_most(reader.u32(), EXPORTS_MAX, "exports")):
        name, kind, index = reader.name(), _kind(reader), reader.u32()
        if kind == "func" and index >= len(shape.functions):
            raise InvalidModule("The module exports a function that it does not have.")
        shape.exports.append(Export(name, kind, shape.functions[index] if kind == "func" else None))


def _code(reader: Reader, shape: ModuleShape) -> None:
    shape.bodies = at_most(reader.u32(), shape.most.functions, "function bodies")
    # Any block may take and give as many values as the widest type says.
    widest = max((len(kind.params) + len(kind.results) for kind in shape.types), default=0)
    for _ in range(shape.bodies):
        size = at_most(reader.u32(), shape.most.body_bytes, "bytes in one function")
        variables = _locals(reader.part(size))
        work = at_most(
            size * (variables + widest), shape.most.work_per_function, "steps to compile in one function"
        )
        shape.locals = at_most(shape.locals + variables, LOCALS_MAX, "local variables")
        shape.work = at_most(shape.work + work, shape.most.work, "steps to compile")


def _locals(body: Reader) -> int:
    """Count the variables of one function; an empty group counts too, as reading it takes as long."""
    total = 0
    for _ in range(body.u32()):
        total += max(1, body.u32())
        _value_type(body)
        at_most(total, LOCALS_PER_FUNCTION_MAX, "local variables in one function")
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
