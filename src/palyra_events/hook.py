"""A hook: the binding of a lifecycle event kind to a plugin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
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


class OnFailure(StrEnum):
    """What becomes of a phase of a run where its hook gives no answer.

    ``block`` stops the run where the phase can, and is a remark where it cannot; with ``continue`` the
    hook abstains.
    """

    BLOCK = "block"
    CONTINUE = "continue"


AttemptsMax = Annotated[int, Field(ge=1, le=ATTEMPTS_LIMIT)]


class Ordering(StrEnum):
    """Among which deliveries those of a hook are carried out one after the other, in the order of events."""

    #: those of the same hook
    HOOK = "hook"
    #: those of all hooks that say so and whose plugins are of the same skill
    SKILL = "skill"
    #: none: they are carried out as they come, several at a time
    NONE = "none"


class Target(BaseModel):
    """What a hook does: which plugin it invokes on which kind of event, how often, and in which order.

    At a phase of a run it is asked once, and ``on_failure`` says what a missing answer means.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_kind: HookEventKind
    plugin_id: Identifier
    attempts_max: AttemptsMax = ATTEMPTS_MAX_DEFAULT
    ordering: Ordering = Ordering.HOOK
    on_failure: OnFailure = OnFailure.BLOCK


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


class HookUnbound(Event):
    """A hook is no more; its name may be bound again."""

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
    if isinstance(event, HookUnbound):
        return Hook(hook.hook_id)
    return hook


def bind_hook(hook: Hook, target: Target, stamp: Stamp) -> list[Event]:
    """Bind a hook, or bind it anew; binding it to what it is bound to changes nothing."""
    if hook.target == target:
        return []
    event = HookBound if hook.target is None else HookRebound
    return [stamp.on(event, hook_id=hook.hook_id, target=target)]


def adopt_hook(hook: Hook, target: Target, stamp: Stamp, *, enabled: bool) -> list[Event]:
    """Bind a hook as it is bound elsewhere, and let it react or not as it does there."""
    events = bind_hook(hook, target, stamp)
    after = reduce(evolve, events, hook)
    return events if after.enabled is enabled else [*events, _switched(after, stamp, enabled=enabled)]


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


def unbind_hook(hook: Hook, stamp: Stamp) -> list[Event]:
    """Take a hook away. Deliveries that are scheduled already are still carried out.

    Raises:
        UnknownHook: it is not bound.
    """
    _check_bound(hook)
    return [stamp.on(HookUnbound, hook_id=hook.hook_id)]


def _check_bound(hook: Hook) -> None:
    if hook.target is None:
        raise UnknownHook(f"Hook {hook.hook_id} is not bound.", hook_id=hook.hook_id)


def _switched(hook: Hook, stamp: Stamp, *, enabled: bool) -> Event:
    _check_bound(hook)
    if hook.enabled is enabled:
        state = "enabled" if enabled else "disabled"
        raise IllegalTransition(f"Hook {hook.hook_id} is already {state}.", hook_id=hook.hook_id)
    return stamp.on(HookEnabled if enabled else HookDisabled, hook_id=hook.hook_id)
