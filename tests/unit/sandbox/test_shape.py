"""The section reader, given modules made byte by byte."""

from __future__ import annotations

import pytest

from palyra_runtime.sandbox import InvalidModule, ModuleTooComplex, module_shape, wasm_from_text
from palyra_runtime.sandbox.shape import Export, Import, Signature

HEADER = b"\0asm\1\0\0\0"
NOTHING = Signature((), ())
TYPES = b"\1\4\1\x60\0\0"


def leb(number: int) -> bytes:
    """The number in LEB128."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def section(number: int, content: bytes) -> bytes:
    return bytes([number]) + leb(len(content)) + content


def test_a_shape_has_all_parts_of_a_module():
    """Imports come first in every index, exports name what they offer."""
    shape = module_shape(
        wasm_from_text(
            '(module (import "a" "f" (func (param i32 f64) (result i64))) (import "a" "g" (global i32))'
            ' (import "a" "t" (table 7 funcref))'
            ' (memory (export "memory") 3 9) (table 5 funcref) (global (export "c") i32 (i32.const 0))'
            ' (func (export "run") (local i32 i32 i64)) (func) (export "f" (func 0)))'
        )
    )
    imported = Signature(("i32", "f64"), ("i64",))

    assert shape.imports == [
        Import("a", "f", "func", imported),
        Import("a", "g", "global"),
        Import("a", "t", "table"),
    ]
    assert shape.exports == [
        Export("memory", "memory"),
        Export("c", "global"),
        Export("run", "func", NOTHING),
        Export("f", "func", imported),
    ]
    assert shape.functions == [imported, NOTHING, NOTHING]
    assert (shape.memories, shape.tables) == ([3 * 65_536], [7, 5])
    assert (shape.bodies, shape.locals) == (2, 3)


def test_an_empty_module_has_no_parts():
    """The header alone is a module."""
    assert module_shape(HEADER).functions == []


def test_custom_sections_are_passed_over():
    """Names and producers may stand anywhere and say anything."""
    assert module_shape(HEADER + section(0, b"\xff\xff") + TYPES + section(0, b"")).types == [NOTHING]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "does not begin"),
        (b"\0as", "does not begin"),
        (b"(module)", "does not begin"),
        (b"\0asm\x0d\0\1\0", "version is not 1"),
        (b"\0asm\2\0\0\0", "version is not 1"),
        (b"\0asm", "version is not 1"),
        (HEADER + b"\1", "ends in the middle"),
        (HEADER + b"\1\x05\1", "longer than the bytes that follow"),
        (HEADER + b"\1" + b"\x80" * 5 + b"\1", "more than five bytes"),
        (HEADER + b"\1\xff\xff\xff\xff\x1f", "more than 32 bits"),
        (HEADER + section(13, b"\0"), "Section 13"),
        (HEADER + section(255, b""), "Section 255"),
        (HEADER + TYPES + TYPES, "Section 1 of the module is of a feature that is off, or out of order"),
        (HEADER + section(3, b"\0") + TYPES, "out of order"),
        (HEADER + section(1, b"\1\x5f\0"), "not a function's"),
        (HEADER + section(1, b"\1\x60\1\x63\0"), "value type of a feature that is off"),
        (HEADER + section(3, b"\1\0"), "type that it does not define"),
        (HEADER + section(5, b"\2\0\1\0\1"), "more than one memory"),
        (HEADER + section(5, b"\1\3\1\1"), "shared or 64-bit"),
        (HEADER + section(5, b"\1\4\1"), "shared or 64-bit"),
        (HEADER + section(4, b"\1\x40\0\x70\0\1"), "value type of a feature that is off"),
        (HEADER + section(2, b"\1\1a\1b\4\0\0"), "exception tag"),
        (HEADER + section(2, b"\1\1a\1b\5"), "unknown kind"),
        (HEADER + section(2, b"\1\1\xff\1b\0"), "not UTF-8"),
        (HEADER + section(7, b"\1\1a\0\0"), "exports a function that it does not have"),
        (HEADER + section(10, b"\1\x05\0"), "longer than the bytes that follow"),
    ],
)
def test_what_is_not_a_module_of_this_host_is_refused_with_the_reason(data, why):
    """Bytes that make no sense, and features that are off, are named before anything is compiled."""
    with pytest.raises(InvalidModule, match=why):
        module_shape(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (HEADER + section(1, leb(10_001)), "10001 types; 10000"),
        (HEADER + section(1, b"\1\x60" + leb(129)), "129 parameters of one function; 128"),
        (HEADER + section(1, b"\1\x60\0" + leb(9)), "9 results of one function; 8"),
        (HEADER + section(2, leb(1_001)), "1001 imports; 1000"),
        (HEADER + section(3, leb(10_001)), "10001 functions; 10000"),
        (HEADER + section(4, leb(5)), "5 tables; 4"),
        (HEADER + section(6, leb(10_001)), "10001 globals; 10000"),
        (HEADER + section(7, leb(10_001)), "10001 exports; 10000"),
        (HEADER + section(9, leb(10_001)), "10001 segments; 10000"),
        (HEADER + section(11, leb(10_001)), "10001 segments; 10000"),
        (HEADER + section(10, leb(10_001)), "10001 function bodies; 10000"),
        (HEADER + section(10, b"\1" + leb(65_537)), "65537 bytes in one function; 65536"),
        (
            HEADER + section(10, b"\1\x04\1" + leb(2_001) + b"\x7f"),
            "2001 local variables in one function; 2000",
        ),
        (HEADER + section(0, b"") * 1_001, "1001 sections; 1000"),
        (HEADER + bytes(8 * 1024**2), "bytes; 8388608"),
    ],
)
def test_a_module_with_too_many_parts_is_refused(data, what):
    """Each part that costs compile time is counted, before its entries are read."""
    with pytest.raises(ModuleTooComplex, match=what):
        module_shape(data)


def test_the_local_variables_of_all_functions_are_bounded():
    """Ten bytes of a function can declare two thousand variables, and there can be ten thousand functions."""
    body = b"\1" + leb(2_000) + b"\x7f\x0b"
    code = section(10, leb(126) + (leb(len(body)) + body) * 126)

    with pytest.raises(ModuleTooComplex, match="252000 local variables; 250000"):
        module_shape(HEADER + code)


def test_empty_groups_of_variables_are_bounded_too():
    """Reading a group takes time although it declares nothing."""
    body = leb(3_000) + b"\0\x7f" * 3_000 + b"\x0b"

    with pytest.raises(ModuleTooComplex, match="in one function"):
        module_shape(HEADER + section(10, b"\1" + leb(len(body)) + body))


def function(size: int, variables: int) -> bytes:
    """A function of ``size`` bytes with that many variables."""
    start = b"\1" + leb(variables) + b"\x7f"
    body = start + b"\1" * (size - len(start) - 1) + b"\x0b"
    return leb(len(body)) + body


def test_a_function_is_refused_that_is_both_long_and_full_of_variables():
    """Each is harmless by itself; together they cost the compiler their product."""
    code = section(10, b"\1" + function(4_001, 1_000))

    with pytest.raises(ModuleTooComplex, match="4001000 steps to compile in one function; 4000000"):
        module_shape(HEADER + code)


def test_wide_types_count_as_variables_of_every_function():
    """A block may take as many values as the widest type of the module has."""
    wide = section(1, b"\1\x60" + leb(100) + b"\x7f" * 100 + b"\0")

    assert module_shape(HEADER + wide + section(10, b"\1" + function(1_000, 10))).work == 1_000 * 110


def test_the_work_of_all_functions_is_bounded():
    """Many functions that just pass are as bad as one that does not."""
    code = section(10, leb(33) + function(4_000, 1_000) * 33)

    with pytest.raises(ModuleTooComplex, match="132000000 steps to compile; 128000000"):
        module_shape(HEADER + code)
