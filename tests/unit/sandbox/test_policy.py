from __future__ import annotations

import pytest
from pydantic import ValidationError

from palyra_runtime.sandbox import Limits, WasmPluginRunnerPolicy


def test_the_defaults_of_a_policy_are_the_defaults_of_the_limits():
    """What nobody has configured is the same on both sides."""
    assert WasmPluginRunnerPolicy().limits() == Limits()


@pytest.mark.parametrize(("asked", "given"), [(1_000, 1_000), (10**12, 10_000_000), (None, 10_000_000)])
def test_a_plugin_gets_the_smaller_of_what_it_asks_and_what_is_allowed(asked, given):
    """A manifest can lower a limit, never raise it."""
    assert WasmPluginRunnerPolicy().limits(fuel_budget=asked).fuel_budget == given


def test_memory_and_time_follow_the_same_rule():
    """The two other limits that a manifest names."""
    limits = WasmPluginRunnerPolicy(timeout_ms=500).limits(max_memory_bytes=65_536, timeout_ms=900)

    assert (limits.max_memory_bytes, limits.timeout_ms) == (65_536, 500)


@pytest.mark.parametrize(
    "field", ["fuel_budget", "max_memory_bytes", "max_table_elements", "max_instances", "timeout_ms"]
)
def test_a_policy_of_nothing_is_refused(field):
    """A limit of 0 would stop every plugin in a way that nobody understands."""
    with pytest.raises(ValidationError):
        WasmPluginRunnerPolicy(**{field: 0})


def test_more_memory_than_the_engine_sets_aside_is_refused():
    """64 MiB are the most that one guest can have."""
    with pytest.raises(ValidationError):
        WasmPluginRunnerPolicy(max_memory_bytes=64 * 1024**2 + 1)


@pytest.mark.parametrize(
    "values", [{"fuel_budget": 2**64}, {"fuel_budget": -1}, {"timeout_ms": 0}, {"fuel": 1}]
)
def test_limits_that_the_engine_would_misread_are_refused(values):
    """A number that wraps around in C would be another limit than the one that was recorded."""
    with pytest.raises(ValidationError):
        Limits(**values)
