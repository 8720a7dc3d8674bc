"""Which hooks a phase of a run asks, and what each of them runs, as of the head of the log.

An agent waits for the answer, so what was found is kept for as long as no event can have changed it:
between two questions only the few events that came since are looked at.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from palyra_events.application import Application
from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryDeadLettered,
    DeliveryScheduled,
    DeliverySkipped,
)
from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_events.hook import Hook, OnFailure
from palyra_events.message import MessageFailed, MessageSent
from palyra_events.right import Refusal
from palyra_events.run_phase import RunPhase
from palyra_events.store import EventLog
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.dispatch.guest import Guest, Guests, NotRunnable
from projections import Views

#: events that are looked at before it is quicker to ask the views
_NEWS_MAX = 256

#: events that change neither a hook nor a right; after any other one everything is looked up again
_HARMLESS = frozenset(
    event.__name__
    for event in (
        AttemptFailed,
        AttemptSucceeded,
        DecisionTaken,
        DeliveryDeadLettered,
        DeliveryScheduled,
        DeliverySkipped,
        GatewayStarted,
        GatewayStopped,
        MessageFailed,
        MessageSent,
        PluginInvoked,
    )
)


@dataclass(frozen=True, slots=True)
class AskedHook:
    """A hook that is asked, and what it runs, or why it may not."""

    hook_id: str
    plugin_id: str
    on_failure: OnFailure
    guest: Guest | Refusal | NotRunnable


@dataclass(frozen=True, slots=True)
class Asked:
    """The hooks of a phase by id, as of a position."""

    as_of: int
    hooks: tuple[AskedHook, ...]


class PhaseHooks:
    """Finds the hooks of phases; any number of threads may ask.

    ``prepare`` is given each module before it is run for the first time.
    """

    def __init__(
        self,
        *,
        log: EventLog,
        application: Application,
        views: Views,
        guests: Guests,
        prepare: Callable[[bytes], object],
    ) -> None:
        self._log = log
        self._application = application
        self._views = views
        self._guests = guests
        self._prepare = prepare
        self._lock = threading.Lock()
        self._kept: dict[RunPhase, Asked] = {}

    def asked(self, phase: RunPhase) -> Asked:
        """Return the enabled hooks of a phase as of the head.

        Raises:
            ProjectionFailed: the view of hooks cannot take in an event.
            LogDamaged: the bytes of a skill are not those that were installed.
        """
        with self._lock:
            head = self._log.head()
            kept = self._kept.get(phase)
            if kept is None or not self._is_current(kept.as_of, head):
                kept = self._found(phase, head)
            self._kept[phase] = replace(kept, as_of=head)
            return self._kept[phase]

    def _is_current(self, as_of: int, head: int) -> bool:
        if head - as_of > _NEWS_MAX:
            return False
        news = self._log.read(as_of, head - as_of) if head > as_of else ()
        return all(row.topic.partition("@")[0] in _HARMLESS for row in news)

    def _found(self, phase: RunPhase, head: int) -> Asked:
        rows = self._views.hooks_for_event(phase.event_kind, head + 1)
        return Asked(head, tuple(self._asked(row.hook, head) for row in rows if row.is_enabled))

    def _asked(self, hook: Hook, head: int) -> AskedHook:
        target = hook.target
        assert target is not None, "the view has bound hooks only"
        right = self._application.right_to_run(target.plugin_id, head)
        guest = right if isinstance(right, Refusal) else self._guests.find(right, head)
        if isinstance(guest, Guest):
            self._prepare(guest.module)
        return AskedHook(hook.hook_id, target.plugin_id, target.on_failure, guest)
