from __future__ import annotations

import pytest

from palyra_runtime.sandbox import CapabilityGrantSet, Invocation, Limits, wasm_from_text
from palyra_runtime.sandbox.contract import HOST_CAPABILITIES_IMPORT_MODULE

PAGE = 65_536


@pytest.mark.parametrize(("entrypoint", "code"), [(None, 1), ("run", 2), ("other", 3)])
def test_the_entrypoint_is_the_one_asked_for_or_the_first_default(invoke, guest, broker, entrypoint, code):
    """palyra_plugin_main comes before run; a name that is asked for comes before both."""
    execution = invoke(guest("two_entrypoints"), Invocation(broker, entrypoint=entrypoint))

    assert execution.exit_code == code


@pytest.mark.parametrize(
    "export",
    [
        '(func (export "run") (param i32) (result i32) (i32.const 1))',
        '(func (export "run"))',
        '(func (export "run") (result i32 i32) (i32.const 1) (i32.const 1))',
        '(global (export "run") i32 (i32.const 1))',
        '(memory (export "run") 1)',
    ],
)
def test_an_entrypoint_of_another_type_is_a_missing_export(invoke, broker, export):
    """Only a function () -> i32 is ever called."""
    execution = invoke(wasm_from_text(f"(module {export})"), Invocation(broker))

    assert execution.outcome == "missing_export"


def test_nothing_of_a_module_without_entrypoint_is_run(invoke, broker):
    """A start function does not run for a plugin that cannot be called."""
    module = wasm_from_text("(module (func $start unreachable) (start $start))")

    assert invoke(module, Invocation(broker)).fuel_units == 0


@pytest.mark.parametrize("name", ["http-count", "host_capability_http_count"])
def test_both_names_of_a_function_link_to_the_same(invoke, broker, name):
    """Modules built against either spelling run."""
    module = wasm_from_text(
        f'(module (import "{HOST_CAPABILITIES_IMPORT_MODULE}" "{name}" (func $f (result i32)))'
        ' (func (export "run") (result i32) (call $f)))'
    )

    assert (
        invoke(module, Invocation(broker, grants=CapabilityGrantSet(http_hosts=("a.example",)))).exit_code
        == 1
    )


def test_a_guest_cannot_grow_its_memory_past_the_limit(run):
    """memory.grow gives -1 at the limit, and the guest goes on with what it has."""
    execution = run("grow", max_memory_bytes=40 * PAGE)

    assert (execution.outcome, execution.exit_code, execution.memory_bytes_peak) == ("ok", 40, 40 * PAGE)


@pytest.mark.parametrize(("limit", "answer"), [(101, 0), (100, -1)])
def test_a_guest_cannot_grow_a_table_past_the_limit(run, limit, answer):
    """table.grow gives -1 past the limit, and the old size within it."""
    assert run("grow_table", max_table_elements=limit).exit_code == answer


def test_the_same_run_uses_the_same_fuel(run):
    """Fuel is a fact that a replay can compare, not a measurement."""
    executions = [run("echo", b'{"result":[1,2,3]}') for _ in range(20)]

    assert {execution.fuel_units for execution in executions} == {executions[0].fuel_units}


def test_fuel_is_counted_apart_for_the_start_function(run):
    """What a module burns before its entrypoint is seen as that."""
    execution = run("spin_at_start", fuel_budget=5_000)

    assert (execution.fuel_instantiate_units, execution.fuel_call_units) == (5_000, 0)


def test_a_host_call_costs_fuel_and_so_does_each_byte(run):
    """A guest that lets the host work is ended by its fuel, and so at the same place each time."""
    short, long = run("echo", b"{}").fuel_units, run("echo", b"{}" + b" " * 1000).fuel_units

    assert (short // 1000, long - short) == (4, 2 * 1000)


def test_nothing_survives_from_one_run_to_the_next(run):
    """Every invocation begins with the memory and the globals of the module as it was built."""
    assert [run("remember").exit_code for _ in range(3)] == [2, 2, 2]


def test_what_a_guest_wrote_before_it_trapped_is_kept(invoke, broker):
    """Logs and output of a failed run help its author; they are not thrown away."""
    module = wasm_from_text(
        '(module (import "palyra:plugins/host-io@0.2.0" "log" (func $log (param i32 i32 i32)))'
        ' (memory (export "memory") 1) (data (i32.const 0) "so far")'
        ' (func (export "run") (result i32)'
        "  (call $log (i32.const 1) (i32.const 0) (i32.const 6)) unreachable))"
    )

    execution = invoke(module, Invocation(broker))

    assert [(line.level, line.text) for line in execution.logs] == [(1, "so far")]


def test_a_deadline_ends_a_run_before_its_timeout(invoke, guest, broker):
    """Whoever has a budget over several runs can hand on what is left of it."""
    limits = Limits(fuel_budget=2**62, timeout_ms=60_000)

    execution = invoke(guest("spin"), Invocation(broker, limits=limits, deadline=0.0))

    assert execution.outcome == "deadline"


class _Failing:
    """A broker whose host is broken."""

    def answer(self, call):
        raise ConnectionError("database gone")


def test_a_failure_of_the_host_is_raised_and_not_blamed_on_the_guest(invoke, guest):
    """A broker that raises ends the guest, and its caller gets the broker's own exception."""
    with pytest.raises(ConnectionError, match="database gone"):
        invoke(guest("ask"), Invocation(_Failing(), input=b"{}"))


def test_the_run_after_a_failure_of_the_host_is_unharmed(invoke, guest, broker):
    """What one run's broker raised does not come up in another run."""
    with pytest.raises(ConnectionError):
        invoke(guest("ask"), Invocation(_Failing(), input=b"{}"))

    assert invoke(guest("unreachable"), Invocation(broker)).outcome == "trapped:unreachable"


class _Nested:
    """A broker that runs another guest before it answers."""

    def __init__(self, invoke, module, broker) -> None:
        self._invoke, self._module, self._broker = invoke, module, broker

    def answer(self, call):
        return self._invoke(self._module, Invocation(self._broker)).outcome.encode()


def test_a_guest_that_traps_inside_another_guests_call_ends_alone(invoke, guest, broker):
    """A broker may run a guest; how that one ends is nothing to the one that asked."""
    outer = Invocation(_Nested(invoke, guest("ask_at_start"), broker), input=b"{}")

    assert invoke(guest("ask"), outer).output == b"trapped:bad_pointer"


@pytest.mark.parametrize("data", [b"", b"\0asm", b"(module)", b"\0asm\x0e\0\x01\0", b"\0asm\x02\0\0\0"])
def test_bytes_that_are_no_guest_are_a_compile_outcome(invoke, broker, data):
    """Text, other versions and cut-off files are refused before the engine sees them."""
    assert invoke(data, Invocation(broker)).outcome == "compile"


def test_a_start_that_writes_outside_memory_is_a_trap(invoke, broker):
    """Data that does not fit into the module's own memory is found when the guest is made."""
    module = wasm_from_text(
        '(module (memory 1) (data (i32.const 65535) "ab") (func (export "run") (result i32) (i32.const 0)))'
    )

    assert invoke(module, Invocation(broker)).outcome == "trapped:memory_out_of_bounds"


def test_a_memory_of_no_bytes_has_an_empty_range(invoke, broker):
    """A guest with nothing in its memory may write an empty output."""
    module = wasm_from_text(
        '(module (import "palyra:plugins/host-io@0.2.0" "output-write"'
        ' (func $write (param i32 i32) (result i32))) (memory (export "memory") 0)'
        ' (func (export "run") (result i32) (call $write (i32.const 0) (i32.const 0))))'
    )

    assert invoke(module, Invocation(broker)).outcome == "ok"


def test_floating_point_gives_one_nan(invoke, broker):
    """The bits of a NaN are the same on every machine, so that a replay gives the same bytes."""
    module = wasm_from_text(
        '(module (func (export "run") (result i32)'
        " (i32.reinterpret_f32 (f32.div (f32.const 0) (f32.const 0)))))"
    )

    assert invoke(module, Invocation(broker)).exit_code == 0x7FC0_0000


@pytest.mark.parametrize(
    ("data", "wanted"), [(b'{"retry":false}', False), (b'{"retry":true}', True), (b"", True)]
)
def test_a_guest_can_say_that_trying_again_is_of_no_use(run, data, wanted):
    """Only an explicit false counts."""
    assert run("echo", data).retry_wanted is wanted
