"""A recorded decision, as agents and auditors get it: what counts, and what each hook said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from palyra_events.blob import BlobRef
from palyra_events.commands.decision import RecordedDecision
from palyra_events.decision import DecisionKind, HookDecision, Resolution, attach_decision, resolve
from palyra_events.decision_taken import Candidate
from palyra_events.run_phase import RunPhase
from palyra_runtime.dispatch.answer import hook_decision
from palyra_runtime.sandbox.outcome import OK

#: returns bytes that an event names, None where they are not kept any more
ReadBlob: TypeAlias = Callable[[BlobRef], bytes | None]


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What one hook said; ``output`` is what its guest wrote, with the decision that was made of it.

    ``kind`` is None where it abstained. What only a run could tell is None where there was none.
    """

    hook_id: str
    plugin_id: str
    kind: DecisionKind | None
    outcome: str
    message: str
    exit_code: int | None
    fuel_units: int | None
    duration_us: int | None
    output: dict[str, Any] | None
    logs: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided at a phase; it is in the log at ``position``.

    ``is_repeated`` says that it was asked before, under the same key, and nothing ran again.
    ``payload`` is what was asked, None where that was erased.
    """

    decision_id: str
    position: int
    payload: dict[str, Any] | None
    resolution: Resolution
    answers: tuple[HookAnswer, ...]
    duration_us: int
    is_repeated: bool = False

    @property
    def phase(self) -> RunPhase:
        """The phase that asked."""
        return self.resolution.phase

    @property
    def kind(self) -> DecisionKind:
        """What counts."""
        return self.resolution.selected.kind

    @property
    def reason(self) -> str | None:
        """Why, in the words of the hook whose answer counts."""
        return self.resolution.selected.reason

    @property
    def annotations(self) -> dict[str, dict[str, Any]]:
        """What each hook remarked, by hook id."""
        return {each.hook_id: each.annotations for each in self.resolution.candidates if each.annotations}

    @property
    def transformed_preview(self) -> Any:
        """What is to be delivered instead, None where nobody wants that."""
        return self.resolution.selected.transformed_preview

    @property
    def is_terminal(self) -> bool:
        """True where the run does not simply go on."""
        return self.resolution.is_terminal

    def enforce(self) -> None:
        """Let the run go on, or say why it does not.

        Raises:
            RunStopped: a hook asks for an approval, blocks, or fails the run.
        """
        self.resolution.enforce()


def decision_of(recorded: RecordedDecision, read_blob: ReadBlob) -> Decision:
    """Return a decision that is in the log. What guests wrote may have been erased since."""
    event = recorded.event
    answers, decisions = [], []
    for candidate in event.candidates:
        document = _output(candidate, read_blob)
        decision = hook_decision(event.phase, candidate, document)
        answers.append(_answer(candidate, document, decision, read_blob))
        decisions += [decision] if decision else []
    return Decision(
        decision_id=event.decision_id,
        position=recorded.position,
        payload=_json(read_blob(event.payload)),
        resolution=resolve(event.phase, decisions),
        answers=tuple(answers),
        duration_us=event.duration_us,
    )


def _answer(
    candidate: Candidate, document: dict[str, Any] | None, decision: HookDecision | None, read_blob: ReadBlob
) -> HookAnswer:
    run = candidate.invocation
    return HookAnswer(
        hook_id=candidate.hook_id,
        plugin_id=candidate.plugin_id,
        kind=candidate.kind,
        outcome=candidate.outcome,
        message=candidate.message,
        exit_code=None if run is None else run.exit_code,
        fuel_units=None if run is None else run.fuel_units,
        duration_us=None if run is None else run.duration_us,
        output=document if decision is None else attach_decision(document, decision),
        logs=(_json(read_blob(run.logs)) or []) if run and run.logs else [],
    )


def _output(candidate: Candidate, read_blob: ReadBlob) -> dict[str, Any] | None:
    """Return what a guest wrote, where that was an answer; a broken output is kept, and means nothing."""
    run = candidate.invocation
    if run is None or run.output is None or candidate.outcome != OK:
        return None
    value = _json(read_blob(run.output))
    return value if isinstance(value, dict) else None


def _json(content: bytes | None) -> Any:
    if content is None:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
