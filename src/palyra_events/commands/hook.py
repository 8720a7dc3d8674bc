"""The commands on hooks."""

from __future__ import annotations

from palyra_events import hook as hooks
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent
from palyra_events.hook import Hook, Target

HOOK = Aggregate("hook", Hook, hooks.evolve)


class HookCommands(Commands):
    """Bind hooks, and let them react or not."""

    def bind_hook(self, hook_id: str, target: Target, intent: Intent) -> Commit:
        """Bind a hook, or bind it anew.

        Raises:
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        hook = self.load(HOOK, hook_id)
        return self.commit([(hook, hooks.bind_hook(hook.state, target, stamp))], sealed)

    def enable_hook(self, hook_id: str, intent: Intent) -> Commit:
        """Let a hook react again.

        Raises:
            UnknownHook: it was never bound.
            IllegalTransition: it is enabled.
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        hook = self.load(HOOK, hook_id)
        return self.commit([(hook, hooks.enable_hook(hook.state, stamp))], sealed)

    def disable_hook(self, hook_id: str, intent: Intent) -> Commit:
        """Stop a hook from reacting.

        Raises:
            UnknownHook: it was never bound.
            IllegalTransition: it is disabled.
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        hook = self.load(HOOK, hook_id)
        return self.commit([(hook, hooks.disable_hook(hook.state, stamp))], sealed)
