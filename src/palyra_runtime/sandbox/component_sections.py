"""What a component is made of, read from its sections before anything is compiled.

The engine puts inner components in the places where they are instantiated, and so does this reader:
it counts what there will be. Some things that no toolchain for plugins makes are refused, as what
they amount to is not known before they run: modules and components that come from outside.

Source: Component Model, binary format.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from palyra_runtime.sandbox.component_scope import Item, Scope, read_alias, read_sort
from palyra_runtime.sandbox.component_types import RESOURCE, read_extern, read_name, read_type
from palyra_runtime.sandbox.errors import InvalidModule
from palyra_runtime.sandbox.form import MAGIC, Form
from palyra_runtime.sandbox.reader import Reader
from palyra_runtime.sandbox.shape import (
    Complexity,
    Export,
    Import,
    ModuleShape,
    Needs,
    Signature,
    at_most,
    module_shape,
)

#: a Python interpreter with the memory in which it has begun is 16 to 18 MiB
COMPONENT_BYTES_MAX = 32 * 1024**2
MEMORIES_MAX = 8
#: of all modules together; each may have as many elements as the limit says
TABLES_MAX = 16
INSTANCES_MAX = 1_000
SECTIONS_MAX = 10_000
#: of one module: the Python interpreter has 10,600 functions, the largest of 427 kB with 8 million of work
INSIDE = Complexity(COMPONENT_BYTES_MAX, 20_000, 100_000, 512 * 1024, 10_000_000, 256_000_000)
#: of all modules together
_WORK_MAX = INSIDE.work

_VERSION = b"\x0d\x00\x01\x00"
_HEADER_BYTES = 8
_WHOLE = "component"
_OFF = "The component has a section of a feature that is off."
_Read = Callable[[Reader, "_Component"], None]


@dataclass(slots=True)
class ComponentShape:
    """What a component wants, offers and takes.

    ``memories`` holds the minimum size in bytes of each memory that comes to be, ``tables`` the minimum
    number of elements of each table, and ``instances`` is the number of instances of modules.
    """

    imports: list[Import] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    memories: list[int] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    instances: int = 0
    parts: int = 1
    work: int = 0

    @property
    def form(self) -> Form:
        """A component."""
        return Form.COMPONENT

    @property
    def needs(self) -> Needs:
        """What the component takes at the least."""
        return Needs(tuple(self.memories), max(self.tables, default=0), self.instances)

    def spelling(self, name: str) -> str:
        """Return how a component spells a name of the contract: its names have no underscores."""
        return name.replace("_", "-")


class _Component:
    """A component while it is read."""

    def __init__(self, outer: Scope | None) -> None:
        self.scope = Scope(outer)
        self.shape = ComponentShape()

    def instantiate_module(self, module: ModuleShape | None) -> None:
        if module is None:
            raise InvalidModule("The component instantiates a module that comes from outside.")
        self._add(module.own_memories, module.own_tables, 1)

    def instantiate(self, inner: ComponentShape | None) -> dict[str, Item]:
        if inner is None:
            raise InvalidModule("The component instantiates a component that comes from outside.")
        self.scope.place(inner.parts)
        self._add(inner.memories, inner.tables, inner.instances)
        return inner.items

    def _add(self, memories: list[int], tables: list[int], instances: int) -> None:
        shape = self.shape
        shape.memories += memories
        shape.tables += tables
        shape.instances += instances
        at_most(len(shape.memories), MEMORIES_MAX, "memories", _WHOLE)
        at_most(len(shape.tables), TABLES_MAX, "tables", _WHOLE)
        at_most(shape.instances, INSTANCES_MAX, "instances", _WHOLE)


def component_shape(data: bytes) -> ComponentShape:
    """Return the parts of the component in ``data``.

    The engine validates the rest: a shape says nothing about whether the component is valid.

    Raises:
        InvalidModule: it is no component in binary form, or cut off, or uses a feature that is off.
        ModuleTooComplex: it has more parts than this host compiles.
    """
    at_most(len(data), COMPONENT_BYTES_MAX, "bytes", _WHOLE)
    return _read(Reader(data), None)


def _read(reader: Reader, outer: Scope | None) -> ComponentShape:
    if reader.raw(_HEADER_BYTES) != MAGIC + _VERSION:
        raise InvalidModule("The component's binary version is not 13.")
    component = _Component(outer)
    sections = 0
    while not reader.at_end:
        sections += 1
        at_most(sections, SECTIONS_MAX, "sections", _WHOLE)
        parse = _SECTIONS.get(reader.byte())
        section = reader.part(reader.u32())
        if parse is None:
            raise InvalidModule(_OFF)
        parse(section, component)
    component.shape.parts = 1 + component.scope.parts
    return component.shape


def _custom(_reader: Reader, _component: _Component) -> None:
    """Pass over it."""


def _module(reader: Reader, component: _Component) -> None:
    found = module_shape(reader.rest(), INSIDE)
    component.scope.count(1)
    component.scope.add("core module", found)
    _count_work(component.shape, found.work)


def _inner(reader: Reader, component: _Component) -> None:
    found = _read(reader, component.scope)
    component.scope.add("component", found)
    _count_work(component.shape, found.work)


def _count_work(shape: ComponentShape, work: int) -> None:
    shape.work = at_most(shape.work + work, _WORK_MAX, "steps to compile", _WHOLE)


def _core_instances(reader: Reader, component: _Component) -> None:
    scope = component.scope
    for _ in scope.each(reader):
        if not reader.byte():
            component.instantiate_module(scope.get("core module", reader.u32()))
        _pairs(reader, scope)


def _pairs(reader: Reader, scope: Scope) -> None:
    """Pass over the names of parts of modules, and which ones they are."""
    for _ in scope.each(reader):
        reader.name()
        reader.byte()
        reader.u32()


def _instances(reader: Reader, component: _Component) -> None:
    scope = component.scope
    for _ in scope.each(reader):
        if reader.byte():
            items = {}
            for _ in scope.each(reader):
                name = read_name(reader)
                items[name] = _item(reader, scope)
        else:
            inner = scope.get("component", reader.u32())
            for _ in scope.each(reader):
                reader.name()
                _item(reader, scope)
            items = component.instantiate(inner)
        scope.add("instance", items)


def _item(reader: Reader, scope: Scope) -> Item:
    kind = read_sort(reader)
    return kind, scope.get(kind, reader.u32())


def _aliases(reader: Reader, component: _Component) -> None:
    for _ in component.scope.each(reader):
        read_alias(reader, component.scope)


def _types(reader: Reader, component: _Component) -> None:
    for _ in component.scope.each(reader):
        component.scope.add("type", read_type(reader, component.scope))


def _functions(reader: Reader, component: _Component) -> None:
    """Read functions that are made of those of modules (lift), and the other way round (lower)."""
    scope = component.scope
    for _ in scope.each(reader):
        kind = reader.byte()
        if kind == 0 and not reader.byte():
            reader.u32()
            _options(reader, scope)
            scope.add("func", scope.get("type", reader.u32()))
        elif kind == 1 and not reader.byte():
            scope.get("func", reader.u32())
            _options(reader, scope)
        elif kind in {2, 3, 4}:  # of a resource: make, drop, look into
            scope.get("type", reader.u32())
        else:
            raise InvalidModule("The component has a built-in function of a feature that is off.")


def _options(reader: Reader, scope: Scope) -> None:
    for _ in scope.each(reader):
        option = reader.byte()
        if option in {3, 4, 5}:  # which memory, which function gives room, which one tidies up
            reader.u32()
        elif option > 2:  # up to there: how text is encoded
            raise InvalidModule("The component has an option of a feature that is off.")


def _imports(reader: Reader, component: _Component) -> None:
    for _ in component.scope.each(reader):
        name = read_name(reader)
        kind, item = read_extern(reader, component.scope)
        component.shape.imports += _wanted(name, kind, item)


def _wanted(name: str, kind: str, item: Any) -> list[Import]:
    """Return what an import wants from the host: of an instance, each function and resource."""
    if kind != "instance":
        return [Import(name, "", kind, _signature(item))]
    found = [
        Import(name, inner, inner_kind, _signature(known))
        for inner, (inner_kind, known) in item.items()
        if inner_kind != "type" or known == RESOURCE
    ]
    return found or [Import(name, "", kind)]


def _exports(reader: Reader, component: _Component) -> None:
    scope, shape = component.scope, component.shape
    for _ in scope.each(reader):
        name = read_name(reader)
        kind, item = _item(reader, scope)
        ascribed = reader.byte()
        if ascribed:
            kind, item = read_extern(reader, scope)
        else:
            scope.add(kind, item)
        shape.items[name] = kind, item
        shape.exports.append(Export(name, kind, _signature(item)))


def _signature(item: Any) -> Signature | None:
    return item if isinstance(item, Signature) else None


_SECTIONS: dict[int, _Read] = {
    0: _custom,
    1: _module,
    2: _core_instances,
    4: _inner,
    5: _instances,
    6: _aliases,
    7: _types,
    8: _functions,
    10: _imports,
    11: _exports,
}
