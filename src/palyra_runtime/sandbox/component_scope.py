"""What a component knows by number while it is read, and how much of it there is.

A component names its types, functions, instances, modules and inner components by their place in
lists that grow from section to section. An inner component, or a type that is written like one, has
lists of its own and can also name what the outer ones have had up to there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from palyra_runtime.sandbox.errors import InvalidModule, ModuleTooComplex
from palyra_runtime.sandbox.reader import Reader

#: parts of one component, those of inner ones included as often as they are instantiated
PARTS_MAX = 50_000
_LEVELS_MAX = 16

#: a part by its kind, and what is known about it: a signature, a type's name, a shape; None is nothing
Item: TypeAlias = tuple[str, Any]
#: what an instance has by name
Items: TypeAlias = Mapping[str, Item]

#: kinds of parts by their number (Component Model, binary format: sort); values are of a feature that is off
_SORTS = {1: "func", 3: "type", 4: "component", 5: "instance"}
_CORE_SORTS = {
    0x00: "core func", 0x01: "core table", 0x02: "core memory", 0x03: "core global",
    0x10: "core type", 0x11: "core module", 0x12: "core instance",
}  # fmt: skip
_CORE = 0x00
#: kinds whose parts are kept; of the other ones nothing is asked
_KEPT = ("func", "type", "component", "instance", "core module")


class Scope:
    """The lists of one component or type, and those around it.

    ``parts`` counts what there will be, with inner components in the places where they are instantiated;
    ``parts_read``, in the outermost scope ``root``, what was read anywhere.
    """

    def __init__(self, outer: Scope | None = None) -> None:
        self.outer = outer
        self.level: int = outer.level + 1 if outer else 1
        self.root: Scope = outer.root if outer else self
        self._lists: dict[str, list[Any]] = {kind: [] for kind in _KEPT}
        self.parts = self.parts_read = 0
        if self.level > _LEVELS_MAX:
            raise ModuleTooComplex(f"The component has more than {_LEVELS_MAX} levels.", count=self.level)

    def count(self, parts: int) -> int:
        """Count parts that are about to be read, and return how many.

        Raises:
            ModuleTooComplex: these are too many, here or in all that has been read.
        """
        self.root.parts_read = _at_most(self.root.parts_read + parts)
        self.place(parts)
        return parts

    def place(self, parts: int) -> None:
        """Count parts that have been read elsewhere and will be here as well.

        Raises:
            ModuleTooComplex: these are too many.
        """
        self.parts = _at_most(self.parts + parts)

    def each(self, reader: Reader) -> Iterator[None]:
        """Read how many items follow, count them, and go round once for each.

        Raises:
            ModuleTooComplex: these are too many.
        """
        for _ in range(self.count(reader.u32())):
            yield

    def add(self, kind: str, item: Any) -> None:
        """Give the next number of its kind to a part."""
        if kind in self._lists:
            self._lists[kind].append(item)

    def get(self, kind: str, index: int) -> Any:
        """Return what has a number.

        Raises:
            InvalidModule: nothing has it so far.
        """
        if kind not in self._lists:
            return None
        if index >= len(self._lists[kind]):
            raise InvalidModule(f"The component names a {kind} that it does not have.")
        return self._lists[kind][index]

    def around(self, levels: int) -> Scope:
        """Return the scope that is so many levels further out.

        Raises:
            InvalidModule: there is none.
        """
        scope: Scope | None = self
        for _ in range(min(levels, _LEVELS_MAX)):
            scope = scope and scope.outer
        if scope is None or levels > _LEVELS_MAX:
            raise InvalidModule("The component names something outside of itself.")
        return scope


def _at_most(parts: int) -> int:
    if parts > PARTS_MAX:
        raise ModuleTooComplex(f"The component has more than {PARTS_MAX} parts.", count=parts)
    return parts


def read_sort(reader: Reader) -> str:
    """Read the kind of a part.

    Raises:
        InvalidModule: there is no such kind, or it is of a feature that is off.
    """
    number = reader.byte()
    kind = _CORE_SORTS.get(reader.byte()) if number == _CORE else _SORTS.get(number)
    if kind is None:
        raise InvalidModule("The component has a part of an unknown kind, or of a feature that is off.")
    return kind


def read_alias(reader: Reader, scope: Scope) -> None:
    """Read a second number for a part of an instance, or of what is around.

    Raises:
        InvalidModule: there is no such part.
    """
    kind, target = read_sort(reader), reader.byte()
    if target == 0:
        instance, name = scope.get("instance", reader.u32()), reader.name()
        scope.add(kind, _part_of(instance, kind, name))
    elif target == 1:
        reader.u32()
        reader.name()
    elif target == 2:
        levels, index = reader.u32(), reader.u32()
        scope.add(kind, scope.around(levels).get(kind, index))
    else:
        raise InvalidModule("The component has an alias of an unknown kind.")


def _part_of(instance: Items | None, kind: str, name: str) -> Any:
    if instance is None:
        return None
    found = instance.get(name)
    if found is None or found[0] != kind:
        raise InvalidModule(f"The component names a {kind} that an instance does not have.")
    return found[1]
