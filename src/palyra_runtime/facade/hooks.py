"""What an operator does with hooks."""

from __future__ import annotations

from collections.abc import Sequence

from palyra_events.application import Application, Intent
from palyra_events.errors import InvalidInput, UnknownEvent, UnknownPlugin
from palyra_events.hook import ATTEMPTS_LIMIT, ATTEMPTS_MAX_DEFAULT, Target
from palyra_events.identifiers import normalize_identifier
from palyra_events.lifecycle import HookEventKind, normalize_kind
from palyra_runtime.facade.recorded import showing_recorded
from projections import HookRow, ViewBehind, Views


class HookEventNotQueued(InvalidInput):
    """Hooks of the phases of a run cannot be bound yet."""

    code = "HOOK_EVENT_NOT_QUEUED"
    advice = "Choose one of: gateway:startup, skill:enabled, skill:quarantined, skill:disabled."


class AttemptsOutOfRange(InvalidInput):
    """A delivery is attempted at least once, not more often than the policy allows, and 100 times at most."""

    code = "ATTEMPTS_OUT_OF_RANGE"
    advice = "Name a smaller number, or raise attempts_max in the policy."


class Hooks:
    """Bind lifecycle events to plugins.

    What changes something returns what it changed; `RecordedNotShown` says that it could not.
    """

    def __init__(
        self, *, application: Application, views: Views, actor: str, attempts_max: int = ATTEMPTS_MAX_DEFAULT
    ) -> None:
        self._application = application
        self._views = views
        self._actor = actor
        self._attempts_max = min(attempts_max, ATTEMPTS_LIMIT)

    def bind(
        self,
        hook_id: str,
        *,
        event: str | HookEventKind,
        plugin: str,
        attempts_max: int | None = None,
        reason: str | None = None,
    ) -> HookRow:
        """Invoke a plugin whenever an event of a kind happens; or change what a hook does.

        It reacts to what happens after it was bound.

        Raises:
            UnknownHookEvent: there is no such kind of event.
            HookEventNotQueued: the kind is a phase of a run.
            UnknownPlugin: no such plugin is bound.
            AttemptsOutOfRange: ``attempts_max`` is not between 1 and the policy's.
            StaleVersion: somebody changed the hook at the same time.
        """
        hook, kind = normalize_identifier(hook_id, "hook"), normalize_kind(event)
        plugin_id = normalize_identifier(plugin, "plugin")
        if not kind.is_queued:
            raise HookEventNotQueued(f"{kind} is a phase of a run: it is asked and answered, not queued.")
        if self._application.plugin(plugin_id).binding is None:
            raise UnknownPlugin(f"Plugin {plugin_id} is not bound.", plugin_id=plugin_id)
        target = Target(event_kind=kind, plugin_id=plugin_id, attempts_max=self._attempts(attempts_max))
        self._application.bind_hook(hook, target, Intent(self._actor, reason))
        return self._row(hook)

    def enable(self, hook_id: str, *, reason: str | None = None) -> HookRow:
        """Let a hook react again.

        Raises:
            UnknownHook, IllegalTransition, StaleVersion: nothing was changed.
        """
        hook = normalize_identifier(hook_id, "hook")
        self._application.enable_hook(hook, Intent(self._actor, reason))
        return self._row(hook)

    def disable(self, hook_id: str, *, reason: str | None = None) -> HookRow:
        """Stop a hook from reacting; what is scheduled already is still carried out.

        Raises:
            UnknownHook, IllegalTransition, StaleVersion: nothing was changed.
        """
        hook = normalize_identifier(hook_id, "hook")
        self._application.disable_hook(hook, Intent(self._actor, reason))
        return self._row(hook)

    def list(self, *, at: int | None = None) -> Sequence[HookRow]:
        """Return every hook, as it is or as the event at a position left it.

        Raises:
            UnknownEvent: the log does not reach so far.
        """
        try:
            return self._views.hooks(at=at)
        except ViewBehind as error:
            raise UnknownEvent(f"The log has no event at position {at}.", position=at) from error

    def _attempts(self, asked: int | None) -> int:
        attempts = self._attempts_max if asked is None else asked
        if not 1 <= attempts <= self._attempts_max:
            raise AttemptsOutOfRange(
                f"{attempts} attempts were asked for; 1 to {self._attempts_max} are allowed."
            )
        return attempts

    def _row(self, hook_id: str) -> HookRow:
        with showing_recorded():
            return next(row for row in self._views.hooks() if row.hook_id == hook_id)
