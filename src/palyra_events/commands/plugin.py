"""The commands on plugins, and the right to run that follows from them."""

from __future__ import annotations

from palyra_events import plugin as plugins
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent
from palyra_events.commands.skill import SKILL
from palyra_events.plugin import Binding, Plugin
from palyra_events.right import Refusal, Right, right_to_run

PLUGIN = Aggregate("plugin", Plugin, plugins.evolve)


class PluginCommands(Commands):
    """Bind plugins."""

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
