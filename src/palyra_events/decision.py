"""Decisions: what hooks answer at a phase of a run, and which of their answers counts.

    kind               priority  terminal  phases
    continue                 10  no        all
    annotate                 20  no        all
    transform_preview        30  no        before_delivery
    request_approval         40  yes       before_run, before_tool, before_delivery
    block                    50  yes       before_run, before_tool, before_delivery
    fail_run                 60  yes       before_run, before_tool, after_tool, before_delivery

The answer of the highest priority counts. A terminal one means that the run does not simply go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from palyra_events.errors import InvalidInput, NotAllowed
from palyra_events.run_phase import RunPhase

#: version of the document that a hook's decision is
DECISION_SCHEMA: Final = 1

#: who decides where no hook does
RUNTIME = "runtime"


class PhaseMismatch(InvalidInput):
    """A hook's decision is about another phase than the one that was asked for."""

    code = "PHASE_MISMATCH"
    advice = "Resolve only decisions of one phase together."


class DecisionNotAllowed(InvalidInput):
    """A hook's decision is of a kind that this phase does not know."""

    code = "DECISION_NOT_ALLOWED_IN_PHASE"
    advice = "docs/decisions.md lists which decisions each phase allows."


class RunStopped(NotAllowed):
    """A hook decided that the run does not go on as it is."""

    code = "RUN_STOPPED"
    advice = "Look at what was asked, and at the answer of each hook, with: palyra decision show ID"


class DecisionKind(StrEnum):
    """What a hook can decide."""

    CONTINUE = "continue"
    ANNOTATE = "annotate"
    TRANSFORM_PREVIEW = "transform_preview"
    REQUEST_APPROVAL = "request_approval"
    BLOCK = "block"
    FAIL_RUN = "fail_run"

    @property
    def priority(self) -> int:
        """Its weight against other decisions; the heaviest counts."""
        return _RULES[self].priority

    @property
    def is_terminal(self) -> bool:
        """True where the run does not simply go on."""
        return _RULES[self].is_terminal

    @property
    def allowed_phases(self) -> tuple[RunPhase, ...]:
        """The phases that know it, in the order of a run."""
        return _RULES[self].phases

    def is_allowed_in(self, phase: RunPhase) -> bool:
        """Return whether a phase knows this decision."""
        return phase in _RULES[self].phases


class _Rule(NamedTuple):
    priority: int
    is_terminal: bool
    phases: tuple[RunPhase, ...]


_ALL = tuple(RunPhase)
_GATES = (RunPhase.BEFORE_RUN, RunPhase.BEFORE_TOOL, RunPhase.BEFORE_DELIVERY)
_BEFORE_THE_END = tuple(phase for phase in RunPhase if phase is not RunPhase.AFTER_RUN)

_RULES: Mapping[DecisionKind, _Rule] = MappingProxyType(
    {
        DecisionKind.CONTINUE: _Rule(10, is_terminal=False, phases=_ALL),
        DecisionKind.ANNOTATE: _Rule(20, is_terminal=False, phases=_ALL),
        DecisionKind.TRANSFORM_PREVIEW: _Rule(30, is_terminal=False, phases=(RunPhase.BEFORE_DELIVERY,)),
        DecisionKind.REQUEST_APPROVAL: _Rule(40, is_terminal=True, phases=_GATES),
        DecisionKind.BLOCK: _Rule(50, is_terminal=True, phases=_GATES),
        DecisionKind.FAIL_RUN: _Rule(60, is_terminal=True, phases=_BEFORE_THE_END),
    }
)

#: exit codes with a meaning of their own; the others follow `decision_of_exit`
_KIND_BY_EXIT: Mapping[int, DecisionKind] = MappingProxyType(
    {
        0: DecisionKind.CONTINUE,
        10: DecisionKind.ANNOTATE,
        20: DecisionKind.REQUEST_APPROVAL,
        30: DecisionKind.BLOCK,
        40: DecisionKind.TRANSFORM_PREVIEW,
    }
)
#: codes up to here are remarks, unless they mean something else
_REMARK_EXIT_MAX = 49

#: what a terminal decision did, as a message says it
_ACTIONS: Mapping[DecisionKind, str] = MappingProxyType(
    {
        DecisionKind.REQUEST_APPROVAL: "requested approval",
        DecisionKind.BLOCK: "blocked",
        DecisionKind.FAIL_RUN: "failed run",
    }
)


class HookDecision(BaseModel):
    """What one hook decided, as programs exchange it.

    ``transformed_preview`` is what the hook wants to be delivered instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = DECISION_SCHEMA
    phase: RunPhase
    kind: DecisionKind
    hook_id: str
    plugin_id: str
    reason: str | None = None
    annotations: dict[str, Any] = {}
    transformed_preview: Any = None

    @property
    def name(self) -> str:
        """Who decided what, such as ``guard:policy:block``."""
        return f"{self.hook_id}:{self.plugin_id}:{self.kind}"

    def document(self) -> dict[str, Any]:
        """Return it as JSON, without what is not there."""
        return self.model_dump(mode="json", exclude_none=True)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which decision counts, among all of them, the heaviest first.

    ``conflicts`` names those that wanted something else than the one that counts.
    """

    phase: RunPhase
    selected: HookDecision
    candidates: tuple[HookDecision, ...]
    conflicts: tuple[str, ...]

    @property
    def is_terminal(self) -> bool:
        """True where the run does not simply go on."""
        return self.selected.kind.is_terminal

    def enforce(self) -> None:
        """Let the run go on, or say why it does not.

        Raises:
            RunStopped: a hook asks for an approval, blocks, or fails the run.
        """
        chosen = self.selected
        if not self.is_terminal:
            return
        because = f": {chosen.reason.rstrip('.')}." if chosen.reason else "."
        raise RunStopped(
            f"Hook {chosen.hook_id} of plugin {chosen.plugin_id} {_ACTIONS[chosen.kind]} "
            f"at {self.phase.event_kind}{because}",
            phase=self.phase.value,
            kind=chosen.kind.value,
            hook_id=chosen.hook_id,
            plugin_id=chosen.plugin_id,
        )


def decision_of_exit(exit_code: int) -> DecisionKind:
    """Return what a guest decided that returned ``exit_code``.

    0 continue, 10 annotate, 20 request_approval, 30 block, 40 transform_preview; 50 and above, and
    negative numbers, fail the run; any other is an annotation.
    """
    if kind := _KIND_BY_EXIT.get(exit_code):
        return kind
    return DecisionKind.ANNOTATE if 0 < exit_code <= _REMARK_EXIT_MAX else DecisionKind.FAIL_RUN


def decision_of_failure(phase: RunPhase) -> DecisionKind:
    """Return what counts for a hook that gave no answer: it blocks, where the phase can be blocked."""
    return DecisionKind.BLOCK if DecisionKind.BLOCK.is_allowed_in(phase) else DecisionKind.ANNOTATE


def resolve(phase: RunPhase, decisions: Iterable[HookDecision]) -> Resolution:
    """Return which of the decisions counts; where there is none, the run goes on.

    Of two that weigh the same, the one with the smaller hook id counts, then the smaller plugin id.

    Raises:
        PhaseMismatch: one of them is about another phase.
        DecisionNotAllowed: one of them is of a kind that the phase does not know.
    """
    given = list(decisions)
    for decision in given:
        _check(phase, decision)
    ordered = sorted(given, key=lambda d: (-d.kind.priority, d.hook_id, d.plugin_id))
    selected, *others = ordered or [_going_on(phase)]
    # `continue` weighs least, so where it is selected nobody wanted anything else.
    differ = selected.kind is not DecisionKind.CONTINUE
    conflicts = tuple(other.name for other in others) if differ else ()
    return Resolution(phase, selected, (selected, *others), conflicts)


def attach_decision(output: Mapping[str, Any] | None, decision: HookDecision) -> dict[str, Any]:
    """Return what a guest wrote together with what was made of it, as ``lifecycle_decision``."""
    return {**(output or {}), "lifecycle_decision": decision.document()}


def _check(phase: RunPhase, decision: HookDecision) -> None:
    if decision.phase is not phase:
        raise PhaseMismatch(
            f"Hook {decision.hook_id} decided about {decision.phase}, and {phase} was asked for.",
            hook_id=decision.hook_id,
        )
    if not decision.kind.is_allowed_in(phase):
        raise DecisionNotAllowed(
            f"Hook {decision.hook_id} decided {decision.kind}, which {phase} does not know.",
            hook_id=decision.hook_id,
        )


def _going_on(phase: RunPhase) -> HookDecision:
    return HookDecision(phase=phase, kind=DecisionKind.CONTINUE, hook_id=RUNTIME, plugin_id=RUNTIME)
