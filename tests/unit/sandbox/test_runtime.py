from __future__ import annotations

import pytest

from palyra_events.errors import RunFailed
from palyra_runtime.sandbox import CapabilityGrantSet, Limits, WasmRuntime, runtime_errors
from palyra_runtime.sandbox.contract import HOST_CAPABILITIES_IMPORT_MODULE


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("invalid", "Compile"),
        ("undeclared_import", "Linker"),
        ("no_entrypoint", "MissingExport"),
        ("much_memory", "ExecutionLimitExceeded"),
        ("spin", "ExecutionLimitExceeded"),
        ("unreachable", "Execution"),
    ],
)
def test_a_run_that_does_not_return_raises_its_kind(guest, broker, name, kind):
    """The class is named as the reference names the failure."""
    with pytest.raises(RunFailed) as caught:
        WasmRuntime(broker).execute(guest(name))

    assert type(caught.value).__name__ == kind


def test_a_run_past_its_deadline_raises_timed_out(guest, broker):
    """Time is told apart from every other limit."""
    runtime = WasmRuntime(broker, Limits(fuel_budget=2**62, timeout_ms=20))

    with pytest.raises(runtime_errors.ExecutionTimedOut, match=r"^The guest ran past its deadline\.$"):
        runtime.execute(guest("spin"))


@pytest.mark.parametrize("text", ["", "junk", "(module", "\ud800"])
def test_text_that_is_no_module_does_not_compile(broker, text):
    """What cannot be read is a Compile failure, as it is in the reference."""
    with pytest.raises(runtime_errors.Compile):
        WasmRuntime(broker).execute_text(text)


def test_any_exit_code_is_a_success_of_the_run(broker):
    """Only deliveries read a failure out of an exit code."""
    text = '(module (func (export "run") (result i32) (i32.const -7)))'

    assert WasmRuntime(broker).execute_text(text).exit_code == -7


def test_grants_and_entrypoint_are_handed_on(broker):
    """The guest counts what it was granted, at the entrypoint that was named."""
    text = (
        f'(module (import "{HOST_CAPABILITIES_IMPORT_MODULE}" "channel-count" (func $f (result i32)))'
        ' (func (export "mine") (result i32) (call $f)))'
    )
    grants = CapabilityGrantSet(channels=("a", "b"))

    assert WasmRuntime(broker).execute_text(text, entrypoint="mine", grants=grants).exit_code == 2
