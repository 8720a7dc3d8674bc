"""The runs that the log holds: attempts of deliveries, tool runs, and answers of hooks at phases of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.effect import Effects
from palyra_events.errors import LogDamaged
from palyra_events.event import Event
from palyra_events.hook import OnFailure
from palyra_events.invocation import Invocation
from palyra_events.run_phase import RunPhase
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.replay.past import Past

_NO_EFFECTS = Effects()

#: of a position
_DIGITS_MAX = 19


class RunKind(StrEnum):
    """On what occasion a plugin ran."""

    ATTEMPT = "attempt"
    TOOL_RUN = "tool_run"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One run, as the event at ``position`` tells it.

    ``invocation`` is None where nothing is known of the run. ``said`` is what came of it: the outcome of
    an attempt or a tool run, or what a hook decided. ``hook_id`` is None for tool runs, ``delivery_id``
    for all but attempts, ``tool_id`` for all but tool runs, and ``phase`` for all but answers.
    ``event`` is the event itself, with the fields of its type. ``is_given_up`` says whether nobody tried
    again where that was for the guest to say, and is else None.
    """

    position: int
    kind: RunKind
    subject: str
    plugin_id: str | None
    invocation: Invocation | None
    said: str
    effects: Effects = _NO_EFFECTS
    hook_id: str | None = None
    delivery_id: str | None = None
    tool_id: str | None = None
    is_given_up: bool | None = None
    event: Any = None
    phase: RunPhase | None = None
    on_failure: OnFailure = OnFailure.BLOCK


@dataclass(frozen=True, slots=True)
class Selection:
    """Which runs and deliveries are meant: those of a hook, or of a plugin; None for those of all."""

    hook_id: str | None = None
    plugin_id: str | None = None

    def has(self, hook_id: str | None, plugin_id: str | None) -> bool:
        """Return whether what this hook and this plugin did is meant."""
        return self.hook_id in {None, hook_id} and self.plugin_id in {None, plugin_id}


def recorded_runs(position: int, kind: type[Event], event: Any, past: Past) -> Iterator[RecordedRun]:
    """Yield the runs that an event records; ``past`` has come to its position.

    ``event`` has the fields of its kind; a view's decoder makes such ones faster than their models do.
    """
    if read := RECORDING.get(kind):
        yield from read(position, event, past)


def said_by_hook(decision: str | None, outcome: str) -> str:
    """Return what came of a hook's run: what it decided, or what its silence stands for."""
    return f"{decision or 'abstained'} ({outcome})"


def begun_at(event: Any, duration_us: int) -> datetime:
    """Return when that began which took so many microseconds, and was over when its event was recorded.

    Raises:
        LogDamaged: nothing did: the log has no such times.
    """
    try:
        begun: datetime = event.timestamp.astimezone(UTC) - timedelta(microseconds=duration_us)
    except OverflowError as error:
        raise LogDamaged("An event tells of a time before all times.") from error
    if event.timestamp.tzinfo is None:
        raise LogDamaged("An event tells no time zone.")
    return begun


def attempt_subject(delivery_id: str, attempt: int) -> str:
    """Return what an attempt is called in a report."""
    return f"delivery {delivery_id}, attempt {attempt}"


def plugin_of_delivery(delivery_id: str, past: Past) -> str | None:
    """Return the plugin that a delivery was meant for, None where there was none."""
    position, _, hook_id = delivery_id.partition(":")
    is_one = position.isdecimal() and len(position) <= _DIGITS_MAX
    return past.plugin_of_hook(hook_id, int(position)) if is_one else None


def _succeeded(position: int, event: AttemptSucceeded, _past: Past) -> Iterator[RecordedRun]:
    yield RecordedRun(
        position,
        RunKind.ATTEMPT,
        attempt_subject(event.delivery_id, event.attempt),
        event.invocation.plugin_id,
        event.invocation,
        "ok",
        effects=event.effects,
        hook_id=_hook_of(event.delivery_id),
        delivery_id=event.delivery_id,
        event=event,
    )


def _failed(position: int, event: AttemptFailed, past: Past) -> Iterator[RecordedRun]:
    run, hook_id = event.invocation, _hook_of(event.delivery_id)
    yield RecordedRun(
        position,
        RunKind.ATTEMPT,
        attempt_subject(event.delivery_id, event.attempt),
        plugin_of_delivery(event.delivery_id, past) if run is None else run.plugin_id,
        run,
        event.outcome,
        hook_id=hook_id,
        delivery_id=event.delivery_id,
        event=event,
    )


def _invoked(position: int, event: PluginInvoked, _past: Past) -> Iterator[RecordedRun]:
    yield RecordedRun(
        position,
        RunKind.TOOL_RUN,
        f"tool run {event.invocation_id} of {event.tool_id}",
        event.invocation.plugin_id,
        event.invocation,
        event.outcome,
        effects=event.effects,
        tool_id=event.tool_id,
        event=event,
    )


def _decided(position: int, event: DecisionTaken, past: Past) -> Iterator[RecordedRun]:
    for each in event.candidates:
        if each.invocation is not None:
            target = past.hook(each.hook_id, event.as_of).target
            yield RecordedRun(
                position,
                RunKind.ANSWER,
                f"decision {event.decision_id}, hook {each.hook_id}",
                each.plugin_id,
                each.invocation,
                said_by_hook(each.kind, each.outcome),
                hook_id=each.hook_id,
                phase=event.phase,
                event=event,
                on_failure=OnFailure.BLOCK if target is None else target.on_failure,
            )


def _hook_of(delivery_id: str) -> str:
    return delivery_id.partition(":")[2]


#: the events that record runs, and how each is read
RECORDING: Mapping[type[Event], Callable[[int, Any, Past], Iterator[RecordedRun]]] = MappingProxyType(
    {
        AttemptSucceeded: _succeeded,
        AttemptFailed: _failed,
        PluginInvoked: _invoked,
        DecisionTaken: _decided,
    }
)
