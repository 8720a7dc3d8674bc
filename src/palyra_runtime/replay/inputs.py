"""What guests were told, replayed: the input of a run follows from the log, but for what somebody asked.

A guest that runs again on a forged input says the same as the forged record. So the input itself is made
anew, from the event, the payload and the configuration that the log names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from palyra_events.blob import SealedRef
from palyra_events.errors import InvalidInput, LogDamaged, NotAllowed, NotFound, UnknownBlob
from palyra_events.lifecycle import kind_of, payload
from palyra_events.right import Right
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.blobs import kept_text
from palyra_runtime.dispatch.attempt import Subject, Trigger, input_document, json_bytes
from palyra_runtime.dispatch.guest_config import guest_config
from palyra_runtime.dispatch.input import Asked, answer_input, tool_input
from palyra_runtime.replay.finding import Aspect, Difference, document_diff
from palyra_runtime.replay.material import NotComparable
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import RecordedRun, RunKind
from palyra_runtime.replay.triggers import Triggers
from palyra_runtime.runner.tool import UnknownTool, manifest_tool
from palyra_runtime.runner.tool_schema import ToolSchema
from palyra_runtime.skills.plugin_config import ConfigState

#: events, and configurations, that are kept in memory
_KEPT_MAX = 256


class Told(NamedTuple):
    """In what an input is not the one that the log implies; ``cause`` says why nobody can tell."""

    differences: tuple[Difference, ...] = ()
    cause: NotComparable | None = None


class _Trigger(NamedTuple):
    """A lifecycle event as guests are told about it; not ``is_whole`` where texts of it were erased."""

    told: Trigger
    is_whole: bool


class Inputs:
    """Derives what guests were told. For one thread; ``past`` has come to each run."""

    def __init__(self, log: EventLog, artifacts: Artifacts, past: Past, triggers: Triggers) -> None:
        self._log = log
        self._triggers = triggers
        self._artifacts = artifacts
        self._past = past
        self._trigger = lru_cache(_KEPT_MAX)(self._look_up)
        self._configs: dict[tuple[object, ...], Mapping[str, Any] | ConfigState] = {}

    def check(self, run: RecordedRun, given: bytes | None) -> Told:
        """Hold an input, None where it is kept no longer, against what the log implies."""
        invocation = run.invocation
        if invocation is None or given is None:
            return Told()
        right = self._past.right(invocation.plugin_id, invocation.as_of)
        return self._derived(run, right, given) if isinstance(right, Right) else Told()

    def _derived(self, run: RecordedRun, right: Right, given: bytes) -> Told:
        assert run.invocation is not None, "it has an input"
        try:
            run.invocation.input.check(given)
            return _DERIVED[run.kind](self, run, right, given, self._config(right))
        except UnknownBlob:
            return Told(cause=NotComparable.TOLD_ERASED)
        except (LogDamaged, NotFound, UnknownTool) as error:
            return _unlike(error.message)
        except (InvalidInput, NotAllowed):
            return Told(cause=NotComparable.ARTIFACT_REFUSED)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return _unlike("The input is no document that a guest is given.")

    def of_attempt(self, run: RecordedRun, _right: Right, given: bytes, config: Mapping[str, Any]) -> Told:
        """Compare the input of an attempt: all of it follows from the log."""
        position, _, hook_id = run.event.delivery_id.partition(":")
        trigger = self._trigger(int(position))
        subject = Subject(run.event.delivery_id, run.event.attempt, hook_id, run.plugin_id or "")
        implied = input_document(subject, trigger.told, config)
        if implied != given and not trigger.is_whole and _without_texts(given) == _without_texts(implied):
            return Told(cause=NotComparable.TOLD_ERASED)
        return _compared(given, implied)

    def of_tool_run(self, run: RecordedRun, right: Right, given: bytes, config: Mapping[str, Any]) -> Told:
        """Compare the input of a tool run: the caller asks, and asks for what the tool takes."""
        value = json.loads(given)["tool"]["input"]
        tool_id = run.tool_id or ""
        tool = manifest_tool(self._artifacts.open(right.release.facts.artifact).manifest, tool_id)
        implied = tool_input(run.event.invocation_id, run.plugin_id or "", tool_id, value, config)
        if tool.risk.needs_approval and not run.event.approved:
            return _unlike(f"Tool {tool_id} runs only with an approval, and had none.")
        if problem := ToolSchema(tool.input_schema).problem(value):
            return _unlike(f"What was asked does not follow the schema of {tool_id}: {problem}.")
        return _compared(given, implied)

    def of_answer(self, run: RecordedRun, _right: Right, given: bytes, config: Mapping[str, Any]) -> Told:
        """Compare the input of a hook that was asked: it alone tells the moment at which that was."""
        event = run.event
        timestamp = json.loads(given)["event"]["timestamp"]
        question = json.loads(self._artifacts.content(event.payload))
        asked = Asked(event.decision_id, event.phase, timestamp, event.actor, question)
        return _compared(given, answer_input(run.hook_id or "", run.plugin_id or "", asked, config))

    def _look_up(self, position: int) -> _Trigger:
        event = self._triggers.at(position)
        kind = kind_of(event)
        if kind is None:
            raise LogDamaged(f"Position {position} is no event that a hook is told of.")
        erased = list[SealedRef]()

        def told(sealed: SealedRef) -> str | None:
            text = kept_text(self._log, sealed)
            erased.extend([sealed] if text is None else [])
            return text

        facts = payload(event, told)
        trigger = Trigger(position, str(kind), event.timestamp, event.actor, event.correlation_id, facts)
        return _Trigger(trigger, not erased)

    def _config(self, right: Right) -> Mapping[str, Any]:
        """Return the configuration that a plugin ran with, as its guest is told it.

        Raises:
            LogDamaged: there was none that it could run with.
        """
        binding, facts = right.binding, right.release.facts
        key = (facts.artifact.sha256, binding.config, binding.grants.secrets)
        if key not in self._configs:
            if len(self._configs) >= _KEPT_MAX:
                self._configs.clear()
            manifest = self._artifacts.open(facts.artifact).manifest
            self._configs[key] = guest_config(binding, right.release, manifest, self._artifacts.content)
        config = self._configs[key]
        if isinstance(config, ConfigState):
            raise LogDamaged(f"The configuration of {right.plugin_id} was {config}: nothing ran with it.")
        return config


_DERIVED: Mapping[RunKind, Callable[..., Told]] = MappingProxyType(
    {
        RunKind.ATTEMPT: Inputs.of_attempt,
        RunKind.TOOL_RUN: Inputs.of_tool_run,
        RunKind.ANSWER: Inputs.of_answer,
    }
)


def _compared(given: bytes, implied: bytes) -> Told:
    if given == implied:
        return Told()
    message = f"input: {len(given):,} bytes are recorded; the log implies {len(implied):,}."
    return Told((Difference(Aspect.INPUT, message, document_diff(given, implied)),))


def _unlike(message: str) -> Told:
    return Told((Difference(Aspect.INPUT, message),))


def _without_texts(document: bytes) -> bytes:
    """Return an input without what people wrote, of which one that was erased is nothing."""
    value = json.loads(document)
    facts = value["event"]["payload"]
    facts.pop("reason", None)
    facts.pop("values", None)
    return json_bytes(value)
