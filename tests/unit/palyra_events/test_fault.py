from __future__ import annotations

import pytest

from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.fault import Fault, is_fault, reason_for, run_of, runs_looked_at, too_many
from palyra_events.gateway import GatewayStarted
from palyra_events.tool_run import PluginInvoked
from tests.sample_events import BARE_INVOCATION, BARE_STAMP

ATTEMPT = {"delivery_id": "1:a", "attempt": 1}


def faults(*runs: int, outcome: str = "deadline"):
    """Return a fault for each of these runs."""
    return [Fault(position=100 + run, run=run, outcome=outcome) for run in runs]


@pytest.mark.parametrize(
    "outcome",
    [
        "trapped:unreachable",
        "trapped:bad_pointer",
        "out_of_fuel",
        "memory",
        "table",
        "instances",
        "deadline",
        "worker_lost",
    ],
)
def test_what_the_host_had_to_end_is_a_fault(outcome):
    """A guest that traps, spins, eats memory or takes its process down was ended by the host."""
    assert is_fault(BARE_INVOCATION.model_copy(update={"outcome": outcome}))


@pytest.mark.parametrize(
    "outcome", ["ok", "guest_failed", "bad_output", "compile", "link", "missing_export", "denied"]
)
def test_what_ends_by_itself_or_never_begins_is_no_fault(outcome):
    """A guest may fail in good order, and what was not run has not misbehaved."""
    assert not is_fault(BARE_INVOCATION.model_copy(update={"outcome": outcome}))


def test_a_machine_out_of_memory_or_files_is_no_fault_of_the_release():
    """An engine that could not go on is not held against a release: the machine may be to blame."""
    assert not is_fault(BARE_INVOCATION.model_copy(update={"outcome": "trapped:engine"}))


def test_attempts_and_tool_runs_are_runs():
    """A fault counts, whoever asked for the run."""
    failed = {**ATTEMPT, "outcome": "deadline", "invocation": BARE_INVOCATION}
    tool_run = {"invocation_id": "9a" * 16, "tool_id": "acme.echo", "outcome": "ok"}
    events = [
        BARE_STAMP.on(AttemptSucceeded, **ATTEMPT, invocation=BARE_INVOCATION),
        BARE_STAMP.on(AttemptFailed, **failed),
        BARE_STAMP.on(PluginInvoked, **tool_run, invocation=BARE_INVOCATION),
    ]
    assert [run_of(event) for event in events] == [BARE_INVOCATION] * 3


def test_a_worker_that_died_without_a_word_is_nobodys_fault():
    """Somebody may have switched the machine off."""
    assert run_of(BARE_STAMP.on(AttemptFailed, **ATTEMPT, outcome="worker_lost")) is None
    assert run_of(BARE_STAMP.on(GatewayStarted, gateway_id="g", version="0.1.0")) is None


def test_the_last_fault_that_is_tolerated_is_one_below_the_threshold():
    """Nine faults are borne, the tenth is one too many, and all ten are the evidence."""
    ten = faults(*range(1, 11))
    assert (too_many(ten[:9], 10), too_many(ten, 10)) == ((), ten)


def test_no_faults_are_never_too_many():
    """There is nothing to decide on."""
    assert too_many([], 1) == ()


def test_the_first_fault_can_be_one_too_many():
    """An operator who tolerates nothing gets that."""
    assert too_many(faults(7), 1) == faults(7)


def test_a_success_does_not_wipe_the_slate():
    """A guest that fails every second time is not saved by the other half."""
    assert too_many(faults(*range(1, 20, 2)), 10) == faults(*range(1, 20, 2))


def test_faults_far_apart_are_forgiven():
    """Of a hundred runs, ten may not fail; of a thousand they may."""
    inside, outside = faults(*range(1, 92, 10)), faults(*range(1, 102, 11))
    assert (too_many(inside, 10), too_many(outside, 10)) == (inside, outside[-10:])
    assert too_many(faults(*range(1, 1000, 100)), 10) == ()


def test_the_window_ends_with_the_newest_fault():
    """A fault that is exactly as many runs back as are looked at does not count any more."""
    edge = runs_looked_at(2)
    assert too_many(faults(1, edge), 2) == faults(1, edge)
    assert too_many(faults(1, edge + 1), 2) == ()


def test_the_reason_counts_what_happened():
    """Who reads it knows how often, among how many runs, and in which ways."""
    found = [*faults(3, 5), *faults(9, outcome="trapped:unreachable")]
    assert reason_for(found) == "sandbox_faults: 3 in 7 runs: deadline (2), trapped:unreachable (1)"
