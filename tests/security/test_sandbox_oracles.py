"""The sandbox against the engine's own, slower interface."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wasmtime import FuncType, Linker, Module, Store, Trap, WasmtimeError, component

from palyra_runtime.sandbox import (
    IO_INTERFACE,
    InvalidModule,
    Invocation,
    Limits,
    component_shape,
    invoke,
    module_shape,
    wasm_from_text,
)
from palyra_runtime.sandbox.engine import new_compiling_engine, new_component_engine, new_engine
from tests.component_guests import ECHO
from tests.component_guests import component as component_guest
from tests.security.escape_guests import ESCAPES
from tests.security.module_fuzz import INSIDE

FUEL = 50_000
#: guests that call no host function, so that nothing but the engine decides how they end
ALONE = [
    "spin",
    "spin_at_start",
    "unreachable",
    "divide",
    "recurse",
    "remember",
    "grow",
    "wrong_indirect_call",
]
SHAPED = [*ALONE, "echo", "probe", "ask_at_start", "undeclared_import", "grow_table", "no_memory"]


#: attempts that come to an end of their own, or to that of their fuel, without the host
ATTEMPTS = [
    escape
    for escape in ESCAPES
    if "import" not in escape.text and escape.outcome.partition(":")[0] in {"ok", "guest_failed", "trapped"}
]


@pytest.fixture(scope="module", params=[new_engine, new_compiling_engine])
def engine(request):
    """The engine as guests have it, and one that takes memory from the system for each of them."""
    return request.param()


def run_plainly(engine, data: bytes, entrypoint: str = "palyra_plugin_main") -> tuple[int | str, int]:
    """How the guest ends and the fuel it uses, by the documented interface of the engine's package."""
    with Store(engine) as store:
        store.set_fuel(FUEL)
        store.set_epoch_deadline(1_000_000)
        store.set_limits(memory_size=Limits().max_memory_bytes, table_elements=Limits().max_table_elements)
        try:
            instance = Linker(engine).instantiate(store, Module(engine, data))
            end: int | str = instance.exports(store)[entrypoint](store)
        except Trap as trap:
            end = trap.trap_code.name.lower()
        return end, FUEL - store.get_fuel()


@pytest.mark.parametrize("name", ALONE)
def test_a_guest_ends_as_it_does_through_the_plain_interface(engine, guest, broker, name):
    """Speaking C to the engine changes neither the result nor one unit of fuel."""
    execution = invoke(guest(name), Invocation(broker, limits=Limits(fuel_budget=FUEL)))
    end = (
        execution.exit_code if execution.exit_code is not None else execution.outcome.removeprefix("trapped:")
    )

    assert (end, execution.fuel_units) == run_plainly(engine, guest(name))


@pytest.mark.parametrize("escape", ATTEMPTS, ids=[escape.name for escape in ATTEMPTS])
def test_an_attempt_to_get_out_ends_as_it_does_through_the_plain_interface(engine, broker, escape):
    """Neither the pool nor our own calls give a guest anything that it has not got there."""
    data = wasm_from_text(escape.text)
    invocation = Invocation(broker, entrypoint="run", limits=Limits(fuel_budget=FUEL))
    execution = invoke(data, invocation)
    end = (
        execution.exit_code if execution.exit_code is not None else execution.outcome.removeprefix("trapped:")
    )

    assert (end, execution.fuel_units) == run_plainly(engine, data, "run")


def parts(module: Module) -> tuple[list[tuple[str, str, bool]], list[tuple[str, bool]]]:
    """The imports and exports of a compiled module; of each, whether it is a function."""
    imports = [(part.module, part.name or "", isinstance(part.type, FuncType)) for part in module.imports]
    return imports, [(part.name, isinstance(part.type, FuncType)) for part in module.exports]


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(SHAPED),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=2)), max_size=3),
)
def test_what_the_engine_compiles_was_read_in_the_same_way(engine, guest, name, changes):
    """The section reader refuses more than the engine does, and never sees another module than it."""
    data = bytearray(guest(name))
    for place, new in changes:
        at = 8 + place % (len(data) - 8)
        data[at : at + 1] = new
    try:
        module = Module(engine, bytes(data))
    except WasmtimeError:
        return
    try:
        shape = module_shape(bytes(data))
    except InvalidModule:
        pytest.fail("the engine compiles what the section reader cannot read")

    imports = [(part.module, part.name, part.kind == "func") for part in shape.imports]
    assert parts(module) == (imports, [(part.name, part.kind == "func") for part in shape.exports])


COMPONENTS = [component_guest(ECHO, extra=extra) for extra in INSIDE]
#: bodies of components that call no host function, so that nothing but the engine decides how they end
BODIES = [
    "(i32.const 7)",
    "(loop $l (br $l)) (i32.const 0)",
    "unreachable",
    "(i32.div_s (i32.const 1) (i32.const 0))",
    "(memory.grow (i32.const 2000))",
    "(i32.store (i32.const 65536) (i32.const 1)) (i32.const 0)",
]


@pytest.fixture(scope="module")
def component_engine():
    return new_component_engine()


def run_component_plainly(engine, data: bytes) -> tuple[int | None, int]:
    """What a component returns, None where it traps, and the fuel it uses, by the documented interface."""
    linker = component.Linker(engine)
    with linker.root() as root, root.add_instance(IO_INTERFACE) as interface:
        for name in ("input", "output", "log", "call"):
            interface.add_func(name, lambda *_arguments: None)
    linker.define_unknown_imports_as_traps(component.Component(engine, data))
    with Store(engine) as store:
        store.set_fuel(FUEL)
        store.set_epoch_deadline(1_000_000)
        store.set_limits(memory_size=Limits().max_memory_bytes)
        instance = linker.instantiate(store, component.Component(engine, data))
        try:
            end = instance.get_func(store, "run")(store)
        except WasmtimeError:
            end = None
        return end, FUEL - store.get_fuel()


@pytest.mark.parametrize("body", BODIES)
def test_a_component_ends_as_it_does_through_the_plain_interface(component_engine, broker, body):
    """Speaking C to the engine changes neither what a component returns nor one unit of fuel."""
    data = component_guest(body)
    execution = invoke(data, Invocation(broker, limits=Limits(fuel_budget=FUEL)))

    assert (execution.exit_code, execution.fuel_units) == run_component_plainly(component_engine, data)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    data=st.sampled_from(COMPONENTS),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=2)), max_size=3),
)
def test_what_the_engine_compiles_of_components_was_read_in_the_same_way(component_engine, data, changes):
    """What a component wants and offers is what the engine says, or it is refused before."""
    changed = bytearray(data)
    for place, new in changes:
        at = 8 + place % (len(changed) - 8)
        changed[at : at + 1] = new
    try:
        kind = component.Component(component_engine, bytes(changed)).type
    except WasmtimeError:
        return
    try:
        shape = component_shape(bytes(changed))
    except InvalidModule:
        pytest.fail("the engine compiles what the section reader cannot read")

    assert {each.module for each in shape.imports} == set(kind.imports(component_engine))
    assert {each.name for each in shape.exports} == set(kind.exports(component_engine))
