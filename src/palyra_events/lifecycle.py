"""Lifecycle events: the domain events that hooks can react to.

Only these fire hooks, and only the code that owns the stream can append them, so nobody forges a
trigger with a look-alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from palyra_events.errors import InvalidInput
from palyra_events.event import Event
from palyra_events.gateway import GatewayStarted
from palyra_events.skill import SkillDisabled, SkillEnabled, SkillQuarantined


class UnknownHookEvent(InvalidInput):
    """There is no lifecycle event of this name."""

    code = "UNKNOWN_HOOK_EVENT"
    advice = (
        "Choose one of: gateway:startup, skill:enabled, skill:quarantined, skill:disabled; or a phase of a "
        "run: run:before_run, run:before_tool, run:after_tool, run:before_delivery, run:after_run."
    )


class HookEventKind(StrEnum):
    """What a hook can be bound to.

    The five phases of a run are asked and answered at once (decisions), never queued.
    """

    GatewayStartup = "gateway:startup"
    SkillEnabled = "skill:enabled"
    SkillQuarantined = "skill:quarantined"
    SkillDisabled = "skill:disabled"
    RunBeforeRun = "run:before_run"
    RunBeforeTool = "run:before_tool"
    RunAfterTool = "run:after_tool"
    RunBeforeDelivery = "run:before_delivery"
    RunAfterRun = "run:after_run"

    @property
    def is_queued(self) -> bool:
        """True where an event of this kind becomes deliveries."""
        return not self.value.startswith("run:")


#: which domain event is which lifecycle event
KINDS: Mapping[type[Event], HookEventKind] = MappingProxyType(
    {
        GatewayStarted: HookEventKind.GatewayStartup,
        SkillEnabled: HookEventKind.SkillEnabled,
        SkillQuarantined: HookEventKind.SkillQuarantined,
        SkillDisabled: HookEventKind.SkillDisabled,
    }
)

_KIND_BY_NAME = {kind.value: kind for kind in HookEventKind}

#: what `payload` leaves out: the guest's input names time and actor in their own places
_ENVELOPE = frozenset(Event.model_fields)


def kind_of(event: Event) -> HookEventKind | None:
    """Return the kind that hooks know ``event`` by, or None where none can react to it."""
    return KINDS.get(type(event))


def normalize_kind(text: str) -> HookEventKind:
    """Return the kind that ``text`` names; a phase of a run may be named without its ``run:``.

    Raises:
        UnknownHookEvent: there is no such kind.
    """
    name = text.strip().lower()
    kind = _KIND_BY_NAME.get(name) or _KIND_BY_NAME.get(f"run:{name}")
    if kind is None or not text.strip().isascii():
        raise UnknownHookEvent(f"{text[:80]!r} is not a lifecycle event.", event=text[:80])
    return kind


def payload(event: Event, reason: str | None) -> dict[str, Any]:
    """Return what a plugin is told about ``event``: its facts, and why somebody caused it.

    ``reason`` is the text behind the event's sealed reason, where there is one and it is kept.
    """
    facts = event.model_dump(mode="json", exclude=set(_ENVELOPE))
    return facts if reason is None else {**facts, "reason": reason}
