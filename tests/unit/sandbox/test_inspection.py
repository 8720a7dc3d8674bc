from __future__ import annotations

import pytest

from palyra_runtime.sandbox import (
    CAPABILITIES_INTERFACE,
    HOST_CAPABILITIES_IMPORT_MODULE,
    HOST_IO_IMPORT_MODULE,
    IO_INTERFACE,
    InvalidModule,
    compile_problem,
    entrypoint_problem,
    exported_function_count,
    import_modules,
    import_names,
    link_problems,
    minimum_sizes,
    wasm_from_text,
)
from tests.component_guests import ECHO, component, component_text

TEXT = b'(module (func (export "run") (result i32) (i32.const 0)))'


def test_a_good_module_has_no_problem(guest):
    """A module that links, compiles and can be started passes every check."""
    module = guest("echo")

    assert (compile_problem(module), link_problems(module), entrypoint_problem(module)) == (None, [], None)


def test_every_import_that_does_not_fit_is_named():
    """An author sees all problems at once, not the first."""
    module = wasm_from_text(
        f'(module (import "env" "abort" (func)) (import "{HOST_IO_IMPORT_MODULE}" "call" (func (param i64)))'
        f' (import "{HOST_CAPABILITIES_IMPORT_MODULE}" "http-count" (global i32))'
        f' (import "{HOST_CAPABILITIES_IMPORT_MODULE}" "secret-count" (func (result i32))))'
    )
    host_io, capabilities = repr(HOST_IO_IMPORT_MODULE), repr(HOST_CAPABILITIES_IMPORT_MODULE)

    assert link_problems(module) == [
        "It imports 'env' 'abort', which the host does not offer.",
        f"It imports {host_io} 'call' as (i64) -> (); the host offers (i32, i32) -> (i32).",
        f"It imports {capabilities} 'http-count' as a global; the host offers () -> (i32).",
        "It passes pointers to the host but does not export its memory as 'memory'.",
    ]


def test_pointers_need_an_exported_memory(guest):
    """A module that would end with no_memory at its first host call does not pass."""
    assert link_problems(guest("no_memory")) == [
        "It passes pointers to the host but does not export its memory as 'memory'."
    ]


def test_the_name_memory_on_something_else_does_not_help():
    """A function called memory is no memory."""
    module = wasm_from_text(
        f'(module (import "{HOST_IO_IMPORT_MODULE}" "log" (func (param i32 i32 i32))) (memory 1)'
        ' (func (export "memory")))'
    )

    assert len(link_problems(module)) == 1


@pytest.mark.parametrize("memory", ["(memory 1) (memory 1)", "(memory i64 1)", "(memory 1 2 shared)"])
def test_memories_of_other_kinds_are_refused(memory):
    """A plugin has one 32-bit memory of its own."""
    assert len(link_problems(wasm_from_text(f"(module {memory})"))) == 1


def test_an_imported_memory_is_refused():
    """The host gives no memory; a guest brings its own."""
    module = wasm_from_text('(module (import "env" "memory" (memory 1)))')

    assert link_problems(module) == ["It imports 'env' 'memory', which the host does not offer."]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("(func (result i32))", "type mismatch"),
        ("(func (result i32) (return_call 0))", "tail calls"),
        ("(func throw_ref)", "exceptions"),
        ("(table 1 externref)", "gc types"),
        ("(type (struct))", "not a function's"),
    ],
)
def test_what_does_not_compile_here_is_told(body, why):
    """Invalid code and features that are off are problems of the module."""
    assert why in str(compile_problem(wasm_from_text(f"(module {body})")))


def test_a_module_that_compiles_but_does_not_link_has_no_compile_problem(guest):
    """The two checks are about two things."""
    module = guest("undeclared_import")

    assert (compile_problem(module), len(link_problems(module))) == (None, 1)


def test_text_form_compiles_but_does_not_run(guest):
    """The reference takes text wherever it takes a binary; this host runs only what was signed."""
    problems = [compile_problem(TEXT), *link_problems(TEXT), entrypoint_problem(TEXT)]

    assert problems == [None, *["It is not a WebAssembly binary; the host runs no module text."] * 2]


def test_text_form_is_counted_like_its_binary():
    """What a module exports and imports does not depend on its form."""
    assert (exported_function_count(TEXT), import_modules(TEXT)) == (1, [])


@pytest.mark.parametrize(
    "junk", [b"", b"junk", b"\xff\xfe", b"\0", b"(module", b"(" * 100_000, b"\0asm\1\0\0\0\xff"]
)
def test_junk_is_a_problem_and_not_a_crash(junk):
    """Bytes of a stranger get an answer from every check."""
    assert all([compile_problem(junk), entrypoint_problem(junk), link_problems(junk)])


@pytest.mark.parametrize("ask", [exported_function_count, import_modules])
def test_questions_about_junk_have_a_typed_answer(ask):
    """Where no answer is possible, the error is ours."""
    with pytest.raises(InvalidModule):
        ask(b"junk")


def test_import_modules_are_sorted_and_unique(guest):
    """The audit compares them as a set."""
    module = wasm_from_text(
        '(module (import "b" "x" (func)) (import "a" "x" (func)) (import "b" "y" (func)))'
    )

    assert import_modules(module) == ["a", "b"]


def test_only_functions_are_counted():
    """A memory that is exported is no function."""
    module = wasm_from_text('(module (memory (export "memory") 1) (func (export "a")) (func (export "b")))')

    assert exported_function_count(module) == 2


@pytest.mark.parametrize(
    ("entrypoint", "found"), [(None, True), ("other", True), ("memory", False), ("", False)]
)
def test_an_entrypoint_is_looked_for_by_name(guest, entrypoint, found):
    """The name of a manifest is checked before the plugin runs for the first time."""
    assert (entrypoint_problem(guest("two_entrypoints"), entrypoint) is None) is found


def test_an_entrypoint_can_be_checked_where_imports_are_wrong(guest):
    """One problem does not hide the other."""
    assert entrypoint_problem(guest("undeclared_import")) is None


def test_terminal_commands_in_names_are_made_harmless():
    """A message that quotes the module cannot clear somebody's screen."""
    module = wasm_from_text(r'(module (import "\1b[2J" "x" (func)))')

    assert "\x1b" not in link_problems(module)[0]


def test_a_component_is_inspected_as_a_module_is():
    """Every question of an audit has an answer for both forms."""
    data = component(ECHO)

    assert (compile_problem(data), link_problems(data), entrypoint_problem(data)) == (None, [], None)
    assert exported_function_count(data) == 1
    assert import_modules(data) == [CAPABILITIES_INTERFACE, IO_INTERFACE]
    assert f"{IO_INTERFACE} call" in import_names(data)
    assert (minimum_sizes(data).memory_bytes, minimum_sizes(data).table_elements) == (65_536, 0)


def test_a_component_in_text_form_compiles_and_does_not_link():
    """The reference takes text for an audit; what runs is the binary that was signed."""
    text = component_text(ECHO).encode()

    assert (compile_problem(text), link_problems(text)) == (
        None,
        ["It is not a WebAssembly binary; the host runs no module text."],
    )


def test_a_component_that_cannot_be_read_has_a_problem_with_everything():
    """Each check says why, and none raises."""
    data = component(ECHO)[:-20]

    problems = [compile_problem(data), *link_problems(data), entrypoint_problem(data)]
    assert all("longer than the bytes that follow" in str(problem) for problem in problems)
