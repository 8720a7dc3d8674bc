"""Reading the types of a component, as far as they say what a function takes and gives.

Types have no length, so all of them have to be read. Of those that the guest contract does not use
there is only a word left.

Source: Component Model, binary format, type definitions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_runtime.sandbox.component_scope import Item, Items, Scope, read_alias
from palyra_runtime.sandbox.errors import InvalidModule
from palyra_runtime.sandbox.reader import Reader
from palyra_runtime.sandbox.shape import Signature

#: what is known of a resource: a type that only its owner can make
RESOURCE = "resource"

_PRIMITIVES = {
    0x7F: "bool", 0x7E: "s8", 0x7D: "u8", 0x7C: "s16", 0x7B: "u16", 0x7A: "s32", 0x79: "u32",
    0x78: "s64", 0x77: "u64", 0x76: "f32", 0x75: "f64", 0x74: "char", 0x73: "string",
}  # fmt: skip
#: the largest index of one byte; from there to 0x7F are the primitive and the composed types
_INDEX_OF_ONE_BYTE = 0x3F
_MORE = 0x80
_INDEX_BITS_MAX = 35
_OFF = "The component has a type of a feature that is off."


def read_type(reader: Reader, scope: Scope) -> Any:
    """Read the definition of a type and return what is known of it.

    A function is its signature, an instance what it has by name, a value the word for its type, and
    a component is None.

    Raises:
        InvalidModule: it is none, or of a feature that is off.
    """
    form = reader.byte()
    if form in _PRIMITIVES:
        return _PRIMITIVES[form]
    read = _DEFINITIONS.get(form)
    if read is None:
        raise InvalidModule(_OFF)
    return read(reader, scope)


def read_extern(reader: Reader, scope: Scope) -> Item:
    """Read what an import or export is said to be, and give it the next number of its kind.

    Raises:
        InvalidModule: it is none, or of a feature that is off.
    """
    read = _EXTERNS.get(reader.byte())
    if read is None:
        raise InvalidModule("The component has an import or export of a feature that is off.")
    kind, item = read(reader, scope)
    scope.add(kind, item)
    return kind, item


def read_name(reader: Reader) -> str:
    """Read the name of an import or export.

    Raises:
        InvalidModule: it is cut off, not UTF-8, or of a feature that is off.
    """
    if reader.byte() > 1:
        raise InvalidModule("The component has a name of a feature that is off.")
    return reader.name()


def _value(reader: Reader, scope: Scope) -> str:
    """Read a value's type where it is used: a primitive one, or the number of one that is defined."""
    first = reader.byte()
    if first in _PRIMITIVES:
        return _PRIMITIVES[first]
    if _INDEX_OF_ONE_BYTE < first < _MORE:
        raise InvalidModule(_OFF)
    known = scope.get("type", _index(first, reader))
    return known if isinstance(known, str) else "type"


def _index(byte: int, reader: Reader) -> int:
    """Read the rest of a number in signed LEB128 that is not negative."""
    value, bits = byte & 0x7F, 7
    while byte >= _MORE:
        if bits >= _INDEX_BITS_MAX:
            raise InvalidModule("The component has a number of more than five bytes.")
        byte = reader.byte()
        value |= (byte & 0x7F) << bits
        bits += 7
    return value


def _maybe_value(reader: Reader, scope: Scope) -> None:
    if _flag(reader):
        _value(reader, scope)


def _flag(reader: Reader) -> bool:
    byte = reader.byte()
    if byte > 1:
        raise InvalidModule("The component has a flag that is neither 0 nor 1.")
    return byte == 1


def _fields(reader: Reader, scope: Scope) -> tuple[str, ...]:
    def field() -> str:
        reader.name()
        return _value(reader, scope)

    return tuple(field() for _ in scope.each(reader))


def _function(reader: Reader, scope: Scope) -> Signature:
    params = _fields(reader, scope)
    if not _flag(reader):
        return Signature(params, (_value(reader, scope),))
    if reader.byte():
        raise InvalidModule(_OFF)
    return Signature(params, ())


def _instance(reader: Reader, scope: Scope) -> Items:
    inner, exports = Scope(scope), {}
    for _ in inner.each(reader):
        declaration = reader.byte()
        if declaration == 4:
            name = read_name(reader)
            exports[name] = read_extern(reader, inner)
        else:
            _declare(declaration, reader, inner)
    return exports


def _component(reader: Reader, scope: Scope) -> None:
    inner = Scope(scope)
    for _ in inner.each(reader):
        declaration = reader.byte()
        if declaration in {3, 4}:
            read_name(reader)
            read_extern(reader, inner)
        else:
            _declare(declaration, reader, inner)


def _declare(declaration: int, reader: Reader, scope: Scope) -> None:
    if declaration == 1:
        scope.add("type", read_type(reader, scope))
    elif declaration == 2:
        read_alias(reader, scope)
    else:
        raise InvalidModule(_OFF)


def _resource(reader: Reader, _scope: Scope) -> str:
    if reader.byte() != 0x7F:
        raise InvalidModule(_OFF)
    if _flag(reader):
        reader.u32()
    return RESOURCE


def _record(reader: Reader, scope: Scope) -> str:
    _fields(reader, scope)
    return "record"


def _variant(reader: Reader, scope: Scope) -> str:
    for _ in scope.each(reader):
        reader.name()
        _maybe_value(reader, scope)
        if _flag(reader):
            raise InvalidModule(_OFF)
    return "variant"


def _list(reader: Reader, scope: Scope) -> str:
    _value(reader, scope)
    return "list"


def _tuple(reader: Reader, scope: Scope) -> str:
    for _ in scope.each(reader):
        _value(reader, scope)
    return "tuple"


def _labels(word: str) -> Callable[[Reader, Scope], str]:
    def read(reader: Reader, scope: Scope) -> str:
        for _ in scope.each(reader):
            reader.name()
        return word

    return read


def _option(reader: Reader, scope: Scope) -> str:
    _value(reader, scope)
    return "option"


def _result(reader: Reader, scope: Scope) -> str:
    _maybe_value(reader, scope)
    _maybe_value(reader, scope)
    return "result"


def _handle(reader: Reader, scope: Scope) -> str:
    scope.get("type", reader.u32())
    return "handle"


_DEFINITIONS: dict[int, Callable[[Reader, Scope], Any]] = {
    0x72: _record,
    0x71: _variant,
    0x70: _list,
    0x6F: _tuple,
    0x6E: _labels("flags"),
    0x6D: _labels("enum"),
    0x6B: _option,
    0x6A: _result,
    0x69: _handle,
    0x68: _handle,
    0x42: _instance,
    0x41: _component,
    0x40: _function,
    0x3F: _resource,
}


def _extern_module(_reader: Reader, _scope: Scope) -> Item:
    raise InvalidModule("The component imports or exports a module: that feature is off.")


def _extern_function(reader: Reader, scope: Scope) -> Item:
    return "func", scope.get("type", reader.u32())


def _extern_type(reader: Reader, scope: Scope) -> Item:
    return "type", RESOURCE if _flag(reader) else scope.get("type", reader.u32())


def _extern_component(reader: Reader, scope: Scope) -> Item:
    scope.get("type", reader.u32())
    return "component", None


def _extern_instance(reader: Reader, scope: Scope) -> Item:
    found = scope.get("type", reader.u32())
    if not isinstance(found, dict):
        raise InvalidModule("The component has an instance of a type that is not an instance's.")
    return "instance", found


_EXTERNS: dict[int, Callable[[Reader, Scope], Item]] = {
    0x00: _extern_module,
    0x01: _extern_function,
    0x03: _extern_type,
    0x04: _extern_component,
    0x05: _extern_instance,
}
