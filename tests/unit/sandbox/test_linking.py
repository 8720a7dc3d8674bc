from __future__ import annotations

import pytest

from palyra_runtime.sandbox import IO_INTERFACE, component_shape, wasm_from_text
from palyra_runtime.sandbox.linking import import_problems
from tests.component_guests import ECHO, component


def problems(text: str) -> list[str]:
    return import_problems(component_shape(wasm_from_text(f"(component {text})")))


def test_a_component_of_the_contract_has_no_problem():
    """All that it imports is there, as it imports it."""
    assert import_problems(component_shape(component(ECHO))) == []


def test_wasi_is_one_problem_with_one_way_out():
    """An author is told once what to do, and not once for each of a hundred functions."""
    text = "".join(
        f'(import "wasi:cli/{name}@0.2.0" (instance (export "get" (func)) (export "set" (func))))'
        for name in ("stdout", "environment", "exit")
    )

    (problem,) = problems(text)

    assert problem == (
        "It imports 'wasi:cli/environment@0.2.0' and 2 more of WASI; there is no WASI here."
        " Build it with stubs in its place: componentize-py componentize --stub-wasi."
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('(import "acme:own/thing" (instance (export "f" (func))))', "'acme:own/thing' 'f', which the host"),
        ('(import "acme:own/thing" (instance))', "'acme:own/thing', which the host does not offer"),
        ('(import "f" (func))', "'f', which the host does not offer"),
        ('(import "c" (component))', "'c', which the host does not offer"),
        (
            f'(import "{IO_INTERFACE}" (instance (export "call" (func (param "x" u8) (result string)))))',
            "'call' as (u8) -> (string); the host offers (string) -> (string).",
        ),
        (
            f'(import "{IO_INTERFACE}" (instance (export "read" (func))))',
            f"'{IO_INTERFACE}' 'read', which the host does not offer",
        ),
        (
            f'(import "{IO_INTERFACE}" (instance (export "call" (component))))',
            "'call' as a component; the host offers (string) -> (string).",
        ),
        (
            f'(import "{IO_INTERFACE}" (instance (export "call" (type (sub resource)))))',
            "'call' as a type; the host offers (string) -> (string).",
        ),
        (
            '(import "palyra:plugins/host-io@0.2.0" (instance (export "call" (func))))',
            "@0.2.0' 'call', which",
        ),
    ],
)
def test_an_import_that_does_not_fit_is_named(text, problem):
    """Interfaces of other versions, functions of other types, and things of other kinds."""
    (found,) = problems(text)

    assert found.startswith("It imports ")
    assert problem in found
