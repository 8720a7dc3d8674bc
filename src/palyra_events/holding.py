"""Which bytes beside the log an event names, what they are, and which of them are needed.

Retention and erasure go by this table: what is not in it would be kept for ever. A test holds it
against all event types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from palyra_events.blob import BlobRef, SealedRef
from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.effect import Effects, message_id
from palyra_events.event import Event
from palyra_events.invocation import Invocation
from palyra_events.message import MessageDiscarded, MessageSent
from palyra_events.plugin import PluginBound, PluginRebound
from palyra_events.skill import SkillAudited, SkillEnabled, SkillInstalled
from palyra_events.submission import FormSubmitted
from palyra_events.tool_run import PluginInvoked


class BlobKind(StrEnum):
    """What bytes beside the log are."""

    REASON = "reason"
    #: what somebody filled in
    FORM = "form"
    #: what a guest was told, and what it wrote, logged and asked of the host
    INPUT = "input"
    OUTPUT = "output"
    LOGS = "logs"
    TRANSCRIPT = "transcript"
    #: what the hooks of a phase were asked about
    PAYLOAD = "payload"
    #: a value that a plugin keeps, or kept
    STORED = "stored"
    MESSAGE = "message"
    SURFACE = "surface"
    CONFIG = "config"
    ARTIFACT = "artifact"
    #: what an audit found
    REPORT = "report"


class Holding(NamedTuple):
    """Bytes that an event names, by their digest."""

    kind: BlobKind
    digest: bytes


def holdings(event: Any, kind: type[Event] | None = None) -> Iterator[Holding]:
    """Yield all bytes beside the log that an event names.

    Of one that was decoded for views, here as below, ``kind`` tells its type.
    """
    if event.reason is not None:
        yield _holding(BlobKind.REASON, event.reason)
    for find in _OF_EVENT.get(kind or type(event), ()):
        yield from find(event)


def told_of(event: Any, kind: type[Event] | None = None) -> int | None:
    """Return the position of the event that a run was told of, None where the event is no such run."""
    if (kind or type(event)) in {AttemptSucceeded, AttemptFailed}:
        return int(event.delivery_id.partition(":")[0])
    return None


class InUse:
    """Follows, event by event, the stored values that stand and the messages that are not settled."""

    def __init__(self) -> None:
        self._stored: dict[tuple[str, str], bytes] = {}
        self._unsent: dict[str, bytes] = {}

    def take(self, position: int, event: Any, kind: type[Event] | None = None) -> None:
        """Take in the event at a position."""
        type_ = kind or type(event)
        if type_ in {AttemptSucceeded, PluginInvoked}:
            self._take_effects(position, event.invocation.plugin_id, event.effects)
        elif type_ in {MessageSent, MessageDiscarded}:
            self._unsent.pop(event.message_id, None)

    def digests(self) -> frozenset[bytes]:
        """Return the digests of all of them."""
        return frozenset([*self._stored.values(), *self._unsent.values()])

    def _take_effects(self, position: int, plugin_id: str, effects: Effects) -> None:
        for write in effects.storage:
            if write.value is None:
                self._stored.pop((plugin_id, write.path), None)
            else:
                self._stored[plugin_id, write.path] = write.value.digest
        for index, sent in enumerate(effects.messages):
            self._unsent[message_id(position, index)] = sent.message.digest


def _holding(kind: BlobKind, reference: BlobRef | SealedRef) -> Holding:
    return Holding(kind, reference.digest)


def _run(invocation: Invocation | None) -> Iterator[Holding]:
    if invocation is None:
        return
    named = (
        (BlobKind.INPUT, invocation.input),
        (BlobKind.OUTPUT, invocation.output),
        (BlobKind.LOGS, invocation.logs),
        (BlobKind.TRANSCRIPT, invocation.transcript),
    )
    yield from (_holding(kind, reference) for kind, reference in named if reference is not None)


def _run_of(event: Any) -> Iterator[Holding]:
    return _run(event.invocation)


def _effects_of(event: Any) -> Iterator[Holding]:
    effects: Effects = event.effects
    yield from (_holding(BlobKind.STORED, write.value) for write in effects.storage if write.value)
    yield from (_holding(BlobKind.MESSAGE, each.message) for each in effects.messages)
    if effects.surface is not None:
        yield _holding(BlobKind.SURFACE, effects.surface.content)


def _decision(event: DecisionTaken) -> Iterator[Holding]:
    yield _holding(BlobKind.PAYLOAD, event.payload)
    for candidate in event.candidates:
        yield from _run(candidate.invocation)


def _config(event: PluginBound | PluginRebound) -> Iterator[Holding]:
    if event.binding.config is not None:
        yield _holding(BlobKind.CONFIG, event.binding.config.values)


def _release(event: SkillInstalled) -> Iterator[Holding]:
    yield _holding(BlobKind.ARTIFACT, event.release.artifact)


def _artifact(event: SkillEnabled) -> Iterator[Holding]:
    yield _holding(BlobKind.ARTIFACT, event.artifact)


def _report(event: SkillAudited) -> Iterator[Holding]:
    yield _holding(BlobKind.REPORT, event.report)


def _form(event: FormSubmitted) -> Iterator[Holding]:
    yield _holding(BlobKind.FORM, event.values)


_OF_EVENT: Mapping[type[Event], tuple[Callable[[Any], Iterator[Holding]], ...]] = MappingProxyType(
    {
        AttemptSucceeded: (_run_of, _effects_of),
        AttemptFailed: (_run_of,),
        PluginInvoked: (_run_of, _effects_of),
        DecisionTaken: (_decision,),
        FormSubmitted: (_form,),
        PluginBound: (_config,),
        PluginRebound: (_config,),
        SkillInstalled: (_release,),
        SkillEnabled: (_artifact,),
        SkillAudited: (_report,),
    }
)
