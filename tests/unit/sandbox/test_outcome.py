"""Every outcome, reached by a guest that runs."""

from __future__ import annotations

import pytest

from palyra_runtime.sandbox import Invocation, outcome_of_exit, runtime_kind, wasm_from_text

QUOTA = "ExecutionLimitExceeded"


@pytest.mark.parametrize(
    ("name", "limits", "outcome", "kind"),
    [
        ("two_entrypoints", {}, "ok", None),
        ("spin", {}, "out_of_fuel", QUOTA),
        ("spin", {"fuel_budget": 0}, "out_of_fuel", QUOTA),
        ("spin", {"fuel_budget": 2**62, "timeout_ms": 50}, "deadline", "ExecutionTimedOut"),
        ("spin_at_start", {}, "out_of_fuel", QUOTA),
        ("spin_at_start", {"fuel_budget": 2**62, "timeout_ms": 50}, "deadline", "ExecutionTimedOut"),
        ("call_storm", {}, "out_of_fuel", QUOTA),
        ("much_memory", {}, "memory", QUOTA),
        ("much_table", {}, "table", QUOTA),
        ("two_entrypoints", {"max_instances": 0}, "instances", QUOTA),
        ("invalid", {}, "compile", "Compile"),
        ("undeclared_import", {}, "link", "Linker"),
        ("no_entrypoint", {}, "missing_export", "MissingExport"),
        ("trap_at_start", {}, "trapped:unreachable", "Execution"),
        ("ask_at_start", {}, "trapped:bad_pointer", "Execution"),
        ("unreachable", {}, "trapped:unreachable", "Execution"),
        ("divide", {}, "trapped:integer_division_by_zero", "Execution"),
        ("recurse", {}, "trapped:stack_overflow", "Execution"),
        ("out_of_bounds", {}, "trapped:memory_out_of_bounds", "Execution"),
        ("wrong_indirect_call", {}, "trapped:bad_signature", "Execution"),
        ("no_memory", {}, "trapped:no_memory", "Execution"),
    ],
)
def test_each_way_to_end_has_its_own_outcome_and_kind(run, name, limits, outcome, kind):
    """What a guest does is told apart by one outcome code and by the reference's kind."""
    execution = run(name, **limits)

    assert (execution.outcome, execution.kind) == (outcome, kind)


@pytest.mark.parametrize(
    ("code", "outcome"), [(0, "ok"), (49, "ok"), (50, "guest_failed"), (-1, "guest_failed")]
)
def test_exit_codes_from_0_to_49_are_success(run, code, outcome):
    """A guest reports its own failure with 50 and above, or a negative number."""
    execution = run("exit_code", code.to_bytes(4, "little", signed=True))

    assert (execution.outcome, execution.exit_code, execution.kind) == (outcome, code, None)


@pytest.mark.parametrize("code", [-(2**31), -1, 50, 2**31 - 1])
def test_every_other_exit_code_is_a_failure_of_the_guest(code):
    """The rule has no gap at the ends of the 32-bit range."""
    assert outcome_of_exit(code) == "guest_failed"


@pytest.mark.parametrize("outcome", ["ok", "guest_failed", "bad_output", "denied"])
def test_outcomes_of_a_guest_that_returned_have_no_runtime_kind(outcome):
    """The reference knows no failure where the guest came to its end, or was never started."""
    assert runtime_kind(outcome) is None


def test_an_output_that_breaks_the_contract_is_bad_output(run):
    """An exit code of 0 does not make a broken output a success."""
    execution = run("echo", b'{"result":1,"result":2}')

    assert (execution.outcome, execution.exit_code, execution.document) == ("bad_output", 0, None)
    assert execution.message == "The output is refused. The key 'result' occurs twice in one object."


def test_a_guest_that_failed_and_wrote_a_broken_output_has_failed(invoke, broker):
    """The guest's own word about itself comes first; its output is not read any further."""
    module = wasm_from_text(
        '(module (import "palyra:plugins/host-io@0.2.0" "output-write"'
        ' (func $write (param i32 i32) (result i32))) (memory (export "memory") 1)'
        ' (func (export "run") (result i32) (drop (call $write (i32.const 0) (i32.const 1))) (i32.const 64)))'
    )

    execution = invoke(module, Invocation(broker))

    assert (execution.outcome, execution.message) == ("guest_failed", "The guest returned 64.")


def test_the_message_says_which_entrypoints_were_looked_for(run):
    """A module without an entrypoint is answered with both default names."""
    assert run("no_entrypoint").message == (
        "The module has no 'palyra_plugin_main' and no 'run' of type () -> i32."
    )
