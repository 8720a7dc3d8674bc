"""Decisions replayed: who was asked follows from the log, and what counts from what they answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from palyra_events.decision import DecisionKind, DecisionNotAllowed, decision_of_exit, resolve
from palyra_events.decision_taken import HOOKS_MAX, Candidate, DecisionTaken
from palyra_events.hook import Hook, OnFailure
from palyra_events.right import Refusal, Right
from palyra_runtime.dispatch.answer import hook_decision, missing
from palyra_runtime.replay.course import SKEW
from palyra_runtime.replay.finding import Aspect, Difference, Finding, not_implied
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import begun_at
from palyra_runtime.sandbox.outcome import OK

_REFUSALS = frozenset(refusal.value for refusal in Refusal)


def decision_findings(position: int, event: DecisionTaken, past: Past) -> Iterator[Finding]:
    """Yield what is wrong with a decision; ``past`` has come to its position."""
    hooks = past.hooks(event.phase.event_kind, event.as_of)
    found = [
        *_overlooked(position, event, past),
        *_asked(event, hooks),
        *_answers(event, hooks, past),
        *_resolution(event),
    ]
    if found:
        yield Finding(position, f"decision {event.decision_id}", tuple(found))


def _overlooked(position: int, event: DecisionTaken, past: Past) -> Iterator[Difference]:
    """Compare the hooks of then with those that had been bound or changed well before the question."""
    asked_at = begun_at(event, event.duration_us)
    kind, later = event.phase.event_kind, past.overlooked(event.as_of, position, asked_at - SKEW)
    if event.as_of >= position or (
        later is not None and past.hooks(kind, event.as_of) != past.hooks(kind, later)
    ):
        message = (
            f"Hooks were read as of position {event.as_of}; position {later or position} had changed them."
        )
        yield Difference(Aspect.DECISION, message)


def _asked(event: DecisionTaken, hooks: Sequence[Hook]) -> Iterator[Difference]:
    """Compare who was asked with who was bound; of too many, one more than is asked has its place."""
    bound = [_name(hook.hook_id, hook.target.plugin_id) for hook in hooks[: HOOKS_MAX + 1] if hook.target]
    asked = [_name(each.hook_id, each.plugin_id) for each in event.candidates]
    for was, should in zip_longest(asked, bound):
        if difference := not_implied(Aspect.DECISION, "hook", was, should):
            yield difference


def _answers(event: DecisionTaken, hooks: Sequence[Hook], past: Past) -> Iterator[Difference]:
    by_id = {hook.hook_id: hook for hook in hooks}
    for place, candidate in enumerate(event.candidates):
        hook = by_id.get(candidate.hook_id)
        if hook is None or hook.target is None:
            continue
        on_failure = OnFailure.BLOCK if place == HOOKS_MAX else hook.target.on_failure
        kind = _kind(event, candidate, on_failure)
        if difference := not_implied(Aspect.DECISION, f"answer of {candidate.hook_id}", candidate.kind, kind):
            yield difference
        yield from _refusal(candidate, event.as_of, past)


def _kind(event: DecisionTaken, candidate: Candidate, on_failure: OnFailure) -> DecisionKind | None:
    """Return what an answer decides, by its exit code, or what its absence stands for."""
    run = candidate.invocation
    if candidate.outcome == OK and run is not None and run.exit_code is not None:
        return decision_of_exit(run.exit_code)
    return missing(event.phase, on_failure, candidate.outcome, candidate.message).kind


def _refusal(candidate: Candidate, as_of: int, past: Past) -> Iterator[Difference]:
    """Hold a plugin that did not run for want of a right against the log."""
    if candidate.invocation is not None or candidate.outcome not in _REFUSALS:
        return
    right = past.right(candidate.plugin_id, as_of)
    had = "a right to run" if isinstance(right, Right) else right.value
    if difference := not_implied(Aspect.DECISION, f"right of {candidate.plugin_id}", candidate.outcome, had):
        yield difference


def _resolution(event: DecisionTaken) -> Iterator[Difference]:
    """Compare whose answer counts with whose should."""
    given = (hook_decision(event.phase, each, None) for each in event.candidates)
    try:
        selected = resolve(event.phase, [each for each in given if each is not None]).selected
    except DecisionNotAllowed as error:
        yield Difference(Aspect.DECISION, error.message)
        return
    counts = _counting(selected.kind, selected.hook_id, selected.plugin_id)
    recorded = _counting(event.kind, event.hook_id, event.plugin_id)
    if difference := not_implied(Aspect.DECISION, "what counts", recorded, counts):
        yield difference


def _name(hook_id: str, plugin_id: str) -> str:
    return f"{hook_id} of plugin {plugin_id}"


def _counting(kind: DecisionKind, hook_id: str, plugin_id: str) -> str:
    return f"{kind} of {_name(hook_id, plugin_id)}"
