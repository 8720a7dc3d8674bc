from __future__ import annotations

import pytest
from pydantic import ValidationError

from palyra_runtime.sandbox import (
    CapabilityGrantSet,
    Grant,
    Invocation,
    TooManyGrants,
    wasm_from_text,
)
from palyra_runtime.sandbox.contract import HOST_CAPABILITIES_IMPORT_MODULE

GRANTS = CapabilityGrantSet(
    http_hosts=("b.example", " a.example ", "b.example", " "),
    secret_keys=("k",),
    storage_prefixes=("Z", "a", "é"),
    channels=(),
)


def test_grants_are_trimmed_sorted_by_bytes_and_unique():
    """Two spellings of one list of grants give the same handles."""
    assert GRANTS.model_dump() == {
        "http_hosts": ("a.example", "b.example"),
        "secret_keys": ("k",),
        "storage_prefixes": ("Z", "a", "é"),
        "channels": (),
    }


def test_handles_count_from_the_base_of_their_class():
    """The i-th grant of a class is its base and i."""
    assert GRANTS.handles() == {
        "http": [10_000, 10_001],
        "secret": [20_000],
        "storage": [30_000, 30_001, 30_002],
        "channel": [],
    }


def test_a_class_takes_ten_thousand_grants():
    """The last handle of a class is the one before the next base."""
    grants = CapabilityGrantSet(http_hosts=tuple(f"h{i}" for i in range(10_000)))

    assert grants.handles()["http"][-1] == 19_999


def test_more_grants_than_handles_are_an_error():
    """One grant more would get the number of another class, so it is refused."""
    with pytest.raises(TooManyGrants, match="10001 grants of one class; 10000 are the most"):
        CapabilityGrantSet(channels=tuple(f"c{i}" for i in range(10_001)))


def test_an_unknown_class_is_refused():
    """A misspelt class is not silently an empty one."""
    with pytest.raises(ValidationError):
        CapabilityGrantSet(hosts=("a.example",))


@pytest.mark.parametrize(
    ("handle", "grant"),
    [
        (10_001, Grant("http", "b.example")),
        (20_000, Grant("secret", "k")),
        (10_002, None),
        (9_999, None),
        (40_000, None),
        (-1, None),
    ],
)
def test_a_handle_stands_for_what_was_granted_and_nothing_else(handle, grant):
    """A number that was not given out means nothing."""
    assert GRANTS.resolve(handle) == grant


@pytest.mark.parametrize("spelling", ["http-handle", "host_capability_http_handle"])
@pytest.mark.parametrize(("index", "handle"), [(0, 10_000), (1, 10_001), (2, -1), (-1, -1), (-(2**31), -1)])
def test_a_guest_gets_handles_by_index(invoke, broker, spelling, index, handle):
    """Under both names, an index that is negative or past the end gives -1."""
    module = wasm_from_text(
        f'(module (import "{HOST_CAPABILITIES_IMPORT_MODULE}" "{spelling}"'
        " (func $f (param i32) (result i32)))"
        f' (func (export "run") (result i32) (call $f (i32.const {index}))))'
    )

    assert invoke(module, Invocation(broker, grants=GRANTS)).exit_code == handle


@pytest.mark.parametrize(("name", "count"), [("http", 2), ("secret", 1), ("storage", 3), ("channel", 0)])
@pytest.mark.parametrize("spelling", ["{}-count", "host_capability_{}_count"])
def test_a_guest_learns_how_many_grants_it_has(invoke, broker, name, count, spelling):
    """Each class has its own count, under both names."""
    module = wasm_from_text(
        f'(module (import "{HOST_CAPABILITIES_IMPORT_MODULE}" "{spelling.format(name)}"'
        " (func $f (result i32)))"
        ' (func (export "run") (result i32) (call $f)))'
    )

    assert invoke(module, Invocation(broker, grants=GRANTS)).exit_code == count
