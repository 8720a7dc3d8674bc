from __future__ import annotations

import pytest

from palyra_events.blob import BlobRef
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.decision import DecisionKind
from palyra_events.decision_taken import (
    HOOKS_MAX,
    MESSAGE_LENGTH_MAX,
    Candidate,
    DecisionTaken,
    InvalidDecisionKey,
    Taken,
    candidate_message,
    decision_id_of,
    take_decision,
)
from palyra_events.registry import EVENT_SIZE_MAX, REGISTRY
from palyra_events.run_phase import RunPhase
from tests.sample_events import FULL_STAMP, INVOCATION

LONGEST = "x" * 128


def taken(*candidates: Candidate) -> Taken:
    return Taken(
        decision_id="7b" * 16,
        phase=RunPhase.BEFORE_TOOL,
        payload=BlobRef(sha256="90" * 32, size=309),
        as_of=45,
        kind=DecisionKind.BLOCK,
        hook_id=LONGEST,
        plugin_id=LONGEST,
        candidates=candidates,
        budget_ms=1_000,
        duration_us=2_345,
    )


def test_a_decision_is_one_event():
    """What was found is what is recorded, under the stamp of who asked."""
    (event,) = take_decision(taken(), FULL_STAMP)

    assert isinstance(event, DecisionTaken)
    assert (event.actor, event.decision_id, event.kind) == ("operator:alice", "7b" * 16, "block")


def test_as_many_answers_as_a_phase_can_have_fit_into_an_event():
    """With the longest names, the widest letters and paths of 200 characters."""
    invocation = INVOCATION.model_copy(
        update={
            "plugin_id": LONGEST,
            "skill_id": LONGEST,
            "module_path": "p" * 200,
            "grants": PluginCapabilityProfile(),
        }
    )
    candidate = Candidate(
        hook_id=LONGEST,
        plugin_id=LONGEST,
        kind=DecisionKind.BLOCK,
        outcome="not_allowed_in_phase",
        message="\N{PILE OF POO}" * MESSAGE_LENGTH_MAX,
        invocation=invocation,
    )
    (event,) = take_decision(taken(*[candidate] * (HOOKS_MAX + 1)), FULL_STAMP)

    _, state = REGISTRY.encode(event)

    assert len(state) < EVENT_SIZE_MAX


def test_a_key_names_one_decision():
    """The same key leads to the same id, another key to another one."""
    assert decision_id_of("call-7") == decision_id_of("call-7") != decision_id_of("call-8")
    assert len(decision_id_of("größer")) == 32


@pytest.mark.parametrize("key", ["", " ", "x" * 257, "\ud800"])
def test_a_key_that_is_none(key: str):
    """A key says something, in at most 256 characters."""
    with pytest.raises(InvalidDecisionKey):
        decision_id_of(key)


def test_a_message_is_kept_in_part():
    """However much a guest's engine has to say, and whatever letters it uses."""
    assert candidate_message("\ud800" + "x" * 5_000) == "?" + "x" * (MESSAGE_LENGTH_MAX - 1)
