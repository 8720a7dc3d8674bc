from __future__ import annotations

from typing import Any

import pytest

from palyra_events.decision import DecisionKind
from palyra_events.decision_taken import Candidate
from palyra_events.hook import OnFailure
from palyra_events.run_phase import RunPhase
from palyra_runtime.dispatch.answer import REASON_LENGTH_MAX, hook_decision, missing, preview, verdict
from palyra_runtime.sandbox import Execution
from tests.sample_events import INVOCATION


def answered(kind: DecisionKind, outcome: str = "ok", message: str = "") -> Candidate:
    return Candidate(
        hook_id="guard",
        plugin_id="policy",
        kind=kind,
        outcome=outcome,
        message=message,
        invocation=INVOCATION.model_copy(update={"exit_code": 30, "duration_us": 4_999}),
    )


@pytest.mark.parametrize(
    ("execution", "phase", "kind", "outcome"),
    [
        (Execution("ok", exit_code=0), RunPhase.AFTER_RUN, "continue", "ok"),
        (Execution("guest_failed", exit_code=64), RunPhase.BEFORE_RUN, "fail_run", "ok"),
        (Execution("guest_failed", exit_code=64), RunPhase.AFTER_RUN, "annotate", "not_allowed_in_phase"),
        (Execution("bad_output", exit_code=0), RunPhase.BEFORE_RUN, "block", "bad_output"),
        (Execution("deadline"), RunPhase.BEFORE_DELIVERY, "block", "deadline"),
        (Execution("worker_lost"), RunPhase.AFTER_TOOL, "annotate", "worker_lost"),
        (Execution("denied"), RunPhase.BEFORE_TOOL, "block", "denied"),
    ],
)
def test_what_a_run_decides(execution: Execution, phase: RunPhase, kind: str, outcome: str):
    """A guest that returned has answered, whatever it returned; any other end is no answer."""
    found = verdict(phase, execution, OnFailure.BLOCK)
    assert (found.kind, found.outcome) == (kind, outcome)
    assert verdict(phase, execution, OnFailure.CONTINUE).kind == (kind if outcome == "ok" else None)


def test_who_abstains_has_no_decision():
    """It is recorded why, and it weighs nothing."""
    found = missing(RunPhase.BEFORE_TOOL, OnFailure.CONTINUE, "deadline", "Too late.")
    candidate = Candidate(hook_id="h", plugin_id="p", kind=found.kind, outcome=found.outcome)
    assert (found.message, hook_decision(RunPhase.BEFORE_TOOL, candidate, None)) == ("Too late.", None)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (None, "The guest returned 30."),
        ({}, "The guest returned 30."),
        ({"result": "no"}, "The guest returned 30."),
        ({"result": {"reason": 7}}, "The guest returned 30."),
        ({"result": {"reason": "  "}}, "The guest returned 30."),
        ({"result": {"reason": " not at night "}}, "not at night"),
        ({"result": {"reason": "x" * 5_000}}, "x" * REASON_LENGTH_MAX),
    ],
)
def test_a_reason_is_the_guests_or_its_exit_code(document: dict[str, Any] | None, reason: str):
    """There always is one."""
    decision = hook_decision(RunPhase.BEFORE_TOOL, answered(DecisionKind.BLOCK), document)
    assert decision is not None
    assert decision.reason == reason


def test_the_host_has_the_last_word_on_circumstances():
    """A guest's remarks are kept, but for those that the host knows better."""
    document = {"annotations": {"rule": 7, "exit_code": 0, "duration_ms": 0}}
    decision = hook_decision(RunPhase.BEFORE_TOOL, answered(DecisionKind.BLOCK), document)
    assert decision is not None
    assert decision.annotations == {"rule": 7, "exit_code": 30, "entrypoint": "run", "duration_ms": 4}


def test_what_a_broken_guest_wrote_does_not_count():
    """The reason is the host's where there was no answer."""
    document = {"result": {"reason": "trust me"}, "annotations": {"rule": 7}}
    broken = answered(DecisionKind.BLOCK, "trapped:unreachable", "The guest trapped: unreachable.")
    decision = hook_decision(RunPhase.BEFORE_TOOL, broken, document)
    assert decision is not None
    assert (decision.reason, "rule" in decision.annotations) == ("The guest trapped: unreachable.", False)


@pytest.mark.parametrize(
    ("result", "found"),
    [
        ({"transform_preview": "a", "preview": "b"}, "a"),
        ({"transform_preview": None, "preview": "b"}, "b"),
        ({"preview": ""}, ""),
        ({"text": "a"}, None),
        ("a", None),
        (None, None),
    ],
)
def test_what_is_delivered_instead(result: Any, found: Any):
    """The reference's two names for it are read, in their order."""
    assert preview({"result": result}) == found
