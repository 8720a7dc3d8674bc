"""A hook: the binding of a lifecycle event kind to a plugin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from palyra_events.errors import IllegalTransition, UnknownHook
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Identifier
from palyra_events.lifecycle import HookEventKind

#: attempts of one delivery before it is a dead letter
ATTEMPTS_MAX_DEFAULT = 5


#: attempts that anybody may ask for
ATTEMPTS_LIMIT = 100

AttemptsMax = Annotated[int, Field(ge=1, le=ATTEMPTS_LIMIT)]


class Target(BaseModel):
    """What a hook does: which plugin it invokes on which kind of event, and how often it tries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_kind: HookEventKind
    plugin_id: Identifier
    attempts_max: AttemptsMax = ATTEMPTS_MAX_DEFAULT


class HookBound(Event):
    """A plugin will be invoked when events of a kind happen."""

    hook_id: Identifier
    target: Target


class HookRebound(Event):
    """A hook invokes another plugin, or reacts to another kind of event."""

    hook_id: Identifier
    target: Target


class HookEnabled(Event):
    """A hook reacts again."""

    hook_id: Identifier


class HookDisabled(Event):
    """A hook does not react until it is enabled again."""

    hook_id: Identifier


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook as its events tell it; unbound where ``target`` is None."""

    hook_id: str
    target: Target | None = None
    enabled: bool = True


def evolve(hook: Hook, event: Event) -> Hook:
    """Return the hook after ``event``."""
    if isinstance(event, HookBound | HookRebound):
        return replace(hook, target=event.target)
    if isinstance(event, HookEnabled | HookDisabled):
        return replace(hook, enabled=isinstance(event, HookEnabled))
    return hook


def bind_hook(hook: Hook, target: Target, stamp: Stamp) -> list[Event]:
    """Bind a hook, or bind it anew; binding it to what it is bound to changes nothing."""
    if hook.target == target:
        return []
    event = HookBound if hook.target is None else HookRebound
    return [stamp.on(event, hook_id=hook.hook_id, target=target)]


def enable_hook(hook: Hook, stamp: Stamp) -> list[Event]:
    """Let a hook react again.

    Raises:
        UnknownHook: it was never bound.
        IllegalTransition: it is enabled.
    """
    return [_switched(hook, stamp, enabled=True)]


def disable_hook(hook: Hook, stamp: Stamp) -> list[Event]:
    """Stop a hook from reacting. Deliveries that are scheduled already are still carried out.

    Raises:
        UnknownHook: it was never bound.
        IllegalTransition: it is disabled.
    """
    return [_switched(hook, stamp, enabled=False)]


def _switched(hook: Hook, stamp: Stamp, *, enabled: bool) -> Event:
    if hook.target is None:
        raise UnknownHook(f"Hook {hook.hook_id} is not bound.", hook_id=hook.hook_id)
    if hook.enabled is enabled:
        state = "enabled" if enabled else "disabled"
        raise IllegalTransition(f"Hook {hook.hook_id} is already {state}.", hook_id=hook.hook_id)
    return stamp.on(HookEnabled if enabled else HookDisabled, hook_id=hook.hook_id)
