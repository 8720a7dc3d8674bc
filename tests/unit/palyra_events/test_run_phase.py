from __future__ import annotations

import pytest

from palyra_events.lifecycle import HookEventKind
from palyra_events.run_phase import RunPhase, parse_phase


@pytest.mark.parametrize("phase", RunPhase)
def test_a_phase_is_an_event_that_hooks_can_be_bound_to(phase: RunPhase):
    """Each phase has its kind of event, which is never queued."""
    assert phase.event_kind == f"run:{phase}"
    assert not phase.event_kind.is_queued


def test_every_event_that_is_not_queued_is_a_phase():
    """There is no kind that is neither queued nor asked."""
    assert {phase.event_kind for phase in RunPhase} == {k for k in HookEventKind if not k.is_queued}


@pytest.mark.parametrize("text", ["before_tool", "run:before_tool", "  RUN:Before_Tool ", "BEFORE_TOOL\n"])
def test_a_phase_is_named_as_people_type_it(text: str):
    """With or without its prefix; blanks and capitals do not matter."""
    assert parse_phase(text) is RunPhase.BEFORE_TOOL


@pytest.mark.parametrize(
    "text", ["", " ", "run:", "run:run:before_tool", "before-tool", "skill:enabled", "before_tooL\u212a"]
)
def test_what_names_no_phase(text: str):
    """Nothing is guessed."""
    assert parse_phase(text) is None
