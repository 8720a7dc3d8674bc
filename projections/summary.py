"""Events in words: what each is about, and what happened, in one short line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from palyra_events.capabilities import CAPABILITY_CLASSES
from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryHastened,
    DeliveryRequeued,
    DeliveryScheduled,
    DeliverySkipped,
    DeliveryState,
)
from palyra_events.effect import Effects
from palyra_events.errors import UnknownEventType
from palyra_events.event import Event
from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_events.hook import HookBound, HookDisabled, HookEnabled, HookRebound, HookUnbound
from palyra_events.key import KeyRotated
from palyra_events.message import MessageDiscarded, MessageFailed, MessageRequeued, MessageSent
from palyra_events.plugin import (
    PluginBound,
    PluginDisabled,
    PluginEnabled,
    PluginRebound,
    PluginShowedSurface,
    PluginUnbound,
)
from palyra_events.publisher import PublisherKeyRotated, PublisherPinned, PublisherRevoked, PublisherTrusted
from palyra_events.skill import (
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
)
from palyra_events.subject import SubjectErased
from palyra_events.submission import FormSubmitted
from palyra_events.surface import SurfaceClosed
from palyra_events.token import LoginUsed, TokenIssued, TokenRevoked
from palyra_events.tool_run import PluginInvoked


class Subject(NamedTuple):
    """What an event is about: a skill, plugin, hook, delivery, message, tool run, publisher and so on."""

    kind: str
    id: str


class Summary(NamedTuple):
    """What an event is about, and what happened to it."""

    subject: Subject
    text: str


def summarize(event: Event, kind: type[Event] | None = None) -> Summary:
    """Return an event in words; of one that was decoded for views, ``kind`` tells its type.

    Raises:
        UnknownEventType: there are none for such events.
    """
    type_ = kind or type(event)
    words = _WORDS.get(type_)
    if words is None:
        raise UnknownEventType(f"There are no words for a {type_.__name__}.")
    subject, key, tell = words
    return Summary(Subject(subject, getattr(event, key)), tell(event))


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


def _decided(event: DecisionTaken) -> str:
    asked = f"{_counted(len(event.candidates), 'hook')} asked"
    whose = f" by hook {event.hook_id}" if event.candidates else ""
    return f"{event.phase.event_kind}: {event.kind}{whose}, {asked}"


def _effects(effects: Effects) -> str:
    counts = [
        _counted(len(values), noun)
        for values, noun in ((effects.storage, "write"), (effects.messages, "message"))
        if values
    ]
    if (shown := effects.surface) is not None:
        counts.append(f"a {shown.form} for surface {shown.surface or '(none named)'}")
    return f", with {_joined(counts)}" if counts else ""


def _joined(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _failed(event: AttemptFailed) -> str:
    then = "" if event.retry_at is None else f"; {_next(event.retry_at)}"
    return f"attempt {event.attempt} failed: {event.outcome}{then}"


def _cancelled(event: DeliveryCancelled) -> str:
    return "discarded" if event.was is DeliveryState.DEAD else "cancelled"


def _unsent(event: MessageFailed) -> str:
    then = "given up" if event.retry_at is None else _next(event.retry_at)
    return f"try {event.attempt} to {event.channel} failed: {event.outcome}; {then}"


def _next(moment: datetime) -> str:
    return f"next at {moment:%Y-%m-%d %H:%M:%S} UTC"


def _binding(event: PluginBound | PluginRebound) -> str:
    binding = event.binding
    granted = sum(len(getattr(binding.grants, name)) for name in CAPABILITY_CLASSES)
    return f"{binding.skill_id}, {binding.module_path}, with {_counted(granted, 'grant')}"


def _target(event: HookBound | HookRebound) -> str:
    return f"{event.target.event_kind} to plugin {event.target.plugin_id}"


def _trusted(event: PublisherTrusted) -> str:
    return f"key {event.key_id} trusted for {_listed(event.skills) if event.skills else 'any skill'}"


def _rotated(event: PublisherKeyRotated) -> str:
    word = ", endorsed by the old key" if event.is_endorsed else ""
    return f"key {event.replaced_key_id} replaced by {event.key_id}{word}"


def _issued(event: TokenIssued) -> str:
    until = f" until {event.expires_at:%Y-%m-%d %H:%M} UTC" if event.expires_at else ""
    return f"{event.kind} issued to {event.holder} as {event.role}{until}"


def _signs(event: KeyRotated) -> str:
    word = "revoked" if event.is_revoked else "replaced"
    return f"signs the ledger; the key {event.replaced_key[:16]} is {word}"


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
_PUBLISHER = ("publisher", "publisher")
_KEY = ("key", "public_key")
_TOKEN = ("token", "token_id")
_SURFACE = ("surface", "surface")

#: the kind of an event's subject, the field that holds its id, and the words
_WORDS: Mapping[type[Event], tuple[str, str, Callable[[Any], str]]] = MappingProxyType(
    {
        SkillInstalled: (*_SKILL, lambda e: f"{e.version} of {e.release.publisher} installed"),
        SkillAudited: (*_SKILL, _audited),
        SkillEnabled: (*_SKILL, lambda e: f"{e.version} enabled" + (" by override" if e.override else "")),
        SkillQuarantined: (*_SKILL, _quarantined),
        SkillDisabled: (*_SKILL, lambda e: f"{e.version} disabled ({e.cause})"),
        SkillRemoved: (*_SKILL, lambda e: f"{e.version} removed" + (" and erased" if e.erased else "")),
        PluginBound: (*_PLUGIN, lambda e: f"bound to {_binding(e)}"),
        PluginRebound: (*_PLUGIN, lambda e: f"bound anew to {_binding(e)}"),
        PluginEnabled: (*_PLUGIN, lambda _: "enabled"),
        PluginDisabled: (*_PLUGIN, lambda _: "disabled"),
        PluginUnbound: (*_PLUGIN, lambda _: "unbound"),
        PluginShowedSurface: (*_PLUGIN, lambda e: f"shows its first surface, {e.surface}"),
        HookBound: (*_HOOK, lambda e: f"bound: {_target(e)}"),
        HookRebound: (*_HOOK, lambda e: f"bound anew: {_target(e)}"),
        HookEnabled: (*_HOOK, lambda _: "enabled"),
        HookDisabled: (*_HOOK, lambda _: "disabled"),
        HookUnbound: (*_HOOK, lambda _: "unbound"),
        GatewayStarted: (*_GATEWAY, lambda e: f"started, version {e.version}"),
        GatewayStopped: (*_GATEWAY, lambda e: f"stopped ({e.cause})"),
        DeliveryScheduled: (*_DELIVERY, lambda e: f"scheduled: {e.event_kind} to plugin {e.plugin_id}"),
        AttemptSucceeded: (*_DELIVERY, _succeeded),
        AttemptFailed: (*_DELIVERY, _failed),
        DeliveryDeadLettered: (
            *_DELIVERY,
            lambda e: f"given up after {_counted(e.attempts, 'attempt')}: {e.outcome}",
        ),
        DeliverySkipped: (*_DELIVERY, lambda e: f"skipped: {e.cause} as of {e.as_of}"),
        DeliveryCancelled: (*_DELIVERY, _cancelled),
        DeliveryRequeued: (*_DELIVERY, lambda e: f"requeued: round {e.round}"),
        DeliveryHastened: (*_DELIVERY, lambda _: "to be retried at once"),
        MessageSent: (*_MESSAGE, lambda e: f"sent to {e.channel} at try {e.attempt}"),
        MessageFailed: (*_MESSAGE, _unsent),
        MessageRequeued: (*_MESSAGE, lambda _: "to be retried at once"),
        MessageDiscarded: (*_MESSAGE, lambda _: "discarded"),
        DecisionTaken: ("decision", "decision_id", _decided),
        PluginInvoked: ("invocation", "invocation_id", _invoked),
        PublisherTrusted: (*_PUBLISHER, _trusted),
        PublisherPinned: (*_PUBLISHER, lambda e: f"key {e.key_id} pinned"),
        PublisherKeyRotated: (*_PUBLISHER, _rotated),
        PublisherRevoked: (*_PUBLISHER, lambda e: f"key {e.key_id} revoked"),
        KeyRotated: (*_KEY, _signs),
        TokenIssued: (*_TOKEN, _issued),
        LoginUsed: (*_TOKEN, lambda e: f"login used for session {e.session_id}"),
        TokenRevoked: (*_TOKEN, lambda _: "revoked"),
        FormSubmitted: (*_SURFACE, lambda e: f"form {e.component_id} of version {e.version} submitted"),
        SurfaceClosed: (*_SURFACE, lambda _: "closed"),
        SubjectErased: ("subject", "subject", lambda e: f"erased: {_counted(e.blobs, 'blob')} dropped"),
    }
)
