"""What an operator does with hooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from palyra_events.application import Application, Intent
from palyra_events.decision_taken import HOOKS_MAX
from palyra_events.errors import Conflict, InvalidInput, UnknownHook, UnknownPlugin
from palyra_events.hook import ATTEMPTS_LIMIT, ATTEMPTS_MAX_DEFAULT, OnFailure, Ordering, Target
from palyra_events.identifiers import normalize_identifier
from palyra_events.lifecycle import HookEventKind, normalize_kind
from palyra_runtime.bindings import hook_document
from palyra_runtime.facade.hook_import import HookImport
from palyra_runtime.facade.import_plan import ImportPlan
from palyra_runtime.facade.recorded import showing_recorded
from projections import HookRow, Point, Views


class HookOptionMisplaced(InvalidInput):
    """Hooks of this kind do not have this option."""

    code = "HOOK_OPTION_MISPLACED"
    advice = "attempts_max and ordering are for events, which are queued; on_failure is for phases of a run."


class TooManyHooks(Conflict):
    """A phase of a run asks 16 hooks at the most."""

    code = "TOO_MANY_HOOKS"
    advice = "Unbind a hook of this phase, or let one plugin do the work of several."


class UnknownFailureRule(InvalidInput):
    """There is no such rule for a hook that gives no answer."""

    code = "UNKNOWN_FAILURE_RULE"
    advice = "Choose one of: block, continue."


class AttemptsOutOfRange(InvalidInput):
    """A delivery is attempted at least once, not more often than the policy allows, and 100 times at most."""

    code = "ATTEMPTS_OUT_OF_RANGE"
    advice = "Name a smaller number, or raise attempts_max in the policy."


class UnknownOrdering(InvalidInput):
    """There is no such order of deliveries."""

    code = "UNKNOWN_ORDERING"
    advice = "Choose one of: hook, skill, none."


class _Options(NamedTuple):
    """What somebody chose for a hook, where it may be chosen."""

    attempts_max: int | None
    ordering: Ordering
    on_failure: str | OnFailure | None


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
        self._importing = HookImport(application=application, views=views, attempts_max=self._attempts_max)

    def bind(  # noqa: PLR0913 - one argument for each thing that an operator may choose
        self,
        hook_id: str,
        *,
        event: str | HookEventKind,
        plugin: str,
        attempts_max: int | None = None,
        ordering: str | Ordering = Ordering.HOOK,
        on_failure: str | OnFailure | None = None,
        reason: str | None = None,
    ) -> HookRow:
        """Invoke a plugin whenever an event of a kind happens; or change what a hook does.

        It reacts to what happens after it was bound. Its deliveries keep the order of events among
        themselves (``hook``), with those of the other hooks of a skill that say so (``skill``), or not at
        all (``none``); those of a plugin that stores values always do.

        A hook of a phase of a run is asked and answers at once. Where it gives no answer, it blocks, or
        is a remark where the phase cannot be blocked; with ``on_failure="continue"`` it abstains.

        Raises:
            UnknownHookEvent: there is no such kind of event.
            HookOptionMisplaced: a phase of a run is given attempts or an ordering, or another event
                ``on_failure``.
            TooManyHooks: the phase asks as many as it can.
            UnknownFailureRule: ``on_failure`` is neither ``block`` nor ``continue``.
            UnknownPlugin: no such plugin is bound.
            AttemptsOutOfRange: ``attempts_max`` is not between 1 and the policy's.
            UnknownOrdering: ``ordering`` is none of the three.
            StaleVersion: somebody changed the hook at the same time.
        """
        hook, kind = normalize_identifier(hook_id, "hook"), normalize_kind(event)
        plugin_id = normalize_identifier(plugin, "plugin")
        if self._application.plugin(plugin_id).binding is None:
            raise UnknownPlugin(f"Plugin {plugin_id} is not bound.", plugin_id=plugin_id)
        wanted = _Options(attempts_max, _ordering(ordering), on_failure)
        target = self._queued(kind, plugin_id, wanted) if kind.is_queued else _asked(kind, plugin_id, wanted)
        if not kind.is_queued:
            self._check_room(hook, kind)
        self._application.bind_hook(hook, target, Intent(self._actor, reason))
        return self._row(hook)

    def rebind(  # noqa: PLR0913 - one argument for each thing that an operator may choose
        self,
        hook_id: str,
        *,
        event: str | HookEventKind | None = None,
        plugin: str | None = None,
        attempts_max: int | None = None,
        ordering: str | Ordering | None = None,
        on_failure: str | OnFailure | None = None,
        reason: str | None = None,
    ) -> HookRow:
        """Change what is named about a hook, and nothing else; it stays enabled or disabled.

        What a phase of a run cannot have is not kept where the hook goes from an event to a phase, and
        the other way round.

        Raises:
            UnknownHook: it is not bound.
            UnknownHookEvent, HookOptionMisplaced, TooManyHooks, UnknownFailureRule, UnknownPlugin,
                AttemptsOutOfRange, UnknownOrdering, StaleVersion: as of `bind`.
        """
        hook = normalize_identifier(hook_id, "hook")
        held = self._application.hook(hook).target
        if held is None:
            raise UnknownHook(f"Hook {hook} is not bound.", hook_id=hook)
        kind = held.event_kind if event is None else normalize_kind(event)
        kept = _kept(held, kind)
        return self.bind(
            hook,
            event=kind,
            plugin=held.plugin_id if plugin is None else plugin,
            attempts_max=kept.attempts_max if attempts_max is None else attempts_max,
            ordering=kept.ordering if ordering is None else ordering,
            on_failure=kept.on_failure if on_failure is None else on_failure,
            reason=reason,
        )

    def unbind(self, hook_id: str, *, reason: str | None = None) -> None:
        """Take a hook away; what is scheduled already is still carried out.

        Raises:
            UnknownHook: it is not bound.
            StaleVersion: somebody changed it at the same time.
        """
        hook = normalize_identifier(hook_id, "hook")
        self._application.unbind_hook(hook, Intent(self._actor, reason))

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

    def plan_import(self, document: bytes | str, *, replace: bool = False) -> ImportPlan:
        """Return what `import_index` would do, and what stands in its way.

        Raises:
            InvalidInput: it is no such file.
        """
        return self._importing.plan(document, replace=replace)

    def import_index(
        self, document: bytes | str, *, replace: bool = False, reason: str | None = None
    ) -> ImportPlan:
        """Bind what the reference system's ``hooks/bindings.json``, of any version, says; all or nothing.

        What is bound otherwise here is a conflict, unless the file is to ``replace`` it.

        Raises:
            InvalidInput: it is no such file.
            ImportRefused, ImportConflict: something stands in the way; nothing was bound.
            StaleVersion: somebody changed one of these hooks at the same time; nothing was bound.
        """
        return self._importing.run(document, Intent(self._actor, reason), replace=replace)

    def export_index(self) -> str:
        """Return all hooks as the reference system's ``hooks/bindings.json``."""
        return hook_document(*self._views.hook_bindings())

    def list(self, *, at: Point | None = None) -> Sequence[HookRow]:
        """Return every hook, as it is, or as it was at a position or moment.

        Raises:
            UnknownEvent: the log does not reach so far.
        """
        return self._views.hooks(at)

    def _queued(self, kind: HookEventKind, plugin_id: str, wanted: _Options) -> Target:
        if wanted.on_failure is not None:
            raise HookOptionMisplaced(f"{kind} is queued and tried again: it has no on_failure.")
        return Target(
            event_kind=kind,
            plugin_id=plugin_id,
            attempts_max=self._attempts(wanted.attempts_max),
            ordering=wanted.ordering,
        )

    def _check_room(self, hook_id: str, kind: HookEventKind) -> None:
        others = [r for r in self._views.hooks() if r.event_kind is kind and r.hook_id != hook_id]
        if len(others) >= HOOKS_MAX:
            raise TooManyHooks(f"{kind} has {len(others)} hooks already.", event=kind.value)

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


def _kept(held: Target, kind: HookEventKind) -> _Options:
    """Return the options of a hook that it keeps when it reacts to this kind of event."""
    if held.event_kind.is_queued and kind.is_queued:
        return _Options(held.attempts_max, held.ordering, None)
    if held.event_kind.is_queued or kind.is_queued:
        return _Options(None, Ordering.HOOK, None)
    return _Options(None, Ordering.HOOK, held.on_failure)


def _asked(kind: HookEventKind, plugin_id: str, wanted: _Options) -> Target:
    if wanted.attempts_max is not None or wanted.ordering is not Ordering.HOOK:
        raise HookOptionMisplaced(
            f"{kind} is asked once and answered at once: it has no attempts or ordering."
        )
    return Target(
        event_kind=kind, plugin_id=plugin_id, attempts_max=1, on_failure=_failure_rule(wanted.on_failure)
    )


def _failure_rule(asked: str | OnFailure | None) -> OnFailure:
    try:
        return OnFailure.BLOCK if asked is None else OnFailure(asked)
    except ValueError as error:
        raise UnknownFailureRule(f"There is no rule {asked!r}.", on_failure=str(asked)) from error


def _ordering(asked: str | Ordering) -> Ordering:
    try:
        return Ordering(asked)
    except ValueError as error:
        raise UnknownOrdering(f"There is no ordering {asked!r}.", ordering=str(asked)) from error
