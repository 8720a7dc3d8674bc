"""What was bound and what might run at each position, folded from the log itself.

The views know it as well; a replay that asked them would believe what somebody wrote into them.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Generic, TypeVar

from palyra_events.commands.command import Aggregate
from palyra_events.commands.hook import HOOK
from palyra_events.commands.plugin import PLUGIN
from palyra_events.commands.skill import SKILL
from palyra_events.event import Event
from palyra_events.hook import Hook
from palyra_events.identifiers import surface_hook_id
from palyra_events.lifecycle import HookEventKind
from palyra_events.plugin import Plugin
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.right import Refusal, Right, right_to_run
from palyra_events.schedule import SCHEDULER
from palyra_events.skill import Skill

StateT = TypeVar("StateT")


class History(Generic[StateT]):
    """The states of all streams of one kind, each from the position on that brought it about."""

    def __init__(self, aggregate: Aggregate[StateT]) -> None:
        self._aggregate = aggregate
        self._positions: dict[str, list[int]] = {}
        self._states: dict[str, list[StateT]] = {}
        self.changed_at = 0

    def take(self, key: str, position: int, event: Event) -> StateT:
        """Take in the next event of a stream, and return the state after it."""
        states = self._states.setdefault(key, [])
        before = states[-1] if states else self._aggregate.fresh(key)
        states.append(self._aggregate.evolve(before, event))
        self._positions.setdefault(key, []).append(position)
        self.changed_at = position
        return states[-1]

    def at(self, key: str, as_of: int) -> StateT:
        """Return the state of a stream after the event at a position."""
        place = bisect_right(self._positions.get(key, ()), as_of)
        return self._states[key][place - 1] if place else self._aggregate.fresh(key)


class Past:
    """The hooks, plugins and skills of a log at each position that it was shown, in order."""

    def __init__(self, registry: Registry = REGISTRY) -> None:
        self._registry = registry
        self._hooks = History(HOOK)
        self._plugins = History(PLUGIN)
        self._skills = History(SKILL)
        # An event stands in the module of what it happens to.
        modules = {"palyra_events.hook", "palyra_events.plugin", "palyra_events.skill"}
        self._topics = {topic for topic, kind in registry.types.items() if kind.__module__ in modules}
        self._ids: dict[HookEventKind, set[str]] = {}
        self._kept_hooks: dict[HookEventKind, list[Hook]] = {}
        self._kept_rights: dict[str, Right | Refusal] = {}
        self._changes: list[tuple[int, datetime]] = []

    def look_at(self, row: RecordedEvent) -> None:
        """Take in the next event, if it is of a hook, a plugin or a skill.

        Raises:
            LogDamaged: it cannot have happened.
        """
        if row.topic in self._topics:
            self._take(row.position, self._registry.decode(row.topic, row.state))

    def hook(self, hook_id: str, as_of: int) -> Hook:
        """Return a hook as it was after the event at a position."""
        return self._hooks.at(hook_id, as_of)

    def hooks(self, kind: HookEventKind, as_of: int) -> list[Hook]:
        """Return the hooks that reacted to a kind of event after the event at a position, by id."""
        if as_of < self._hooks.changed_at:
            return self._found(kind, as_of)
        if kind not in self._kept_hooks:
            self._kept_hooks[kind] = self._found(kind, as_of)
        return self._kept_hooks[kind]

    def plugin_of_hook(self, hook_id: str, as_of: int) -> str | None:
        """Return the plugin that a hook brought events to; the hook of a surface has its plugin's name."""
        target = self.hook(hook_id, as_of).target
        if target is not None:
            return target.plugin_id
        plugin_id = hook_id.partition(":")[2]
        return plugin_id if plugin_id and surface_hook_id(plugin_id) == hook_id else None

    def plugin(self, plugin_id: str, as_of: int) -> Plugin:
        """Return a plugin as it was after the event at a position."""
        return self._plugins.at(plugin_id, as_of)

    def skill(self, skill_id: str, as_of: int) -> Skill:
        """Return a skill as it was after the event at a position."""
        return self._skills.at(skill_id, as_of)

    def right(self, plugin_id: str, as_of: int) -> Right | Refusal:
        """Return what a plugin might run as of a position, or why it might run nothing."""
        if as_of < max(self._plugins.changed_at, self._skills.changed_at):
            return self._right(plugin_id, as_of)
        if plugin_id not in self._kept_rights:
            self._kept_rights[plugin_id] = self._right(plugin_id, as_of)
        return self._kept_rights[plugin_id]

    def overlooked(self, as_of: int, position: int, moment: datetime) -> int | None:
        """Return the newest change that somebody who read the log at a moment could know, and did not.

        It comes after ``as_of`` and before ``position``; None where there is none. What the engine did of
        its own accord bears the time of what led to it, and does not count.
        """
        first = bisect_right(self._changes, as_of, key=lambda change: change[0])
        known = (at for at, told in self._changes[first:] if at < position and told < moment)
        return max(known, default=None)

    def _take(self, position: int, event: Event) -> None:
        if event.actor != SCHEDULER:
            self._changes.append((position, event.timestamp))
        if (hook_id := getattr(event, "hook_id", None)) is not None:
            hook = self._hooks.take(hook_id, position, event)
            if hook.target is not None:
                self._ids.setdefault(hook.target.event_kind, set()).add(hook_id)
            self._kept_hooks.clear()
            return
        self._kept_rights.clear()
        if (plugin_id := getattr(event, "plugin_id", None)) is not None:
            self._plugins.take(plugin_id, position, event)
        else:
            self._skills.take(getattr(event, "skill_id", ""), position, event)

    def _found(self, kind: HookEventKind, as_of: int) -> list[Hook]:
        hooks = [self._hooks.at(hook_id, as_of) for hook_id in sorted(self._ids.get(kind, ()))]
        return [
            hook
            for hook in hooks
            if hook.enabled and hook.target is not None and hook.target.event_kind is kind
        ]

    def _right(self, plugin_id: str, as_of: int) -> Right | Refusal:
        plugin = self._plugins.at(plugin_id, as_of)
        if plugin.binding is None:
            return Refusal.PLUGIN_UNBOUND
        return right_to_run(plugin, self._skills.at(plugin.binding.skill_id, as_of))
