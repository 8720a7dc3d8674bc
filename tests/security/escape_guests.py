"""Guests that try to get out, to stay, or to take the host with them, and how each must end.

Source of the list: the attacks on memory, processor, imports, output and isolation that other hosts of
WebAssembly guard against, and the limits of this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from palyra_runtime.sandbox import CapabilityGrantSet

PAGE = 65_536
IO = "palyra:plugins/host-io@0.2.0"
CAPABILITIES = "palyra:plugins/host-capabilities@0.1.0"

_IMPORTS = f"""
  (import "{IO}" "input-size" (func $input_size (result i32)))
  (import "{IO}" "input-read" (func $input_read (param i32 i32) (result i32)))
  (import "{IO}" "output-write" (func $output_write (param i32 i32) (result i32)))
  (import "{IO}" "log" (func $log (param i32 i32 i32)))
  (import "{IO}" "call" (func $call (param i32 i32) (result i32)))
  (import "{IO}" "call-read" (func $call_read (param i32 i32) (result i32)))"""

GRANTS = CapabilityGrantSet(http_hosts=("a.example", "b.example"), secret_keys=("k",))


@dataclass(frozen=True)
class Escape:
    """One attempt: the guest's text, and the outcome and exit code that it must end with."""

    name: str
    text: str
    outcome: str
    exit_code: int | None = None
    input: bytes = b""
    limits: Mapping[str, int] = field(default_factory=dict)


def run(body: str, *, memory: str = '(memory (export "memory") 1)', before: str = "") -> str:
    """A guest whose entrypoint is ``body``."""
    return f'(module {memory} {before} (func (export "run") (result i32) {body}))'


def ask(body: str, *, data: str = "", memory: int = 1) -> str:
    """A guest with all of host-io."""
    return (
        f'(module {_IMPORTS} (memory (export "memory") {memory}) {data}'
        f' (func (export "run") (result i32) {body}))'
    )


def text_of(data: bytes) -> str:
    return "".join(f"\\{byte:02x}" for byte in data)


def writes(output: bytes) -> str:
    """A guest that writes ``output``."""
    pages = len(output) // PAGE + 1
    return ask(
        f"(drop (call $output_write (i32.const 0) (i32.const {len(output)}))) (i32.const 0)",
        data=f'(data (i32.const 0) "{text_of(output)}")',
        memory=pages,
    )


def _memory() -> list[Escape]:
    out = "trapped:memory_out_of_bounds"
    places = {"at the end": PAGE, "over the end": PAGE - 3, "at 2 GiB": 2**31, "at 4 GiB": 2**32 - 1}
    loads = [
        Escape(f"load {name}", run(f"(i32.load (i32.const {place}))"), out) for name, place in places.items()
    ]
    stores = [
        Escape(f"store {name}", run(f"(i32.store (i32.const {place}) (i32.const 1)) (i32.const 0)"), out)
        for name, place in places.items()
    ]
    return [
        *loads,
        *stores,
        Escape("load with a wrapping offset", run("(i32.load offset=4294967295 (i32.const 8))"), out),
        Escape("load a vector over the end", run(
            "(i32x4.extract_lane 0 (v128.load (i32.const 65521)))"), out),
        Escape("copy over the end", run(
            "(memory.copy (i32.const 1) (i32.const 0) (i32.const 65536)) (i32.const 0)"), out),
        Escape("fill four gigabytes", run(
            "(memory.fill (i32.const 0) (i32.const 1) (i32.const -1)) (i32.const 0)"), out),
        Escape("init over the end", run(
            "(memory.init 0 (i32.const 65535) (i32.const 0) (i32.const 2)) (i32.const 0)",
            before='(data "ab")'), out),
        Escape("init from a dropped segment", run(
            "(data.drop 0) (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1)) (i32.const 0)",
            before='(data "ab")'), out),
        Escape("data outside its own memory", run(
            "(i32.const 0)", before='(data (i32.const 65535) "ab")'), out),
        Escape("grow without end", run(
            "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (memory.size)"),
            "guest_failed", 1_024),
        Escape("grow by four gigabytes", run(
            "(i32.eq (memory.grow (i32.const 65535)) (i32.const -1))"), "ok", 1),
        Escape("grow and touch the last byte", run(
            "(drop (memory.grow (i32.const 1023))) (i32.store8 (i32.const 67108863) (i32.const 7))"
            " (i32.load8_u (i32.const 67108863))"), "ok", 7),
        Escape("grow and touch one byte more", run(
            "(drop (memory.grow (i32.const 1023))) (i32.load8_u (i32.const 67108864))"), out),
        Escape("begin with more than allowed", run("(i32.const 0)", memory="(memory 1025)"), "memory"),
        Escape("begin with four gigabytes", run("(i32.const 0)", memory="(memory 65536)"), "memory"),
        Escape("read what was there before", run(
            "(drop (memory.grow (i32.const 100))) (i32.or (i32.load (i32.const 4096))"
            " (i32.load (i32.const 6000000)))"), "ok", 0),
    ]  # fmt: skip


def _tables() -> list[Escape]:
    functions = "(func $f (result i32) (i32.const 1)) (type $t (func (result i32)))"
    return [
        Escape("call past a table", run(
            "(call_indirect (type $t) (i32.const 9))", before=f"(table 2 funcref) {functions}"),
            "trapped:table_out_of_bounds"),
        Escape("call an empty place", run(
            "(call_indirect (type $t) (i32.const 1))", before=f"(table 2 funcref) {functions}"),
            "trapped:indirect_call_to_null"),
        Escape("call as another type", run(
            "(call_indirect (type $u) (i32.const 5) (i32.const 0))",
            before=f"(type $u (func (param i32) (result i32))) (table 2 funcref) {functions}"
            " (elem (i32.const 0) $f)"), "trapped:bad_signature"),
        Escape("grow a table without end", run(
            "(i32.eq (table.grow 0 (ref.null func) (i32.const 100000)) (i32.const -1))",
            before="(table 1 funcref)"), "ok", 1),
        Escape("set past a table", run(
            "(table.set 0 (i32.const 5) (ref.null func)) (i32.const 0)", before="(table 1 funcref)"),
            "trapped:table_out_of_bounds"),
        Escape("fill a table past its end", run(
            "(table.fill 0 (i32.const 0) (ref.null func) (i32.const -1)) (i32.const 0)",
            before="(table 1 funcref)"), "trapped:table_out_of_bounds"),
        Escape("begin with a table too large", run(
            "(i32.const 0)", before="(table 100001 funcref)"), "table"),
        Escape("begin with five tables", run("(i32.const 0)", before="(table 1 funcref)" * 5), "compile"),
        Escape("elements outside a table", run(
            "(i32.const 0)", before=f"(table 1 funcref) {functions} (elem (i32.const 1) $f)"),
            "trapped:table_out_of_bounds"),
    ]  # fmt: skip


def _processor() -> list[Escape]:
    return [
        Escape("loop for ever", run("(loop $l (br $l)) (i32.const 0)"), "out_of_fuel"),
        Escape("loop for ever before it is called",
            '(module (func $s (loop $l (br $l))) (start $s)'
            ' (func (export "run") (result i32) (i32.const 0)))',
            "out_of_fuel"),
        Escape("loop with fuel without end", run("(loop $l (br $l)) (i32.const 0)"), "deadline",
            limits={"fuel_budget": 2**62, "timeout_ms": 60}),
        Escape("recurse without end",
            '(module (func $f (result i32) (i32.add (call $f) (i32.const 1))) (export "run" (func $f)))',
            "trapped:stack_overflow"),
        Escape("recurse in turns",
            '(module (func $a (result i32) (i32.add (call $b) (i32.const 1)))'
            ' (func $b (result i32) (i32.add (call $a) (i32.const 1))) (export "run" (func $a)))',
            "trapped:stack_overflow"),
        Escape("recurse through a table",
            '(module (type $t (func (result i32))) (table 1 funcref) (elem (i32.const 0) $f)'
            ' (func $f (type $t) (i32.add (call_indirect (type $t) (i32.const 0)) (i32.const 1)))'
            ' (export "run" (func $f)))', "trapped:stack_overflow"),
        Escape("recurse with large frames",
            "(module (func $f (param i64 i64 i64 i64 i64 i64) (result i32) (local "
            + "v128 " * 500 + ") (i32.add (call $f (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)"
            ' (i64.const 5) (i64.const 6)) (i32.const 1))) (func (export "run") (result i32)'
            " (call $f (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)"
            " (i64.const 6))))",
            "trapped:stack_overflow"),
        Escape("fill memory again and again", run(
            "(loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $l)) (i32.const 0)"),
            "out_of_fuel"),
        Escape("grow by nothing for ever", run(
            "(loop $l (drop (memory.grow (i32.const 0))) (br $l)) (i32.const 0)"), "out_of_fuel"),
        Escape("fail to grow for ever", run(
            "(loop $l (drop (memory.grow (i32.const 65535))) (br $l)) (i32.const 0)"), "out_of_fuel"),
        Escape("divide by zero", run("(i32.div_s (i32.const 1) (i32.const 0))"),
            "trapped:integer_division_by_zero"),
        Escape("divide the smallest number", run("(i32.div_s (i32.const 0x80000000) (i32.const -1))"),
            "trapped:integer_overflow"),
        Escape("make a number of infinity", run("(i32.trunc_f64_s (f64.const inf))"),
            "trapped:integer_overflow"),
        Escape("make a number of no number", run("(i32.trunc_f64_s (f64.const nan))"),
            "trapped:bad_conversion_to_integer"),
        Escape("give up", run("unreachable"), "trapped:unreachable"),
        Escape("call the host for ever", ask(
            "(loop $l (drop (call $call (i32.const 0) (i32.const 0))) (br $l)) (i32.const 0)"),
            "out_of_fuel"),
        Escape("log for ever", ask(
            "(loop $l (call $log (i32.const 4) (i32.const 0) (i32.const 100)) (br $l)) (i32.const 0)"),
            "out_of_fuel"),
        Escape("write for ever", ask(
            "(loop $l (drop (call $output_write (i32.const 0) (i32.const 65536))) (br $l)) (i32.const 0)"),
            "out_of_fuel"),
        Escape("have the host copy for ever", ask(
            "(loop $l (drop (call $input_read (i32.const 0) (i32.const 65536))) (br $l)) (i32.const 0)"),
            "out_of_fuel", input=b"x" * 60_000),
    ]  # fmt: skip


def _imports() -> list[Escape]:
    names = {
        "a file": ("wasi_snapshot_preview1", "fd_write", "(param i32 i32 i32 i32) (result i32)"),
        "a folder": ("wasi_snapshot_preview1", "path_open",
                     "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)"),
        "the environment": ("wasi_snapshot_preview1", "environ_get", "(param i32 i32) (result i32)"),
        "the arguments": ("wasi_snapshot_preview1", "args_get", "(param i32 i32) (result i32)"),
        "the clock": ("wasi_snapshot_preview1", "clock_time_get", "(param i32 i64 i32) (result i32)"),
        "randomness": ("wasi_snapshot_preview1", "random_get", "(param i32 i32) (result i32)"),
        "a socket": ("wasi_snapshot_preview1", "sock_send", "(param i32 i32 i32 i32 i32) (result i32)"),
        "the end of the process": ("wasi_snapshot_preview1", "proc_exit", "(param i32)"),
        "a function of the system": ("env", "system", "(param i32) (result i32)"),
        "a host function that is not there": (IO, "exec", "(param i32 i32) (result i32)"),
        "a host function of another version": ("palyra:plugins/host-io@9.0.0", "call",
                                               "(param i32 i32) (result i32)"),
        "a host function with another type": (IO, "call", "(param i64 i64) (result i64)"),
        "a host function with one result more": (IO, "log", "(param i32 i32 i32) (result i32)"),
        "a capability with another type": (CAPABILITIES, "http-count", "(param i32) (result i32)"),
    }  # fmt: skip
    return [
        Escape(f"import {name}",
            f'(module (import "{module}" "{function}" (func {kind})) (memory (export "memory") 1)'
            ' (func (export "run") (result i32) (i32.const 0)))', "link")
        for name, (module, function, kind) in names.items()
    ] + [
        Escape(f"import {kind}", f'(module (import "{IO}" "call" {text})'
            ' (func (export "run") (result i32) (i32.const 0)))', "link")
        for kind, text in {"the host's memory": "(memory 1)", "the host's table": "(table 1 funcref)",
                           "a global": "(global i32)"}.items()
    ]  # fmt: skip


def _exports() -> list[Escape]:
    return [
        Escape("have no entrypoint", "(module)", "missing_export"),
        Escape("take a parameter", '(module (func (export "run") (param i32) (result i32) (local.get 0)))',
            "missing_export"),
        Escape("give back nothing", '(module (func (export "run")))', "missing_export"),
        Escape("give back two things",
            '(module (func (export "run") (result i32 i32) (i32.const 1) (i32.const 2)))', "missing_export"),
        Escape("give back a reference to a function",
            '(module (func (export "run") (result funcref) (ref.null func)))', "missing_export"),
        Escape("give back a reference to the host",
            '(module (func (export "run") (result externref) (ref.null extern)))', "compile"),
        Escape("export a global as the entrypoint", '(module (global (export "run") i32 (i32.const 1)))',
            "missing_export"),
        Escape("export the host's function as the entrypoint",
            f'(module (import "{IO}" "input-size" (func $f (result i32))) (export "run" (func $f)))',
            "ok", 0),
        Escape("pass pointers without a memory",
            f'(module (import "{IO}" "call" (func $c (param i32 i32) (result i32)))'
            ' (func (export "run") (result i32) (call $c (i32.const 0) (i32.const 1))))',
            "trapped:no_memory"),
        Escape("export a table as its memory",
            f'(module (import "{IO}" "call" (func $c (param i32 i32) (result i32)))'
            ' (table (export "memory") 1 funcref)'
            ' (func (export "run") (result i32) (call $c (i32.const 0) (i32.const 1))))',
            "trapped:no_memory"),
        Escape("return a number of its own", run("(i32.const -2147483648)"), "guest_failed", -(2**31)),
    ]  # fmt: skip


def _pointers() -> list[Escape]:
    ranges = {"past the end": (PAGE, 1), "over the end": (1, PAGE), "negative": (-16, 16),
              "with a negative size": (0, -1), "that wraps": (2, -1), "all of it": (-1, -1)}  # fmt: skip
    found = []
    for function in ("input_read", "output_write", "call", "call_read"):
        for name, (pointer, size) in ranges.items():
            body = f"(call ${function} (i32.const {pointer}) (i32.const {size}))"
            found.append(Escape(f"{function} of a range {name}", ask(body), "trapped:bad_pointer"))
    body = "(call $log (i32.const 2) (i32.const 65530) (i32.const 10)) (i32.const 0)"
    return [*found, Escape("log of a range over the end", ask(body), "trapped:bad_pointer")]


def _outputs() -> list[Escape]:
    deep = b'{"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    outputs = {
        "that is not UTF-8": b'{"result":"\xff\xfe"}', "that is nested deeply": deep,
        "with no number": b'{"result":NaN}', "with a key twice": b'{"result":1,"result":2}',
        "that is a list": b"[]", "that is cut off": b'{"result":', "with a zero byte": b'{"result":"\0"}',
        "with half a character": b'{"result":"\\ud800"}', "with a number too large": b'{"result":1e999}',
        "with another key": b'{"exec":"/bin/sh"}', "with a document that is none": b'{"a2ui":[]}',
    }  # fmt: skip
    bad = [Escape(f"an output {name}", writes(data), "bad_output", 0) for name, data in outputs.items()]
    return [
        *bad,
        Escape("an output that is too long", ask(
            "(call $output_write (i32.const 0) (i32.const 65536))"), "guest_failed", -1,
            limits={"output_bytes_max": 1_000}),
        Escape("an output with commands for a terminal", writes(b'{"result":"\\u001b]0;x\\u0007"}'), "ok", 0),
    ]  # fmt: skip


def _powers() -> list[Escape]:
    handle = f'(import "{CAPABILITIES}" "http-handle" (func $h (param i32) (result i32)))'
    indices = {
        "past the list": 2,
        "at -1": -1,
        "at the smallest number": -(2**31),
        "of another class": 10_000,
    }
    handles = [
        Escape(f"a handle {name}", f'(module {handle} (func (export "run") (result i32)'
            f" (call $h (i32.const {index}))))", "guest_failed", -1)
        for name, index in indices.items()
    ]  # fmt: skip
    return [*handles, Escape("count what others were granted",
        f'(module (import "{CAPABILITIES}" "channel-count" (func $c (result i32)))'
        ' (func (export "run") (result i32) (call $c)))', "ok", 0)]  # fmt: skip


def _features() -> list[Escape]:
    """Modules by their bytes: the text format of this library may not know all that is off."""
    texts = {
        "a memory for several": '(memory (export "memory") 1 1 shared)',
        "a memory of 64 bits": "(memory i64 1)",
        "two memories": "(memory 1) (memory 1)", "a type of structures": "(type (struct (field i32)))",
        "an exception": "(tag (param i32))", "a page size of its own": "(memory 1 (pagesize 1))",
    }  # fmt: skip
    return [
        Escape(f"use {name}", f'(module {text} (func (export "run") (result i32) (i32.const 0)))', "compile")
        for name, text in texts.items()
    ] + [
        Escape("use a tail call", '(module (func $f (result i32) (return_call $f)) (export "run" (func $f)))',
            "compile"),
        Escape("use atomics", run("(i32.atomic.load (i32.const 0))"), "compile"),
        Escape("use relaxed vectors", run(
            "(i32x4.extract_lane 0 (i32x4.relaxed_trunc_f32x4_s (v128.const i32x4 0 0 0 0)))"), "compile"),
    ]  # fmt: skip


ESCAPES = [
    *_memory(), *_tables(), *_processor(), *_imports(), *_exports(), *_pointers(), *_outputs(), *_powers(),
    *_features(),
]  # fmt: skip
