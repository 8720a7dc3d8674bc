"""Lifecycle events: the domain events that hooks can react to.

Only these fire hooks, and only the code that owns the stream can append them, so nobody forges a
trigger with a look-alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from palyra_events.blob import SealedRef
from palyra_events.errors import InvalidInput
from palyra_events.event import Event
from palyra_events.gateway import GatewayStarted
from palyra_events.skill import SkillDisabled, SkillEnabled, SkillQuarantined
from palyra_events.submission import FormSubmitted


class UnknownHookEvent(InvalidInput):
    """There is no lifecycle event of this name."""

    code = "UNKNOWN_HOOK_EVENT"
    advice = (
        "Choose one of: gateway:startup, skill:enabled, skill:quarantined, skill:disabled; or a phase of a "
        "run: run:before_run, run:before_tool, run:after_tool, run:before_delivery, run:after_run."
    )


class HookEventKind(StrEnum):
    """What plugins react to.

    The five phases of a run are asked and answered at once (decisions), never queued. Forms are for the
    plugin whose surface they are on, and no other hook can be bound to them.
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
    FormSubmitted = "form:submitted"

    @property
    def is_queued(self) -> bool:
        """True where an event of this kind becomes deliveries."""
        return not self.value.startswith("run:")

    @property
    def is_bindable(self) -> bool:
        """True where people choose the hooks of such events."""
        return self is not HookEventKind.FormSubmitted


#: which domain event is which lifecycle event
KINDS: Mapping[type[Event], HookEventKind] = MappingProxyType(
    {
        GatewayStarted: HookEventKind.GatewayStartup,
        SkillEnabled: HookEventKind.SkillEnabled,
        SkillQuarantined: HookEventKind.SkillQuarantined,
        SkillDisabled: HookEventKind.SkillDisabled,
        FormSubmitted: HookEventKind.FormSubmitted,
    }
)

_KIND_BY_NAME = {kind.value: kind for kind in HookEventKind if kind.is_bindable}

#: what `payload` leaves out: the guest's input names time and actor in their own places
_ENVELOPE = frozenset(Event.model_fields)


def kind_of(event: Event) -> HookEventKind | None:
    """Return the kind that hooks know ``event`` by, or None where none can react to it."""
    return KINDS.get(type(event))


def normalize_kind(text: str) -> HookEventKind:
    """Return the kind of hooks that ``text`` names; a phase of a run may be named without its ``run:``.

    Raises:
        UnknownHookEvent: there is no such kind.
    """
    name = text.strip().lower()
    kind = _KIND_BY_NAME.get(name) or _KIND_BY_NAME.get(f"run:{name}")
    if kind is None or not text.strip().isascii():
        raise UnknownHookEvent(f"{text[:80]!r} is not a lifecycle event.", event=text[:80])
    return kind


def normalize_delivered_kind(text: str) -> HookEventKind:
    """Return the kind of event that ``text`` names, also one that only a surface's own plugin is told of.

    Raises:
        UnknownHookEvent: there is no such kind.
    """
    is_form = text.strip().lower() == HookEventKind.FormSubmitted.value
    return HookEventKind.FormSubmitted if is_form else normalize_kind(text)


def payload(event: Event, told: Callable[[SealedRef], str | None]) -> dict[str, Any]:
    """Return what a plugin is told about ``event``: its facts, and why somebody caused it.

    ``told`` returns a text that the event seals, None where it is not kept any more. A form whose values
    are gone has ``values`` that are null.
    """
    facts = event.model_dump(mode="json", exclude=set(_ENVELOPE))
    if isinstance(event, FormSubmitted):
        values = told(event.values)
        facts["values"] = None if values is None else json.loads(values)
    reason = None if event.reason is None else told(event.reason)
    return facts if reason is None else {**facts, "reason": reason}
