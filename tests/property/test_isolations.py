from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palyra_runtime.capabilities import HostBroker
from palyra_runtime.sandbox import CapabilityGrantSet, Invocation, Limits, Sandbox, wasm_from_text

GUESTS = {
    path.stem: wasm_from_text(path.read_text())
    for path in sorted((Path(__file__).parents[1] / "guests").glob("*.wat"))
}

limits = st.builds(
    Limits,
    fuel_budget=st.sampled_from([0, 500, 3_000, 20_000, 1_000_000]),
    max_memory_bytes=st.sampled_from([0, 65_536, 2**21, 2**26]),
    max_table_elements=st.sampled_from([0, 10, 100_000]),
    max_instances=st.sampled_from([0, 1, 256]),
    timeout_ms=st.just(60_000),
    output_bytes_max=st.sampled_from([0, 100, 2**20]),
    host_calls_max=st.sampled_from([0, 1, 7, 256]),
    transcript_bytes_max=st.sampled_from([0, 200, 2_000, 2**20]),
    log_lines_max=st.sampled_from([0, 3, 256]),
    log_bytes_max=st.sampled_from([0, 5, 65_536]),
)
inputs = st.one_of(
    st.binary(max_size=64),
    st.sampled_from([b"{}", b'{"result":[1,2]}', b'{"op":"clock.now"}', b'{"op":"random.bytes","n":9}']),
    st.lists(st.integers(0, 2**32 - 1), max_size=5).map(
        lambda words: b"".join(word.to_bytes(4, "little") for word in words)
    ),
    st.tuples(st.integers(0, 4), st.integers(0, 131_072), st.integers(0, 131_072)).map(
        lambda words: b"".join(word.to_bytes(4, "little") for word in words)
    ),
)
grants = st.builds(CapabilityGrantSet, http_hosts=st.sampled_from([(), ("a.example", "b.example")]))


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[list[Sandbox]]:
    with Sandbox(isolation="thread") as thread, Sandbox(isolation="process", workers=1) as process:
        yield [thread, process]


def broker() -> HostBroker:
    """A broker that gives both the same answers."""
    return HostBroker(now=lambda: datetime(2026, 3, 1, tzinfo=UTC), random_bytes=lambda n: bytes(range(n)))


@pytest.mark.parametrize("name", GUESTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=inputs, limits=limits, grants=grants)
def test_both_isolations_give_the_same_execution(sandboxes, name, data, limits, grants):
    """Outcome, output, transcript, logs and every unit of fuel are the guest's, not the process's."""
    invocation = Invocation(broker(), input=data, limits=limits, grants=grants)

    thread, process = (
        replace(sandbox.invoke(GUESTS[name], invocation), duration_us=0) for sandbox in sandboxes
    )

    assert thread == process
