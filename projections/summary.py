"""Events in words: what each is about, and what happened, in one short line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryDeadLettered,
    DeliveryScheduled,
    DeliverySkipped,
)
from palyra_events.effect import Effects
from palyra_events.errors import UnknownEventType
from palyra_events.event import Event
from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_events.hook import HookBound, HookDisabled, HookEnabled, HookRebound
from palyra_events.message import MessageFailed, MessageSent
from palyra_events.plugin import PluginBound, PluginRebound
from palyra_events.publisher import PublisherPinned
from palyra_events.skill import (
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
)
from palyra_events.tool_run import PluginInvoked


class Subject(NamedTuple):
    """What an event is about: a skill, plugin, hook, delivery, message, tool run, gateway or publisher."""

    kind: str
    id: str


class Summary(NamedTuple):
    """What an event is about, and what happened to it."""

    subject: Subject
    text: str


def summarize(event: Event) -> Summary:
    """Return an event in words.

    Raises:
        UnknownEventType: there are none for such events.
    """
    words = _WORDS.get(type(event))
    if words is None:
        raise UnknownEventType(f"There are no words for a {type(event).__name__}.")
    kind, key, tell = words
    return Summary(Subject(kind, getattr(event, key)), tell(event))


def _audited(event: SkillAudited) -> str:
    if event.passed:
        return f"{event.version} passed its audit"
    return f"{event.version} failed its audit: {_listed(event.failures)}"


def _quarantined(event: SkillQuarantined) -> str:
    return f"{event.version} quarantined" + (f": {_listed(event.reasons)}" if event.reasons else "")


def _succeeded(event: AttemptSucceeded) -> str:
    return f"attempt {event.attempt} succeeded{_effects(event.effects)}"


def _invoked(event: PluginInvoked) -> str:
    approval = ", approved" if event.approved else ""
    run = f"{event.tool_id} of plugin {event.invocation.plugin_id}"
    return f"{run} run: {event.outcome}{approval}{_effects(event.effects)}"


def _effects(effects: Effects) -> str:
    counts = [
        _counted(len(values), noun)
        for values, noun in ((effects.storage, "write"), (effects.messages, "message"))
        if values
    ]
    return f", with {' and '.join(counts)}" if counts else ""


def _failed(event: AttemptFailed) -> str:
    then = "" if event.retry_at is None else f"; {_next(event.retry_at)}"
    return f"attempt {event.attempt} failed: {event.outcome}{then}"


def _unsent(event: MessageFailed) -> str:
    then = "given up" if event.retry_at is None else _next(event.retry_at)
    return f"try {event.attempt} to {event.channel} failed: {event.outcome}; {then}"


def _next(moment: datetime) -> str:
    return f"next at {moment:%Y-%m-%d %H:%M:%S} UTC"


def _binding(event: PluginBound | PluginRebound) -> str:
    binding = event.binding
    granted = sum(len(values) for values in binding.grants.model_dump().values())
    return f"{binding.skill_id}, {binding.module_path}, with {_counted(granted, 'grant')}"


def _target(event: HookBound | HookRebound) -> str:
    return f"{event.target.event_kind} to plugin {event.target.plugin_id}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _listed(texts: tuple[str, ...]) -> str:
    more = f" and {len(texts) - 1} more" if len(texts) > 1 else ""
    return f"{texts[0]}{more}" if texts else "no reason given"


_SKILL = ("skill", "skill_id")
_PLUGIN = ("plugin", "plugin_id")
_HOOK = ("hook", "hook_id")
_DELIVERY = ("delivery", "delivery_id")
_GATEWAY = ("gateway", "gateway_id")
_MESSAGE = ("message", "message_id")

#: the kind of an event's subject, the field that holds its id, and the words
_WORDS: Mapping[type[Event], tuple[str, str, Callable[[Any], str]]] = MappingProxyType(
    {
        SkillInstalled: (*_SKILL, lambda e: f"{e.version} of {e.release.publisher} installed"),
        SkillAudited: (*_SKILL, _audited),
        SkillEnabled: (*_SKILL, lambda e: f"{e.version} enabled" + (" by override" if e.override else "")),
        SkillQuarantined: (*_SKILL, _quarantined),
        SkillDisabled: (*_SKILL, lambda e: f"{e.version} disabled ({e.cause})"),
        PluginBound: (*_PLUGIN, lambda e: f"bound to {_binding(e)}"),
        PluginRebound: (*_PLUGIN, lambda e: f"bound anew to {_binding(e)}"),
        HookBound: (*_HOOK, lambda e: f"bound: {_target(e)}"),
        HookRebound: (*_HOOK, lambda e: f"bound anew: {_target(e)}"),
        HookEnabled: (*_HOOK, lambda _: "enabled"),
        HookDisabled: (*_HOOK, lambda _: "disabled"),
        GatewayStarted: (*_GATEWAY, lambda e: f"started, version {e.version}"),
        GatewayStopped: (*_GATEWAY, lambda e: f"stopped ({e.cause})"),
        DeliveryScheduled: (*_DELIVERY, lambda e: f"scheduled: {e.event_kind} to plugin {e.plugin_id}"),
        AttemptSucceeded: (*_DELIVERY, _succeeded),
        AttemptFailed: (*_DELIVERY, _failed),
        DeliveryDeadLettered: (
            *_DELIVERY,
            lambda e: f"given up after {_counted(e.attempts, 'attempt')}: {e.outcome}",
        ),
        DeliverySkipped: (*_DELIVERY, lambda e: f"skipped: {e.cause}"),
        MessageSent: (*_MESSAGE, lambda e: f"sent to {e.channel} at try {e.attempt}"),
        MessageFailed: (*_MESSAGE, _unsent),
        PluginInvoked: ("invocation", "invocation_id", _invoked),
        PublisherPinned: ("publisher", "publisher", lambda e: f"key {e.key_id} pinned"),
    }
)
