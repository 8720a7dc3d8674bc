"""Notes on surfaces replayed: the first outcome of a plugin that shows one has its note, and no other has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from palyra_events import plugin as plugins
from palyra_events.commands.plugin import PLUGIN
from palyra_events.errors import InvalidInput, LogDamaged
from palyra_events.event import Stamp
from palyra_events.identifiers import stream_id
from palyra_events.plugin import PluginShowedSurface
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.schedule import SCHEDULER
from palyra_events.store import EventLog
from palyra_runtime.replay.finding import Aspect, Difference, Finding, not_implied
from palyra_runtime.replay.past import Past


class SurfaceNoteCheck:
    """Follows the outcomes that show something, from the first event of the log on.

    ``past`` has come to each event that is looked at. ``checked`` counts the notes that were held against
    the log.
    """

    def __init__(self, past: Past, registry: Registry = REGISTRY) -> None:
        self._past = past
        self._registry = registry
        self._topic = registry.topics[PluginShowedSurface]
        self._expected: dict[str, PluginShowedSurface] = {}
        self.checked = 0

    def count(self, position: int, event: Any) -> None:
        """Derive the note that follows from an outcome: the first one of a plugin that shows a surface.

        Raises:
            LogDamaged: no surface can have such a name.
        """
        shown, plugin_id = event.effects.surface, event.invocation.plugin_id
        if shown is None or shown.surface is None or plugin_id in self._expected:
            return
        stamp = Stamp(event.timestamp, SCHEDULER, event.correlation_id, f"position:{position}")
        plugin = self._past.plugin(plugin_id, position)
        try:
            notes = plugins.show_surface(plugin, shown.surface, position, stamp)
        except InvalidInput as error:
            raise LogDamaged(f"Position {position} shows a surface that cannot be.") from error
        for note in notes:
            assert isinstance(note, PluginShowedSurface), "that is what the rule makes"
            self._expected[plugin_id] = note

    def look_at(self, row: RecordedEvent) -> Iterator[Finding]:
        """Yield what is wrong with a note."""
        if row.topic != self._topic:
            return
        note = self._registry.decode(row.topic, row.state)
        assert isinstance(note, PluginShowedSurface), "the topic says so"
        self.checked += 1
        if found := list(_unlike(note, self._expected.pop(note.plugin_id, None))):
            yield _finding(row.position, note.plugin_id, *found)

    def finish(self, log: EventLog, scheduled_to: int, last: int) -> Iterator[Finding]:
        """Yield the notes that are missing; those behind ``last`` are looked up."""
        for plugin_id, note in self._expected.items():
            rows = log.read_stream(stream_id(PLUGIN.kind, plugin_id))
            is_there = any(row.position > last and row.topic == self._topic for row in rows)
            if note.position <= scheduled_to and not is_there:
                message = f"Position {note.position} shows surface {note.surface}, and no note says so."
                yield _finding(note.position, plugin_id, Difference(Aspect.COURSE, message))


def _unlike(note: PluginShowedSurface, implied: PluginShowedSurface | None) -> Iterator[Difference]:
    if implied is None:
        yield Difference(Aspect.COURSE, "No outcome of the plugin leads to this.")
        return
    for name in type(note).model_fields:
        if difference := not_implied(Aspect.COURSE, name, getattr(note, name), getattr(implied, name)):
            yield difference


def _finding(position: int, plugin_id: str, *differences: Difference) -> Finding:
    return Finding(position, f"surface note of plugin {plugin_id}", differences)
