"""The commands on plugins, and the right to run that follows from them."""

from __future__ import annotations

from collections.abc import Sequence

from palyra_events import plugin as plugins
from palyra_events.blob import Blob
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent, Loaded
from palyra_events.commands.skill import SKILL
from palyra_events.plugin import Binding, Plugin, PluginConfig
from palyra_events.right import Refusal, Right, right_to_run

PLUGIN = Aggregate("plugin", Plugin, plugins.evolve, is_known=True)


class PluginCommands(Commands):
    """Bind plugins, let them run or not, and take their names away."""

    def loaded_plugin(self, plugin_id: str) -> Loaded[Plugin]:
        """Return the plugin as it is, and the version at which its next event is expected."""
        return self.load(PLUGIN, plugin_id)

    def plugin(self, plugin_id: str, as_of: int | None = None) -> Plugin:
        """Return the plugin, as of a position or as it is; its binding is None where it is not bound."""
        return self.load(PLUGIN, plugin_id, as_of).state

    def right_to_run(self, plugin_id: str, as_of: int) -> Right | Refusal:
        """Return what a plugin may run as of a position, or why it may run nothing."""
        plugin = self.load(PLUGIN, plugin_id, as_of).state
        if plugin.binding is None:
            return Refusal.PLUGIN_UNBOUND
        return right_to_run(plugin, self.load(SKILL, plugin.binding.skill_id, as_of).state)

    def bind_plugin(self, plugin_id: str, binding: Binding, intent: Intent) -> Commit:
        """Bind a plugin, or bind it anew.

        Raises:
            StaleVersion: somebody bound it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        plugin = self.load(PLUGIN, plugin_id)
        return self.commit([(plugin, plugins.bind_plugin(plugin.state, binding, stamp))], sealed)

    def adopt_plugins(self, wanted: Sequence[tuple[Loaded[Plugin], Binding, bool]], intent: Intent) -> Commit:
        """Bind plugins as they are bound elsewhere, all or none; the last part of each is whether it runs.

        They must have been read before somebody judged whether they may be bound so.

        Raises:
            EventTooLarge: the binding of one has too many bytes; nothing was bound.
            StaleVersion: somebody changed one of them since; nothing was bound.
        """
        stamp, sealed = self.stamp(intent)
        changes = [
            (plugin, plugins.adopt_plugin(plugin.state, binding, stamp, enabled=enabled))
            for plugin, binding, enabled in wanted
        ]
        return self.commit(changes, sealed)

    def rebind_plugin(self, plugin: Loaded[Plugin], binding: Binding, intent: Intent) -> Commit:
        """Bind a plugin anew, which must have been read before somebody was shown what changes.

        Raises:
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        return self.commit([(plugin, plugins.bind_plugin(plugin.state, binding, stamp))], sealed)

    def enable_plugin(self, plugin_id: str, intent: Intent) -> Commit:
        """Let a plugin run again.

        Raises:
            UnknownPlugin: it is not bound.
            IllegalTransition: it is enabled.
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        plugin = self.load(PLUGIN, plugin_id)
        return self.commit([(plugin, plugins.enable_plugin(plugin.state, stamp))], sealed)

    def disable_plugin(self, plugin_id: str, intent: Intent) -> Commit:
        """Stop a plugin from running.

        Raises:
            UnknownPlugin: it is not bound.
            IllegalTransition: it is disabled.
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        plugin = self.load(PLUGIN, plugin_id)
        return self.commit([(plugin, plugins.disable_plugin(plugin.state, stamp))], sealed)

    def configure_plugin(
        self,
        plugin: Loaded[Plugin],
        config: PluginConfig | None,
        intent: Intent,
        blobs: Sequence[Blob] = (),
    ) -> Commit:
        """Give a plugin other values to run with, or none; ``blobs`` hold them.

        It must have been read before the values were judged.

        Raises:
            UnknownPlugin: it is not bound.
            StaleVersion: somebody changed it since.
        """
        stamp, sealed = self.stamp(intent)
        events = plugins.configure_plugin(plugin.state, config, stamp)
        return self.commit([(plugin, events)], [*sealed, *blobs])

    def unbind_plugin(self, plugin_id: str, hooks: Sequence[str], intent: Intent) -> Commit:
        """Take a plugin's name away; ``hooks`` are those that use it.

        A hook that is bound to it at the same moment is left without a plugin: its deliveries are
        skipped, which says why.

        Raises:
            UnknownPlugin: it is not bound.
            PluginInUse: there are such hooks.
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        plugin = self.load(PLUGIN, plugin_id)
        return self.commit([(plugin, plugins.unbind_plugin(plugin.state, hooks, stamp))], sealed)
