from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palyra_events.decision import (
    DecisionKind,
    DecisionNotAllowed,
    HookDecision,
    PhaseMismatch,
    RunStopped,
    attach_decision,
    decision_of_exit,
    decision_of_failure,
    resolve,
)
from palyra_events.run_phase import RunPhase

GATES = [RunPhase.BEFORE_RUN, RunPhase.BEFORE_TOOL, RunPhase.BEFORE_DELIVERY]


def decided(
    kind: str, hook: str = "h", plugin: str = "p", phase: str = "before_tool", **more: object
) -> HookDecision:
    return HookDecision(phase=phase, kind=kind, hook_id=hook, plugin_id=plugin, **more)


@pytest.mark.parametrize(
    ("kind", "priority", "is_terminal", "phases"),
    [
        ("continue", 10, False, list(RunPhase)),
        ("annotate", 20, False, list(RunPhase)),
        ("transform_preview", 30, False, [RunPhase.BEFORE_DELIVERY]),
        ("request_approval", 40, True, GATES),
        ("block", 50, True, GATES),
        ("fail_run", 60, True, [p for p in RunPhase if p is not RunPhase.AFTER_RUN]),
    ],
)
def test_the_table_of_kinds(kind: str, priority: int, is_terminal, phases: list[RunPhase]):
    """Weight, end and phases of each kind are fixed."""
    found = DecisionKind(kind)
    assert (found.priority, found.is_terminal, list(found.allowed_phases)) == (priority, is_terminal, phases)
    assert [phase for phase in RunPhase if found.is_allowed_in(phase)] == phases


@pytest.mark.parametrize(
    ("exit_code", "kind"),
    [
        (0, "continue"),
        (1, "annotate"),
        (10, "annotate"),
        (19, "annotate"),
        (20, "request_approval"),
        (21, "annotate"),
        (30, "block"),
        (39, "annotate"),
        (40, "transform_preview"),
        (49, "annotate"),
        (50, "fail_run"),
        (2**31 - 1, "fail_run"),
        (-1, "fail_run"),
        (-(2**31), "fail_run"),
    ],
)
def test_an_exit_code_decides(exit_code: int, kind: str):
    """Every number that a guest can return means exactly one thing."""
    assert decision_of_exit(exit_code) == kind


@pytest.mark.parametrize("phase", RunPhase)
def test_a_missing_answer_blocks_where_it_can(phase: RunPhase):
    """Where the phase cannot be blocked any more, it is a remark."""
    assert decision_of_failure(phase) == ("block" if phase in GATES else "annotate")


def test_nobody_asked_nobody_minds():
    """Without hooks the run goes on, and the answer says that nobody gave it."""
    resolved = resolve(RunPhase.BEFORE_RUN, [])
    assert (resolved.selected.kind, resolved.selected.hook_id) == ("continue", "runtime")
    assert (len(resolved.candidates), resolved.conflicts, resolved.is_terminal) == (1, (), False)


def test_the_heaviest_counts_and_the_others_are_conflicts():
    """Whoever wanted something else is named, the heaviest first."""
    resolved = resolve(
        RunPhase.BEFORE_TOOL,
        [decided("continue", "a"), decided("request_approval", "c"), decided("annotate", "b")],
    )
    assert resolved.selected.name == "c:p:request_approval"
    assert resolved.conflicts == ("b:p:annotate", "a:p:continue")
    assert resolved.is_terminal


def test_agreement_is_no_conflict():
    """Many who let it go on have no quarrel."""
    resolved = resolve(RunPhase.AFTER_RUN, [decided("continue", hook, phase="after_run") for hook in "ba"])
    assert (resolved.selected.hook_id, resolved.conflicts) == ("a", ())


def test_two_remarks_conflict():
    """Only one remark is selected, so the other one is named."""
    resolved = resolve(RunPhase.BEFORE_TOOL, [decided("annotate", "b"), decided("annotate", "a")])
    assert resolved.conflicts == ("b:p:annotate",)


def test_a_decision_about_another_phase_is_refused():
    """An answer to another question is none to this one."""
    with pytest.raises(PhaseMismatch, match="decided about before_tool, and before_run was asked"):
        resolve(RunPhase.BEFORE_RUN, [decided("continue")])


def test_a_decision_that_the_phase_does_not_know_is_refused():
    """What has happened can not be blocked."""
    with pytest.raises(DecisionNotAllowed, match="block, which after_tool does not know"):
        resolve(RunPhase.AFTER_TOOL, [decided("block", phase="after_tool")])


@pytest.mark.parametrize(
    ("kind", "words"),
    [("request_approval", "requested approval"), ("block", "blocked"), ("fail_run", "failed run")],
)
def test_a_terminal_decision_stops_the_run(kind: str, words: str):
    """The error says who did what, where and why."""
    resolved = resolve(RunPhase.BEFORE_TOOL, [decided(kind, "guard", "policy", reason="not at night.")])
    with pytest.raises(RunStopped) as stopped:
        resolved.enforce()
    assert stopped.value.message == f"Hook guard of plugin policy {words} at run:before_tool: not at night."
    assert stopped.value.details == {
        "phase": "before_tool",
        "kind": kind,
        "hook_id": "guard",
        "plugin_id": "policy",
    }


def test_a_run_goes_on_with_a_remark():
    """What is not terminal stops nothing."""
    resolve(RunPhase.BEFORE_TOOL, [decided("annotate")]).enforce()


def test_the_document_leaves_out_what_is_not_there():
    """Programs get the reference's shape."""
    assert decided("block", annotations={"a": 1}).document() == {
        "schema_version": 1,
        "phase": "before_tool",
        "kind": "block",
        "hook_id": "h",
        "plugin_id": "p",
        "annotations": {"a": 1},
    }


def test_a_decision_is_attached_to_what_the_guest_wrote():
    """The guest's own words stay as they are; a forged decision among them does not."""
    decision = decided("block")
    forged = {"result": 1, "lifecycle_decision": {"kind": "continue"}}
    assert attach_decision(forged, decision) == {"result": 1, "lifecycle_decision": decision.document()}
    assert attach_decision(None, decision) == {"lifecycle_decision": decision.document()}


@st.composite
def phases_with_decisions(draw):
    phase = draw(st.sampled_from(RunPhase))
    kinds = [kind for kind in DecisionKind if kind.is_allowed_in(phase)]
    names = st.sampled_from(["a", "b", "c"])
    decision = st.builds(
        HookDecision, phase=st.just(phase), kind=st.sampled_from(kinds), hook_id=names, plugin_id=names
    )
    return phase, draw(st.lists(decision, max_size=6))


@given(phases_with_decisions(), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(given_decisions, dice):
    """Whoever answered first has no advantage, and no answer is lost."""
    phase, decisions = given_decisions
    shuffled = list(decisions)
    dice.shuffle(shuffled)
    one, other = resolve(phase, decisions), resolve(phase, shuffled)
    assert one == other
    assert len(one.candidates) == max(1, len(decisions))
    assert all(one.selected.kind.priority >= each.kind.priority for each in one.candidates)
    assert len(one.conflicts) in {0, len(one.candidates) - 1}
