"""The sandbox against the engine's own, slower interface."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wasmtime import FuncType, Linker, Module, Store, Trap, WasmtimeError

from palyra_runtime.sandbox import InvalidModule, Invocation, Limits, invoke, module_shape
from palyra_runtime.sandbox.engine import new_engine

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


@pytest.fixture(scope="module")
def engine():
    return new_engine()


def run_plainly(engine, data: bytes) -> tuple[int | str, int]:
    """How the guest ends and the fuel it uses, by the documented interface of the engine's package."""
    with Store(engine) as store:
        store.set_fuel(FUEL)
        store.set_epoch_deadline(1_000_000)
        store.set_limits(memory_size=Limits().max_memory_bytes)
        try:
            instance = Linker(engine).instantiate(store, Module(engine, data))
            end: int | str = instance.exports(store)["palyra_plugin_main"](store)
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
