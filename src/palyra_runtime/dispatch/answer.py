"""What a hook's run comes to at a phase: its decision, or the one that a missing answer stands for."""

from __future__ import annotations

from typing import Any, NamedTuple

from palyra_events.decision import DecisionKind, HookDecision, decision_of_exit, decision_of_failure
from palyra_events.decision_taken import Candidate
from palyra_events.hook import OnFailure
from palyra_events.run_phase import RunPhase
from palyra_runtime.sandbox import Execution
from palyra_runtime.sandbox.outcome import BAD_OUTPUT, GUEST_FAILED, OK

#: the guest decided what its phase does not know
NOT_ALLOWED_IN_PHASE = "not_allowed_in_phase"

#: characters of a reason that a guest gives
REASON_LENGTH_MAX = 1_000

#: where in its result a guest says what is to be delivered instead
_PREVIEWS = ("transform_preview", "preview")


class Verdict(NamedTuple):
    """What counts for a hook; ``kind`` is None where it abstains."""

    kind: DecisionKind | None
    outcome: str
    message: str = ""


def verdict(phase: RunPhase, execution: Execution, on_failure: OnFailure) -> Verdict:
    """Return what a run decides.

    A guest that fails a run says so by an exit code that would be a failure of a delivery. What is
    recorded as ``ok`` is an answer; anything else is none, and counts as `missing` does.
    """
    if execution.exit_code is None or execution.outcome not in {OK, GUEST_FAILED}:
        return missing(phase, on_failure, execution.outcome, execution.message)
    kind = decision_of_exit(execution.exit_code)
    if not kind.is_allowed_in(phase):
        message = f"The guest decided {kind}, which {phase} does not know."
        return missing(phase, on_failure, NOT_ALLOWED_IN_PHASE, message)
    if kind is DecisionKind.TRANSFORM_PREVIEW and preview(execution.document) is None:
        return missing(phase, on_failure, BAD_OUTPUT, "The guest gave nothing to deliver instead.")
    return Verdict(kind, OK)


def missing(phase: RunPhase, on_failure: OnFailure, outcome: str, message: str) -> Verdict:
    """Return what counts for a hook that gave no answer."""
    kind = None if on_failure is OnFailure.CONTINUE else decision_of_failure(phase)
    return Verdict(kind, outcome, message)


def hook_decision(
    phase: RunPhase, candidate: Candidate, document: dict[str, Any] | None
) -> HookDecision | None:
    """Return the decision of a candidate that has one; ``document`` is what its guest wrote."""
    if candidate.kind is None:
        return None
    said = document if candidate.outcome == OK and document else {}
    is_preview = candidate.kind is DecisionKind.TRANSFORM_PREVIEW
    return HookDecision(
        phase=phase,
        kind=candidate.kind,
        hook_id=candidate.hook_id,
        plugin_id=candidate.plugin_id,
        reason=_reason(candidate, said),
        annotations={**said.get("annotations", {}), **_circumstances(candidate)},
        transformed_preview=preview(said) if is_preview else None,
    )


def preview(document: dict[str, Any] | None) -> Any:
    """Return what a guest wants to be delivered instead, None where it says nothing."""
    result = (document or {}).get("result")
    if not isinstance(result, dict):
        return None
    return next((result[name] for name in _PREVIEWS if result.get(name) is not None), None)


def _reason(candidate: Candidate, said: dict[str, Any]) -> str:
    if candidate.outcome != OK:
        return candidate.message or f"The hook gave no answer: {candidate.outcome}."
    result = said.get("result")
    reason = result.get("reason") if isinstance(result, dict) else None
    if isinstance(reason, str) and reason.strip():
        return reason.strip()[:REASON_LENGTH_MAX]
    return f"The guest returned {candidate.invocation and candidate.invocation.exit_code}."


def _circumstances(candidate: Candidate) -> dict[str, Any]:
    """Return what the host knows of the run; a guest cannot say it differently."""
    run = candidate.invocation
    if run is None:
        return {}
    known = {
        "exit_code": run.exit_code,
        "entrypoint": run.entrypoint,
        "duration_ms": run.duration_us // 1000,
    }
    return {name: value for name, value in known.items() if value is not None}
