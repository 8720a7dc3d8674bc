"""Decisions: an agent asks before it goes on, and bound hooks answer at once.

    question ─> hooks of the phase ─> each asked in turn, within one budget ─> resolved ─> recorded ─> answer

Hooks answer on threads and in a sandbox that nothing else uses, so no delivery is ever in their way. They
have no powers but to log, to ask the time and for random bytes. A hook that does not answer decides as
well: that is what keeps a broken guard from being an open door.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple, cast

from pydantic import TypeAdapter, ValidationError

from palyra_events.application import Application, Intent
from palyra_events.blob import Blob, BlobRef, keep
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.commands.decision import RecordedDecision
from palyra_events.decision import resolve
from palyra_events.decision_taken import (
    HOOKS_MAX,
    Candidate,
    DecisionTaken,
    Taken,
    candidate_message,
    decision_id_of,
)
from palyra_events.errors import Conflict, InvalidInput, StaleVersion, Unavailable
from palyra_events.event import TraceId
from palyra_events.hook import OnFailure
from palyra_events.run_phase import RunPhase
from palyra_events.strict_json import parse_json
from palyra_runtime.config import DecisionSettings
from palyra_runtime.dispatch.answer import Verdict, hook_decision, missing, verdict
from palyra_runtime.dispatch.attempt import json_bytes, record
from palyra_runtime.dispatch.decision import Decision, ReadBlob, decision_of
from palyra_runtime.dispatch.guest import Guest, Guests
from palyra_runtime.dispatch.input import Asked, answer_input
from palyra_runtime.dispatch.phase_hooks import AskedHook, PhaseHooks
from palyra_runtime.sandbox import Broker, Execution
from palyra_runtime.sandbox.outcome import DEADLINE

#: bytes of a question, as JSON
PAYLOAD_BYTES_MAX = 256 * 1024

#: seconds after its deadline at which a guest that the sandbox did not end is left behind
_GRACE_S = 0.1

#: outcomes of hooks that never ran
_DISABLED = "runner_disabled"
_UNAVAILABLE = "unavailable"
_TOO_MANY = "too_many_hooks"

_TRACE_ID: TypeAdapter[str] = TypeAdapter(TraceId)

_NO_GRANTS = PluginCapabilityProfile()


class PayloadRefused(InvalidInput):
    """What is asked is not a JSON object of at most 256 KiB."""

    code = "PAYLOAD_REFUSED"
    advice = "Ask with one JSON object; leave big values out and name them instead."


class InvalidCorrelation(InvalidInput):
    """A correlation id has 1 to 160 characters of valid Unicode."""

    code = "INVALID_CORRELATION"
    advice = "Name the run by a short id of your own, or leave it out."


class DecisionKeyReused(Conflict):
    """This key belongs to the decision about another question."""

    code = "DECISION_KEY_REUSED"
    advice = "Give each question a key of its own, and the same one only where it is asked again."


@dataclass(frozen=True, slots=True)
class Question:
    """What an agent asks at a phase; with a ``key``, asking it again gives the recorded answer."""

    phase: RunPhase
    payload: Mapping[str, Any]
    key: str | None = None


class _Asking(NamedTuple):
    """One question on its way: its id, what guests are told, and when time is up."""

    decision_id: str
    phase: RunPhase
    payload: dict[str, Any]
    intent: Intent
    as_of: int
    deadline: float


class _Answer(NamedTuple):
    candidate: Candidate
    blobs: Sequence[Blob] = ()
    document: dict[str, Any] | None = None


class Decider:
    """Takes decisions. Any number of threads may ask; a context is ended by `close`.

    ``is_enabled`` is False where the policy lets nothing run: then no hook can answer.
    """

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        application: Application,
        hooks: PhaseHooks,
        guests: Guests,
        broker: Broker,
        read_blob: ReadBlob,
        settings: DecisionSettings,
        now: Callable[[], datetime],
        is_enabled: bool = True,
    ) -> None:
        self._application = application
        self._hooks = hooks
        self._guests = guests
        self._broker = broker
        self._read_blob = read_blob
        self._settings = settings
        self._now = now
        self._is_enabled = is_enabled
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="palyra-decide")

    def decide(self, question: Question, intent: Intent) -> Decision:
        """Ask the hooks of a phase, record what they answered, and return what counts.

        Raises:
            PayloadRefused: the payload is no JSON object, or too large.
            InvalidDecisionKey: the key is blank or too long.
            DecisionKeyReused: the key belongs to another question.
            ReasonTooLong, InvalidIdentifier, InvalidCorrelation: the intent cannot be recorded.
            ProjectionFailed: the view of hooks stands still, so nobody knows whom to ask.
        """
        payload = _checked(question.payload)
        reference, blob = keep(json_bytes(payload))
        decision_id = self._id(question)
        self._application.check_intent(intent)
        _check_correlation(intent.correlation_id)
        if question.key is not None and (known := self._application.decision(decision_id)):
            return self._repeated(known, question.phase, reference)
        asked = self._hooks.asked(question.phase)
        started = monotonic()
        deadline = started + self._settings.budget_ms / 1000
        asking = _Asking(decision_id, question.phase, payload, intent, asked.as_of, deadline)
        answers = self._answers(asked.hooks, asking)
        taken = self._taken(asking, reference, answers, started)
        blobs = [blob, *(each for answer in answers for each in answer.blobs)]
        return self._record(taken, intent, blobs)

    def warm(self) -> None:
        """Make the modules of all hooks ready, so that the first question need not wait for that.

        Raises:
            ProjectionFailed: the view of hooks stands still.
        """
        for phase in RunPhase:
            self._hooks.asked(phase)

    def close(self) -> None:
        """Wait for what still runs, and end the threads. Safe to repeat."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _id(self, question: Question) -> str:
        if question.key is None:
            return self._application.new_decision_id()
        return decision_id_of(question.key)

    def _answers(self, hooks: Sequence[AskedHook], asking: _Asking) -> list[_Answer]:
        """Ask the hooks in turn; one too many is not asked, and stops the run whatever it was bound with."""
        asked = hooks[:HOOKS_MAX]
        answers = [self._answer(hook, asking, len(asked) - place) for place, hook in enumerate(asked)]
        for hook in hooks[HOOKS_MAX : HOOKS_MAX + 1]:
            strict = replace(hook, on_failure=OnFailure.BLOCK)
            message = f"More than {HOOKS_MAX} hooks are bound to this phase."
            answers.append(_without_run(strict, asking, _TOO_MANY, message))
        return answers

    def _answer(self, hook: AskedHook, asking: _Asking, hooks_left: int) -> _Answer:
        """Ask one hook; its share of the time that is left is what it may take."""
        if not isinstance(hook.guest, Guest):
            return _without_run(hook, asking, hook.guest, f"Its plugin may not run: {_words(hook.guest)}.")
        if not self._is_enabled:
            return _without_run(hook, asking, _DISABLED, "The policy lets nothing run.")
        share_ms = int((asking.deadline - monotonic()) * 1000 / hooks_left)
        if share_ms < 1:
            return _without_run(hook, asking, DEADLINE, "No time was left for this hook.")
        guest = _bounded(hook.guest, asking.as_of, share_ms)
        document = answer_input(hook.hook_id, hook.plugin_id, self._asked(asking), guest.config)
        limit_s = guest.terms.limits.timeout_ms / 1000 + _GRACE_S
        return self._run(hook, asking, self._threads.submit(self._invoke, guest, document), limit_s)

    def _asked(self, asking: _Asking) -> Asked:
        timestamp = self._now().isoformat().replace("+00:00", "Z")
        return Asked(asking.decision_id, asking.phase, timestamp, asking.intent.actor, asking.payload)

    def _invoke(self, guest: Guest, document: bytes) -> tuple[Execution, Guest, bytes]:
        return self._guests.run(guest, document, self._broker), guest, document

    def _run(
        self,
        hook: AskedHook,
        asking: _Asking,
        running: Future[tuple[Execution, Guest, bytes]],
        limit_s: float,
    ) -> _Answer:
        try:
            execution, guest, document = running.result(limit_s)
        except TimeoutError:
            running.cancel()
            return _without_run(hook, asking, DEADLINE, "The hook did not answer in time.")
        except Unavailable as error:
            return _without_run(hook, asking, _UNAVAILABLE, error.message)
        invocation, blobs = record(guest.terms, execution, document)
        found = verdict(asking.phase, execution, hook.on_failure)
        candidate = _candidate(hook, found).model_copy(update={"invocation": invocation})
        return _Answer(candidate, blobs, execution.document)

    def _taken(self, asking: _Asking, payload: BlobRef, answers: Sequence[_Answer], started: float) -> Taken:
        decisions = (hook_decision(asking.phase, each.candidate, each.document) for each in answers)
        selected = resolve(asking.phase, [each for each in decisions if each]).selected
        return Taken(
            decision_id=asking.decision_id,
            phase=asking.phase,
            payload=payload,
            as_of=asking.as_of,
            kind=selected.kind,
            hook_id=selected.hook_id,
            plugin_id=selected.plugin_id,
            candidates=tuple(answer.candidate for answer in answers),
            budget_ms=self._settings.budget_ms,
            duration_us=round((monotonic() - started) * 1_000_000),
        )

    def _record(self, taken: Taken, intent: Intent, blobs: Sequence[Blob]) -> Decision:
        try:
            commit = self._application.record_decision(taken, intent, blobs)
        except StaleVersion:
            # The same key at the same moment: what the other one recorded is the answer to both.
            known = self._application.decision(taken.decision_id)
            if known is None:
                raise
            return self._repeated(known, taken.phase, taken.payload)
        recorded = RecordedDecision(commit.head, cast("DecisionTaken", commit.events[0]))
        kept = {each.digest: each.content for each in blobs}
        return decision_of(recorded, lambda reference: kept.get(reference.digest))

    def _repeated(self, known: RecordedDecision, phase: RunPhase, payload: BlobRef) -> Decision:
        if known.event.phase is not phase or known.event.payload != payload:
            raise DecisionKeyReused(
                f"The key belongs to the decision at position {known.position}, about something else.",
                position=known.position,
            )
        return replace(decision_of(known, self._read_blob), is_repeated=True)


def _check_correlation(given: str | None) -> None:
    """Check that an answer can be recorded under this id, before anybody is asked."""
    try:
        _TRACE_ID.validate_python(given or "none")
    except ValidationError as error:
        raise InvalidCorrelation from error


def _checked(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the payload as JSON has it; what is checked is what guests are told."""
    try:
        text = json.dumps(payload, ensure_ascii=False, allow_nan=False)
        value = parse_json(text.encode(), size_max=PAYLOAD_BYTES_MAX)
    except InvalidInput as error:
        raise PayloadRefused(error.message) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise PayloadRefused("The payload is no JSON value.") from error
    if not isinstance(value, dict):
        raise PayloadRefused("The payload is not a JSON object.")
    return value


def _bounded(guest: Guest, as_of: int, share_ms: int) -> Guest:
    """Return a guest without any grants, and with no more time than its share."""
    limits = guest.terms.limits
    limits = limits.model_copy(update={"timeout_ms": min(limits.timeout_ms, share_ms)})
    terms = replace(guest.terms, grants=_NO_GRANTS, limits=limits, as_of=as_of)
    return replace(guest, terms=terms, denied=())


def _without_run(hook: AskedHook, asking: _Asking, outcome: str, message: str) -> _Answer:
    return _Answer(_candidate(hook, missing(asking.phase, hook.on_failure, str(outcome), message)))


def _candidate(hook: AskedHook, found: Verdict) -> Candidate:
    return Candidate(
        hook_id=hook.hook_id,
        plugin_id=hook.plugin_id,
        kind=found.kind,
        outcome=found.outcome,
        message=candidate_message(found.message),
    )


def _words(cause: str) -> str:
    return cause.replace("_", " ")
