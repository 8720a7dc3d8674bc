"""Streams replayed: each event stands in the stream of what it happened to, as the next one there.

Commands read streams, and views read the log: an event in a stream that is not its own would be seen by
the ones and not by the others. Deliveries have a check of their own, with their course.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from palyra_events.commands.decision import DECISION_KIND
from palyra_events.commands.hook import HOOK
from palyra_events.commands.plugin import PLUGIN
from palyra_events.commands.skill import SKILL
from palyra_events.commands.tool_run import TOOL_RUN_KIND
from palyra_events.decision_taken import DecisionTaken
from palyra_events.event import Event
from palyra_events.hook import HookBound, HookDisabled, HookEnabled, HookRebound, HookUnbound
from palyra_events.identifiers import stream_id
from palyra_events.plugin import (
    PluginBound,
    PluginDisabled,
    PluginEnabled,
    PluginRebound,
    PluginShowedSurface,
    PluginUnbound,
)
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.skill import (
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
)
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.replay.finding import Aspect, Difference, Finding, not_implied

OF_A_HOOK = (HookBound, HookDisabled, HookEnabled, HookRebound, HookUnbound)
OF_A_PLUGIN = (
    PluginBound,
    PluginDisabled,
    PluginEnabled,
    PluginRebound,
    PluginShowedSurface,
    PluginUnbound,
)
OF_A_SKILL = (SkillAudited, SkillDisabled, SkillEnabled, SkillInstalled, SkillQuarantined, SkillRemoved)


class _Key(NamedTuple):
    """The kind of a stream, and which field of an event names the thing that it is of."""

    kind: str
    field: str


_KEYS: Mapping[type[Event], _Key] = MappingProxyType(
    {
        **dict.fromkeys(OF_A_HOOK, _Key(HOOK.kind, "hook_id")),
        **dict.fromkeys(OF_A_PLUGIN, _Key(PLUGIN.kind, "plugin_id")),
        **dict.fromkeys(OF_A_SKILL, _Key(SKILL.kind, "skill_id")),
        PluginInvoked: _Key(TOOL_RUN_KIND, "invocation_id"),
        DecisionTaken: _Key(DECISION_KIND, "decision_id"),
    }
)
#: streams of one event each: their number grows with the log, and there is nothing to remember of them
_SINGLE = frozenset({PluginInvoked, DecisionTaken})


class StreamCheck:
    """Follows the streams of hooks, plugins, skills, tool runs and decisions, from the first event on."""

    def __init__(self, registry: Registry = REGISTRY) -> None:
        self._registry = registry
        self._versions: Counter[tuple[str, str]] = Counter()

    def look_at(self, row: RecordedEvent, kind: type[Event], decoded: Any) -> Iterator[Finding]:
        """Yield what is wrong with the place of an event; ``decoded`` is the event if somebody has it."""
        if kind not in _KEYS:
            return
        event = self._registry.decode(row.topic, row.state) if decoded is None else decoded
        key = _KEYS[kind]
        name = getattr(event, key.field)
        if kind not in _SINGLE:
            self._versions[key.kind, name] += 1
        version = 1 if kind in _SINGLE else self._versions[key.kind, name]
        difference = not_implied(Aspect.STREAM, "version", row.version, version)
        if row.stream_id != stream_id(key.kind, name):
            difference = Difference(Aspect.STREAM, "The event stands in the stream of something else.")
        if difference is not None:
            yield Finding(row.position, f"{kind.__name__} of {name}", (difference,))
