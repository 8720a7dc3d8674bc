"""The commands on hooks."""

from __future__ import annotations

from collections.abc import Sequence

from palyra_events import hook as hooks
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent, Loaded
from palyra_events.hook import Hook, Target

HOOK = Aggregate("hook", Hook, hooks.evolve)


class HookCommands(Commands):
    """Bind hooks, let them react or not, and take them away."""

    def hook(self, hook_id: str) -> Hook:
        """Return the hook as it is; its target is None where it is not bound."""
        return self.load(HOOK, hook_id).state

    def loaded_hook(self, hook_id: str) -> Loaded[Hook]:
        """Return the hook as it is, and the version at which its next event is expected."""
        return self.load(HOOK, hook_id)

    def adopt_hooks(self, wanted: Sequence[tuple[Loaded[Hook], Target, bool]], intent: Intent) -> Commit:
        """Bind hooks as they are bound elsewhere, all or none; the last part of each is whether it reacts.

        They must have been read before somebody judged whether they may be bound so.

        Raises:
            StaleVersion: somebody changed one of them since; nothing was bound.
        """
        stamp, sealed = self.stamp(intent)
        changes = [
            (hook, hooks.adopt_hook(hook.state, target, stamp, enabled=enabled))
            for hook, target, enabled in wanted
        ]
        return self.commit(changes, sealed)

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

    def unbind_hook(self, hook_id: str, intent: Intent) -> Commit:
        """Take a hook away.

        Raises:
            UnknownHook: it is not bound.
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        hook = self.load(HOOK, hook_id)
        return self.commit([(hook, hooks.unbind_hook(hook.state, stamp))], sealed)
