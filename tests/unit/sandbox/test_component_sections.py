from __future__ import annotations

import pytest

from palyra_runtime.sandbox import (
    IO_INTERFACE,
    InvalidModule,
    ModuleTooComplex,
    component_shape,
    wasm_from_text,
)
from palyra_runtime.sandbox.shape import PAGE_BYTES, Export, Import, Needs, Signature
from tests.component_guests import ECHO, component
from tests.security.wasm_bytes import leb, section

HEADER = b"\0asm\x0d\0\x01\0"
MODULE = "(core module $M (memory 2) (table 7 funcref))"
EMPTY_MODULE = b"\0asm\x01\0\0\0"
CODE = Signature((), ("s32",))


def shape_of(text: str):
    return component_shape(wasm_from_text(f"(component {text})"))


def test_the_shape_says_what_a_component_wants_and_offers():
    """Imports are told function by function, with their types."""
    shape = component_shape(component(ECHO))

    assert shape.imports[:4] == [
        Import(IO_INTERFACE, "input", "func", Signature((), ("string",))),
        Import(IO_INTERFACE, "output", "func", Signature(("string",), ("bool",))),
        Import(IO_INTERFACE, "log", "func", Signature(("u32", "string"), ())),
        Import(IO_INTERFACE, "call", "func", Signature(("string",), ("string",))),
    ]
    assert shape.exports == [Export("run", "func", CODE)]


def test_what_is_not_instantiated_takes_nothing():
    """A module that lies unused in a component gets no memory."""
    assert shape_of(MODULE).needs == Needs((), 0, 0)


def test_each_instance_of_a_module_takes_what_the_module_says():
    """The same module twice is twice the memory, twice the tables, and two instances."""
    shape = shape_of(MODULE + "(core instance (instantiate $M))" * 2)

    assert shape.needs == Needs((2 * PAGE_BYTES, 2 * PAGE_BYTES), 7, 2)
    assert shape.tables == [7, 7]


def test_the_limit_is_shared_out_by_the_largest_memory():
    """Every memory gets the same share, so the largest one decides what the whole needs."""
    shape = shape_of("(core module $A (memory 3)) (core module $B (memory 1))"
                     "(core instance (instantiate $A)) (core instance (instantiate $B))")  # fmt: skip

    assert shape.needs.memory_bytes == 6 * PAGE_BYTES


def test_what_is_imported_is_not_counted_twice():
    """A module that uses another one's memory and table brings none of its own."""
    shape = shape_of(
        '(core module $A (memory (export "m") 3) (table (export "t") 9 funcref))'
        '(core module $B (import "a" "m" (memory 1)) (import "a" "t" (table 1 funcref)))'
        '(core instance $a (instantiate $A)) (core instance (instantiate $B (with "a" (instance $a))))'
    )

    assert (shape.memories, shape.tables, shape.instances) == ([3 * PAGE_BYTES], [9], 2)


def test_inner_components_count_as_often_as_they_are_instantiated():
    """What the engine puts in its place is counted in its place."""
    inner = f"(component $C {MODULE} (core instance (instantiate $M)))"

    shape = shape_of(f"(component $D {inner} (instance (instantiate $C)) (instance (instantiate $C)))"
                     "(instance (instantiate $D)) (instance (instantiate $D))")  # fmt: skip

    assert (len(shape.memories), len(shape.tables), shape.instances) == (4, 4, 4)


def test_a_function_of_an_inner_component_keeps_its_type():
    """Tools that put components together export what an inner instance has."""
    shape = shape_of(
        '(component $C (core module $M (func (export "f") (result i32) (i32.const 0)))'
        "(core instance $m (instantiate $M))"
        '(func (export "run") (result s32) (canon lift (core func $m "f"))))'
        '(instance $c (instantiate $C)) (export "run" (func $c "run"))'
    )

    assert shape.exports == [Export("run", "func", CODE)]


def test_modules_and_types_of_what_is_around_can_be_used():
    """An inner component may name what the outer one has had before it."""
    shape = shape_of(
        f"{MODULE} (type $t (func (result s32)))"
        "(component $C (alias outer 1 $M (core module $N)) (alias outer 1 $t (type $u))"
        '(core instance (instantiate $N)) (import "f" (func (type $u))))'
        '(import "f" (func $f (type $t))) (instance (instantiate $C (with "f" (func $f))))'
    )

    assert (shape.memories, shape.imports) == ([2 * PAGE_BYTES], [Import("f", "", "func", CODE)])


def test_an_instance_made_of_parts_has_them_by_name():
    """Functions can be bundled under a name and taken out of it again."""
    shape = shape_of(
        '(import "f" (func $f (result s32))) (instance $i (export "run" (func $f)))'
        '(export "bundle" (instance $i)) (export "run" (func $i "run"))'
    )

    assert shape.exports == [Export("bundle", "instance"), Export("run", "func", CODE)]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ('(record (field "a" string))', "record"),
        ('(variant (case "a") (case "b" string))', "variant"),
        ("(list u8)", "list"),
        ("(tuple u8 string)", "tuple"),
        ('(flags "a" "b")', "flags"),
        ('(enum "a" "b")', "enum"),
        ("(option string)", "option"),
        ("(result string (error u8))", "result"),
        ("(result)", "result"),
        ("string", "string"),
        ("f64", "f64"),
        ("char", "char"),
    ],
)
def test_each_kind_of_value_is_read(kind, word):
    """What the contract does not use is a word, so that a wrong type can be told to its author."""
    shape = shape_of(
        f'(type $t {kind}) (import "i" (instance (alias outer 1 $t (type $u)) (export "t" (type (eq $u)))'
        ' (export "f" (func (param "a" 1) (result 1)))))'
        if kind.startswith("(")
        else f'(import "i" (instance (export "f" (func (param "a" {kind}) (result {kind})))))'
    )

    assert shape.imports == [Import("i", "f", "func", Signature((word,), (word,)))]


def test_a_resource_is_something_that_is_wanted():
    """A type that only its owner can make has to come from the host, and there is none."""
    shape = shape_of(
        '(import "i" (instance (export "r" (type $r (sub resource)))'
        ' (export "f" (func (param "a" (own $r)) (param "b" (borrow $r))))))'
    )

    assert shape.imports == [
        Import("i", "r", "type"),
        Import("i", "f", "func", Signature(("handle", "handle"), ())),
    ]


def test_an_interface_of_which_nothing_is_wanted_is_still_named():
    """An audit sees each name that a component asks for."""
    assert shape_of('(import "wasi:io/error@0.2.0" (instance))').imports == [
        Import("wasi:io/error@0.2.0", "", "instance")
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\0asm\x0d\0\x01", "longer than the bytes that follow"),
        (b"\0asm\x0e\0\x01\0", "binary version is not 13"),
        (HEADER + section(3, b"\0"), "section of a feature that is off"),
        (HEADER + section(9, b"\0"), "section of a feature that is off"),
        (HEADER + section(12, b"\0"), "section of a feature that is off"),
        (HEADER + section(99, b""), "section of a feature that is off"),
        (HEADER + b"\1\x05\1", "longer than the bytes that follow"),
        (HEADER + section(1, HEADER), "module's binary version is not 1"),
        (HEADER + section(4, EMPTY_MODULE), "component's binary version is not 13"),
        (HEADER + section(2, b"\1\0\0\0"), "names a core module that it does not have"),
        (HEADER + section(5, b"\1\0\0\0"), "names a component that it does not have"),
        (HEADER + section(7, b"\1\x43\0\1\0"), "type of a feature that is off"),
        (HEADER + section(7, b"\1\x66\0"), "type of a feature that is off"),
        (HEADER + section(7, b"\1\x70\x50"), "type of a feature that is off"),
        (HEADER + section(7, b"\1\x70\x09"), "names a type that it does not have"),
        (HEADER + section(7, b"\1\x70" + b"\x80" * 5 + b"\0"), "more than five bytes"),
        (HEADER + section(7, b"\1\x40\0\2"), "flag that is neither 0 nor 1"),
        (HEADER + section(7, b"\1\x40\0\1\1"), "type of a feature that is off"),
        (HEADER + section(7, b"\1\x42\1\0"), "type of a feature that is off"),
        (HEADER + section(7, b"\1\x3f\x7e"), "type of a feature that is off"),
        (HEADER + section(7, b"\1\x71\1\1a\0\1\0"), "type of a feature that is off"),
        (HEADER + section(8, b"\1\x05"), "built-in function of a feature that is off"),
        (HEADER + section(8, b"\1\0\0\0\1\6\0"), "option of a feature that is off"),
        (HEADER + section(8, b"\1\0\0\0\0\0"), "names a type that it does not have"),
        (HEADER + section(8, b"\1\1\0\0\0"), "names a func that it does not have"),
        (HEADER + section(10, b"\1\0\1a\0\x11\0"), "imports or exports a module"),
        (HEADER + section(10, b"\1\0\1a\2\0"), "import or export of a feature that is off"),
        (HEADER + section(10, b"\1\2\1a\1\0"), "name of a feature that is off"),
        (HEADER + section(10, b"\1\0\1a\1\0"), "names a type that it does not have"),
        (HEADER + section(7, b"\1\x40\0\1\0") + section(10, b"\1\0\1a\5\0"), "not an instance's"),
        (HEADER + section(11, b"\1\0\1a\2\0\0"), "unknown kind"),
        (HEADER + section(11, b"\1\0\1a\1\0\0"), "names a func that it does not have"),
        (HEADER + section(6, b"\1\1\3\0"), "alias of an unknown kind"),
        (HEADER + section(6, b"\1\1\0\0\1a"), "names a instance that it does not have"),
        (HEADER + section(6, b"\1\3\2\1\0"), "something outside of itself"),
        (HEADER + section(6, b"\1\3\2\xff\xff\x03\0"), "something outside of itself"),
        (HEADER + section(6, b"\1\0\x22\2\0\0"), "unknown kind"),
    ],
)
def test_what_is_not_a_component_of_this_host_is_refused_with_the_reason(data, why):
    """Bytes that make no sense, and features that are off, are named before anything is compiled."""
    with pytest.raises(InvalidModule, match=why):
        component_shape(data)


@pytest.mark.parametrize(
    "text",
    [
        '(import "c" (component $C)) (instance (instantiate $C))',
        '(import "i" (instance $i (export "c" (component)))) (instance (instantiate (component $i "c")))',
    ],
)
def test_what_comes_from_outside_is_not_instantiated(text):
    """What it would take is not known before it runs."""
    with pytest.raises(InvalidModule, match="comes from outside"):
        shape_of(text)


def test_what_an_instance_does_not_have_cannot_be_taken_out_of_it():
    """A name that nothing has is found before the engine sees it."""
    data = wasm_from_text(
        '(component (import "i" (instance $i (export "f" (func)))) (alias export $i "f" (func)))'
    )

    before, _, after = data.rpartition(b"\x01f")

    with pytest.raises(InvalidModule, match="that an instance does not have"):
        component_shape(before + b"\x01g" + after)


def doubling(levels: int) -> str:
    """A component whose inner ones each instantiate the next one twice."""
    text = "(component $C0 (core module $M) (core instance (instantiate $M)))"
    for level in range(1, levels):
        inner = f"(instance (instantiate $C{level - 1}))"
        text = f"(component $C{level} {text} {inner} {inner})"
    return f"{text} (instance (instantiate $C{levels - 1}))"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("(core module $M (memory 0))" + "(core instance (instantiate $M))" * 9, "9 memories; 8"),
        ("(core module $M (table 0 funcref))" + "(core instance (instantiate $M))" * 17, "17 tables; 16"),
        ("(core module $M)" + "(core instance (instantiate $M))" * 1_001, "1001 instances; 1000"),
        (doubling(11), "1024 instances; 1000"),
        ("(component " * 16 + ")" * 16, "more than 16 levels"),
        ("(type (tuple " + "u8 " * 50_001 + "))", "more than 50000 parts"),
    ],
)
def test_a_component_of_too_many_parts_is_refused(text, what):
    """However few bytes say it: what there would be is counted, and compared, before it is there."""
    with pytest.raises(ModuleTooComplex, match=what):
        shape_of(text)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (HEADER + section(0, b"") * 10_001, "10001 sections; 10000"),
        (HEADER + section(7, leb(50_001)), "more than 50000 parts"),
        (HEADER + bytes(32 * 1024**2), "33554440 bytes; 33554432"),
        (HEADER + section(1, EMPTY_MODULE + section(3, leb(20_001))), "20001 functions; 20000"),
    ],
)
def test_bytes_that_promise_too_much_are_refused(data, what):
    """Nothing is read before it is known to be worth reading."""
    with pytest.raises(ModuleTooComplex, match=what):
        component_shape(data)
