"""Attempts to get out, on both isolations: the host lives, says how it ended, and runs the next guest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from palyra_runtime.sandbox import Invocation, Limits, Sandbox, wasm_from_text
from tests.security.escape_guests import ESCAPES, GRANTS

CANARY = "canary-4f1d-secret-of-the-host"


@pytest.fixture(scope="module", params=["thread", "process"])
def sandbox(request) -> Iterator[Sandbox]:
    with Sandbox(isolation=request.param) as sandbox:
        yield sandbox


@pytest.mark.parametrize("escape", ESCAPES, ids=[escape.name for escape in ESCAPES])
def test_an_attempt_ends_as_it_must(sandbox, broker, guest, escape, tally):
    """The attempt has its outcome, leaves nothing in the logs of others, and the next guest runs."""
    limits = Limits(**{"fuel_budget": 2_000_000, "timeout_ms": 30_000, **escape.limits})
    invocation = Invocation(broker, input=escape.input, entrypoint="run", grants=GRANTS, limits=limits)

    execution = sandbox.invoke(wasm_from_text(escape.text), invocation)
    after = sandbox.invoke(guest("echo"), Invocation(broker, input=b'{"result":1}'))

    assert (execution.outcome, execution.exit_code) == (escape.outcome, escape.exit_code)
    tally[f"escape guests in {sandbox.isolation} isolation"] += 1
    assert execution.fuel_units <= limits.fuel_budget
    assert (after.outcome, after.output, after.logs) == ("ok", b'{"result":1}', ())


def test_there_are_eighty_of_them():
    """The list does not shrink unseen, and each attempt is another one."""
    assert len(ESCAPES) >= 80
    assert len({escape.text + str(escape.limits) for escape in ESCAPES}) == len(ESCAPES)


SNOOP = """(module
  (import "palyra:plugins/host-io@0.2.0" "output-write" (func $write (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "run") (result i32)
    (drop (memory.grow (i32.const 1000)))
    (drop (call $write (i32.const 0) (i32.const 16777216)))
    (i32.const 64)))"""


def test_no_byte_of_a_guest_is_seen_by_the_next(sandbox, broker, guest):
    """Memory that another guest has used is empty again, all 16 MiB that one call can copy."""
    sandbox.invoke(guest("echo"), Invocation(broker, input=CANARY.encode() * 10_000))
    limits = Limits(fuel_budget=10**9, output_bytes_max=2**24)

    execution = sandbox.invoke(wasm_from_text(SNOOP), Invocation(broker, limits=limits))

    assert (len(execution.output), execution.output.strip(b"\0")) == (2**24, b"")
