"""A decision that was taken: what was asked at a phase of a run, and what each hook answered.

It is one event, in a stream of its own, recorded before the agent that asked has its answer. What was
asked and what guests wrote lie beside the log; how their answers were weighed follows from the event.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, StringConstraints

from palyra_events.blob import BlobRef
from palyra_events.decision import DecisionKind
from palyra_events.errors import InvalidInput
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Identifier
from palyra_events.invocation import Count, Invocation
from palyra_events.run_phase import RunPhase

#: hooks that one phase asks; each answer takes its room in the event
HOOKS_MAX = 16

#: characters of what is kept of a hook that gave no answer
MESSAGE_LENGTH_MAX = 200

#: characters of a key by which a caller knows its question again
KEY_LENGTH_MAX = 256

DecisionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class InvalidDecisionKey(InvalidInput):
    """A decision's key is blank or too long."""

    code = "INVALID_DECISION_KEY"
    advice = "Give 1 to 256 characters that are the same whenever the same question is asked again."


class Candidate(BaseModel):
    """What one hook answered.

    ``kind`` is None where it abstained. ``outcome`` is ``ok`` where the guest decided, and else says why
    it did not; ``invocation`` is absent where it never ran.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hook_id: Identifier
    plugin_id: Identifier
    kind: DecisionKind | None = None
    outcome: str
    message: Annotated[str, StringConstraints(max_length=MESSAGE_LENGTH_MAX)] = ""
    invocation: Invocation | None = None


class DecisionTaken(Event):
    """Hooks were asked at a phase of a run, and this is what counts.

    ``hook_id`` and ``plugin_id`` name whose answer that is; they are ``runtime`` where no hook had one.
    ``as_of`` is the position at which hooks and rights were read; ``candidates`` are in hook-id order.
    """

    decision_id: DecisionId
    phase: RunPhase
    payload: BlobRef
    as_of: Count
    kind: DecisionKind
    hook_id: Identifier
    plugin_id: Identifier
    candidates: tuple[Candidate, ...] = ()
    budget_ms: Count
    duration_us: Count


class Taken(NamedTuple):
    """How a phase was decided, before it is recorded."""

    decision_id: str
    phase: RunPhase
    payload: BlobRef
    as_of: int
    kind: DecisionKind
    hook_id: str
    plugin_id: str
    candidates: tuple[Candidate, ...]
    budget_ms: int
    duration_us: int


def decision_id_of(key: str) -> str:
    """Return the id of the decision that a caller knows by ``key``.

    Raises:
        InvalidDecisionKey: the key is blank, longer than `KEY_LENGTH_MAX` characters, or no Unicode.
    """
    if not key.strip() or len(key) > KEY_LENGTH_MAX:
        raise InvalidDecisionKey(f"A decision's key has 1 to {KEY_LENGTH_MAX} characters.")
    try:
        return hashlib.sha256(key.encode()).hexdigest()[:32]
    except UnicodeEncodeError as error:
        raise InvalidDecisionKey("A decision's key is valid Unicode.") from error


def candidate_message(text: str) -> str:
    """Return a text as a candidate can hold it."""
    return text.encode(errors="replace").decode()[:MESSAGE_LENGTH_MAX]


def take_decision(taken: Taken, stamp: Stamp) -> list[Event]:
    """Record a decision."""
    return [stamp.on(DecisionTaken, **taken._asdict())]
