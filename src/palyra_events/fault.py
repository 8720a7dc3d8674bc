"""Sandbox faults: runs that the host had to end, and when a release has had too many of them.

Whether a release is quarantined for its faults is a pure function of the log and of one number of the
operator's policy, so it does not matter which process asks, when, or for how many times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.event import Event
from palyra_events.invocation import Invocation
from palyra_events.tool_run import PluginInvoked

#: outcomes of runs that the host had to end; traps are faults too. What a guest reports itself is none
#: (guest_failed, bad_output), nor is a run that was not begun (compile, link, missing_export, denied).
FAULT_OUTCOMES = frozenset({"out_of_fuel", "memory", "table", "instances", "deadline", "worker_lost"})
_TRAPPED = "trapped:"
#: The engine could not go on, which a machine without memory or files brings about as well as a guest.
_NOBODYS = "trapped:engine"

#: faults of a release, among its latest runs, for which it is quarantined
FAULTS_MAX_DEFAULT = 10
#: runs that are looked at for each fault that is tolerated: one fault in ten runs is too many
RUNS_PER_FAULT = 10

#: what the reason of a quarantine for faults begins with
SANDBOX_FAULTS = "sandbox_faults"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a release: its place in the log, and which run of the release it was."""

    position: int
    run: int
    outcome: str


def run_of(event: Event) -> Invocation | None:
    """Return the run that an event records, of whatever outcome; None where it records none.

    An attempt whose worker died without a word is no run of any release: nothing says that it was the
    guest's doing, and not that of whoever switched the machine off.
    """
    if isinstance(event, AttemptSucceeded | AttemptFailed | PluginInvoked):
        return event.invocation
    return None


def is_fault(run: Invocation) -> bool:
    """Return whether the host had to end this run, for what the guest did."""
    trapped = run.outcome.startswith(_TRAPPED) and run.outcome != _NOBODYS
    return trapped or run.outcome in FAULT_OUTCOMES


def runs_looked_at(faults_max: int) -> int:
    """Return how many runs of a release, up to its newest fault, count."""
    return faults_max * RUNS_PER_FAULT


def too_many(faults: Sequence[Fault], faults_max: int) -> Sequence[Fault]:
    """Return the faults for which a release is to be quarantined, or nothing.

    ``faults`` are those since it was last enabled, in order. They are too many where ``faults_max`` of
    them are among the last ten times as many runs. So a success does not wipe the slate, and a release
    that fails now and then over the years is left in peace.
    """
    if not faults:
        return ()
    oldest = faults[-1].run - runs_looked_at(faults_max)
    recent = [fault for fault in faults if fault.run > oldest]
    return recent if len(recent) >= faults_max else ()


def reason_for(faults: Sequence[Fault]) -> str:
    """Return why a release is quarantined, in words; the runs are those from the first fault to the last."""
    kinds = Counter(fault.outcome for fault in faults).most_common()
    listed = ", ".join(f"{outcome} ({count})" for outcome, count in kinds)
    return f"{SANDBOX_FAULTS}: {len(faults)} in {faults[-1].run - faults[0].run + 1} runs: {listed}"
