"""What events meet: the hooks of their kinds and the plugins of those, for who reads the log in order."""

from __future__ import annotations

from palyra_events.application import Application
from palyra_events.lifecycle import HookEventKind
from palyra_events.plugin import Plugin
from palyra_events.record import RecordedEvent
from projections import HookRow, ViewBehind, Views

#: how the types of events begin that may change what is bound
_CHANGING = ("Hook", "Plugin")


class Bound:
    """What is bound as of each event of the log, which is shown to it in order.

    It is asked of the view once, and again when an event has passed that may have changed it: what is
    bound as of one position is so as of all that follow, until then.
    """

    def __init__(self, views: Views, application: Application) -> None:
        self._views = views
        self._application = application
        self._hooks: dict[HookEventKind, list[HookRow]] = {}
        self._plugins: dict[str, Plugin] = {}

    def hooks(self, kind: HookEventKind, position: int) -> list[HookRow]:
        """Return the hooks of a kind that the event at a position meets."""
        if kind not in self._hooks:
            self._hooks[kind] = self._asked(kind, position)
        return self._hooks[kind]

    def plugin(self, plugin_id: str, position: int) -> Plugin:
        """Return a plugin as the event at a position meets it."""
        if plugin_id not in self._plugins:
            self._plugins[plugin_id] = self._application.plugin(plugin_id, as_of=position)
        return self._plugins[plugin_id]

    def pass_by(self, row: RecordedEvent) -> None:
        """Take note of an event, after all that follows from it."""
        if row.topic.startswith(_CHANGING):
            self._hooks.clear()
            self._plugins.clear()

    def _asked(self, kind: HookEventKind, position: int) -> list[HookRow]:
        """Ask the view, which is brought forward where it has not come so far."""
        try:
            return self._views.as_is.hooks_for_event(kind, at=position)
        except ViewBehind:
            return self._views.hooks_for_event(kind, at=position)
