from __future__ import annotations

from dataclasses import replace

import pytest

from palyra_events.blob import SealedRef
from palyra_events.delivery import MESSAGE_LENGTH_MAX
from palyra_events.effect import Effects
from palyra_events.errors import ReasonRequired
from palyra_events.tool_run import PluginInvoked, ToolRun, record_run
from tests.sample_events import BARE_STAMP, EFFECTS, INVOCATION

RUN = ToolRun(
    invocation_id="9a" * 16,
    tool_id="acme.echo",
    approved=False,
    outcome="ok",
    message="",
    invocation=INVOCATION,
    effects=EFFECTS,
)


def recorded(run: ToolRun, reason: SealedRef | None = None) -> PluginInvoked:
    """Return the one event of a run."""
    (event,) = record_run(run, replace(BARE_STAMP, reason=reason))
    assert isinstance(event, PluginInvoked)
    return event


def test_a_success_has_its_effects():
    """What the run stored and sent is in the event that says that it succeeded."""
    event = recorded(RUN)

    assert (event.outcome, event.effects, event.invocation) == ("ok", EFFECTS, INVOCATION)


@pytest.mark.parametrize("outcome", ["guest_failed", "bad_output", "out_of_fuel", "denied"])
def test_any_other_outcome_has_none(outcome):
    """A run that did not do what it was asked changes nothing, and says why."""
    event = recorded(replace(RUN, outcome=outcome, message="It failed."))

    assert (event.outcome, event.effects, event.message) == (outcome, Effects(), "It failed.")


def test_a_long_message_is_cut():
    """A guest cannot make its record larger than an event may be."""
    event = recorded(replace(RUN, outcome="guest_failed", message="\ud800" + "x" * 5_000))

    assert event.message == "?" + "x" * (MESSAGE_LENGTH_MAX - 1)


def test_an_approval_says_why():
    """Who allows a run that needs it answers for that."""
    with pytest.raises(ReasonRequired):
        recorded(replace(RUN, approved=True))


def test_an_approval_is_recorded():
    """An auditor sees that this run was approved."""
    assert recorded(replace(RUN, approved=True), SealedRef(hmac="a1" * 32)).approved
