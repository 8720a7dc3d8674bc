"""The closed list of event types, and the bytes that the log keeps of each.

A row names its type as ``name@version``. The name is looked up in this list and nowhere else: a
tampered row can never make the program import code. Old versions are brought up one step at a
time, on the way out; what is in the log is never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import pydantic_core

from palyra_events import (
    decision_taken,
    delivery,
    gateway,
    hook,
    key,
    message,
    plugin,
    publisher,
    skill,
    subject,
    submission,
    surface,
    token,
    tool_run,
)
from palyra_events.errors import EventTooLarge, LogDamaged, UnknownEventType
from palyra_events.event import Event

#: bytes; bigger things are blobs
EVENT_SIZE_MAX = 64 * 1024

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


class RegistryError(RuntimeError):
    """The program and its list of event types contradict each other: a mistake in the program."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a topic stands for: an event type in one of its versions, 1 to ``current``."""

    event: type[Event]
    version: int
    current: int


class Registry:
    """Event types by name, each with its current version and the steps that lead up to it.

    A topic is looked up as a whole and never taken apart, so each version of a type has one
    spelling: ``SkillEnabled@01`` is no event.
    """

    def __init__(
        self,
        events: Iterable[tuple[type[Event], int]],
        upcasters: Mapping[tuple[str, int], Upcaster] = MappingProxyType({}),
    ) -> None:
        """Check the list: names are unique, and each old version has exactly one way up.

        Raises:
            RegistryError: a name stands twice, a version is below 1, a step is missing or leads nowhere.
        """
        self._known: dict[str, Known] = {}
        self._topics: dict[type[Event], str] = {}
        self._upcasters = dict(upcasters)
        for event, version in events:
            self._add(event, version)
        self._check_upcasters()

    def _add(self, event: type[Event], current: int) -> None:
        name = event.__name__
        if current < 1:
            raise RegistryError(f"{name} has the version {current}; the first one is 1")
        if f"{name}@1" in self._known:
            raise RegistryError(f"{name} is registered twice")
        for version in range(1, current + 1):
            self._known[f"{name}@{version}"] = Known(event, version, current)
        self._topics[event] = f"{name}@{current}"

    def _check_upcasters(self) -> None:
        wanted = {(k.event.__name__, k.version) for k in self._known.values() if k.version < k.current}
        if gaps := wanted - self._upcasters.keys():
            raise RegistryError(f"upcasters are missing: {sorted(gaps)}")
        if strays := self._upcasters.keys() - wanted:
            raise RegistryError(f"upcasters of no event: {sorted(strays)}")

    @property
    def topics(self) -> Mapping[type[Event], str]:
        """The topic that each event type is written under."""
        return MappingProxyType(self._topics)

    @property
    def types(self) -> Mapping[str, type[Event]]:
        """The event type that each topic names, in all versions."""
        return {topic: known.event for topic, known in self._known.items()}

    def encode(self, event: Event) -> tuple[str, bytes]:
        """Return the topic and the bytes of ``event``: compact JSON without absent fields.

        Raises:
            EventTooLarge: it has more than `EVENT_SIZE_MAX` bytes.
            RegistryError: its type is not in the list.
        """
        topic = self._topics.get(type(event))
        if topic is None:
            raise RegistryError(f"{type(event).__name__} is not registered")
        state = event.__pydantic_serializer__.to_json(event, exclude_none=True)
        if len(state) > EVENT_SIZE_MAX:
            name = type(event).__name__
            raise EventTooLarge(f"{name} would have {len(state):,} bytes; {EVENT_SIZE_MAX:,} are allowed.")
        return topic, state

    def decode(self, topic: str, state: bytes) -> Event:
        """Return the event that is kept as ``state``, in its type's current version.

        The bytes are read strictly: what this program would not have written (``"passed": "yes"``)
        was not written by it.

        Raises:
            UnknownEventType: the topic is not in the list, or newer than this program.
            LogDamaged: the bytes are not such an event.
        """
        topic, state = self.upcast(topic, state)
        try:
            return self._known[topic].event.model_validate_json(state, strict=True)
        except (ValueError, TypeError, AttributeError) as error:
            raise LogDamaged(f"The bytes of an event are not a valid {topic}.", topic=topic) from error

    def upcast(self, topic: str, state: bytes) -> tuple[str, bytes]:
        """Return the topic and the bytes of an event in its type's current version.

        Raises:
            UnknownEventType: the topic is not in the list, or newer than this program.
            LogDamaged: the bytes are not such an event.
        """
        known = self._known.get(topic)
        if known is None:
            raise UnknownEventType(f"The log holds an event of the unknown type {topic[:80]!r}.")
        if known.version == known.current:
            return topic, state
        try:
            return self._topics[known.event], self._upcast(known, state)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise LogDamaged(f"The bytes of an event are not a valid {topic}.", topic=topic) from error

    def _upcast(self, known: Known, state: bytes) -> bytes:
        facts: dict[str, Any] = pydantic_core.from_json(state)
        for step in range(known.version, known.current):
            facts = self._upcasters[known.event.__name__, step](facts)
        return pydantic_core.to_json(facts)


#: every event that can be in a log of this version of Palyra
REGISTRY = Registry(
    [
        (skill.SkillInstalled, 1),
        (skill.SkillAudited, 1),
        (skill.SkillEnabled, 1),
        (skill.SkillQuarantined, 1),
        (skill.SkillDisabled, 1),
        (skill.SkillRemoved, 1),
        (plugin.PluginBound, 1),
        (plugin.PluginRebound, 1),
        (plugin.PluginEnabled, 1),
        (plugin.PluginDisabled, 1),
        (plugin.PluginUnbound, 1),
        (hook.HookBound, 1),
        (hook.HookRebound, 1),
        (hook.HookEnabled, 1),
        (hook.HookDisabled, 1),
        (hook.HookUnbound, 1),
        (gateway.GatewayStarted, 1),
        (gateway.GatewayStopped, 1),
        (delivery.DeliveryScheduled, 1),
        (delivery.AttemptSucceeded, 1),
        (delivery.AttemptFailed, 1),
        (delivery.DeliveryDeadLettered, 1),
        (delivery.DeliverySkipped, 1),
        (delivery.DeliveryCancelled, 1),
        (delivery.DeliveryRequeued, 1),
        (delivery.DeliveryHastened, 1),
        (message.MessageSent, 1),
        (message.MessageFailed, 1),
        (message.MessageRequeued, 1),
        (message.MessageDiscarded, 1),
        (publisher.PublisherTrusted, 1),
        (publisher.PublisherPinned, 1),
        (publisher.PublisherKeyRotated, 1),
        (publisher.PublisherRevoked, 1),
        (key.KeyRotated, 1),
        (tool_run.PluginInvoked, 1),
        (decision_taken.DecisionTaken, 1),
        (subject.SubjectErased, 1),
        (plugin.PluginShowedSurface, 1),
        (submission.FormSubmitted, 1),
        (surface.SurfaceClosed, 1),
        (token.TokenIssued, 1),
        (token.LoginUsed, 1),
        (token.TokenRevoked, 1),
    ]
)
