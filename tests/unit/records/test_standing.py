from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from palyra_events.delivery import DeliveryState
from palyra_events.lifecycle import HookEventKind
from palyra_events.right import Refusal
from palyra_runtime.dispatch.guest import NotRunnable
from palyra_runtime.facade import DeliveryDetail
from palyra_runtime.records.standing import standing
from projections import DeliveryRow
from tests.sample_events import MOMENT
from tests.sample_rows import AUDIT_ROW

ROW = DeliveryRow(
    delivery_id="41:greet",
    state=DeliveryState.SCHEDULED,
    is_open=True,
    is_next=True,
    event_position=41,
    event_kind=HookEventKind.SkillEnabled,
    hook_id="greet",
    plugin_id="echo",
    ordering_key="hook:greet",
    round=1,
    attempts=0,
    attempts_before=0,
    attempts_max=3,
    retry_at=None,
    outcome=None,
    message=None,
    cause=None,
    as_of=None,
    scheduled_at=MOMENT,
    scheduled_position=42,
    changed_at=MOMENT,
    changed_position=42,
)
CANCELLED = replace(
    AUDIT_ROW,
    position=43,
    topic="DeliveryCancelled@1",
    subject_kind="delivery",
    subject_id="41:greet",
    summary="cancelled",
    stream_version=2,
)


def why(row: DeliveryRow = ROW, **parts: object) -> str:
    """Return why this delivery stands as it does."""
    known = {"under_way": None, "is_silent": False, "attempts": (), "history": (), "ahead": ()}
    return standing(DeliveryDetail(row=row, **{**known, **parts}), MOMENT)


def closed(state: DeliveryState, **facts: object) -> DeliveryRow:
    return replace(ROW, state=state, is_open=False, is_next=False, **facts)


def test_what_is_due_names_the_command_that_carries_it_out():
    """Nobody has to know that it takes a gateway."""
    assert why() == "It is due: a running gateway carries it out, or: palyra delivery drain"
    assert why(replace(ROW, state=DeliveryState.RETRYING, retry_at=MOMENT)) == why()


def test_what_waits_for_its_time_says_when_and_how_not_to_wait():
    """With the outcome that it waits after."""
    waiting = replace(
        ROW,
        state=DeliveryState.RETRYING,
        attempts=2,
        outcome="deadline",
        retry_at=MOMENT + timedelta(minutes=1),
    )

    assert why(waiting) == (
        "Attempt 2 ended as deadline; the next one is due at 2026-03-01 12:31:15 UTC. "
        "At once: palyra delivery retry 41:greet"
    )


def test_what_waits_behind_others_names_the_first():
    """It is the one to look at."""
    assert why(ahead=("7:greet",)) == (
        "It waits for 7:greet, which is older and comes first in the line hook:greet."
    )


def test_an_attempt_under_way_is_told():
    """Also that nothing is heard of who makes it."""
    assert why(under_way=2) == "Attempt 2 is being made."
    assert why(under_way=2, is_silent=True).startswith("Attempt 2 was begun, and nothing is heard")


def test_what_came_to_an_end_says_how():
    """And how to carry it out once more, where somebody may want that."""
    assert why(closed(DeliveryState.SUCCEEDED, attempts=2)) == "Attempt 2 succeeded."
    assert why(closed(DeliveryState.DEAD, attempts=5, attempts_before=2, outcome="memory")) == (
        "It was given up after 3 attempts: memory. Once more: palyra delivery retry 41:greet"
    )


@pytest.mark.parametrize("cause", [*Refusal, *NotRunnable])
def test_every_cause_of_a_skip_has_words(cause):
    """A code is for programs; people are told what was the matter, as of when."""
    sentence = why(closed(DeliveryState.SKIPPED, cause=cause.value, as_of=44))

    assert sentence.startswith("The plugin was not invoked: as of position 44, ")
    assert cause.value not in sentence
    assert sentence.endswith("Once more: palyra delivery redeliver 41:greet")


def test_a_cause_from_a_later_version_is_told_as_it_is():
    """Better a code than nothing."""
    assert "as of position 44, moon_phase." in why(
        closed(DeliveryState.SKIPPED, cause="moon_phase", as_of=44)
    )


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (CANCELLED, "operator:alice cancelled it, and did not say why."),
        (
            replace(CANCELLED, summary="discarded", reason="old news"),
            "operator:alice discarded it: old news.",
        ),
    ],
    ids=["cancelled", "discarded"],
)
def test_what_somebody_does_not_want_names_him(event, sentence):
    """And his reason, if he gave one."""
    assert why(closed(DeliveryState.CANCELLED), history=(event,)) == sentence
