"""The commands: load what a stream says, let the rules decide, append what they say.

Each command is one append, so it happens as a whole or not at all. The clock and the source of
randomness are given; the only effect is on the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Generic, TypeVar
from uuid import UUID

from palyra_events import delivery as deliveries
from palyra_events import gateway as gateways
from palyra_events import hook as hooks
from palyra_events import message as messages
from palyra_events import plugin as plugins
from palyra_events import publisher as publishers
from palyra_events import skill as skills
from palyra_events import tool_run as tool_runs
from palyra_events.blob import SALT_SIZE, Blob, seal
from palyra_events.delivery import Delivery, DeliveryScheduled, Failure
from palyra_events.effect import Effects
from palyra_events.errors import LogDamaged, ReasonTooLong, UnknownSkill
from palyra_events.event import Event, Stamp
from palyra_events.gateway import Gateway, StopCause
from palyra_events.hook import Hook, Target
from palyra_events.identifiers import check_actor, stream_id
from palyra_events.invocation import Invocation
from palyra_events.message import Message
from palyra_events.plugin import Binding, Plugin
from palyra_events.publisher import Publisher
from palyra_events.record import Log, NewEvent
from palyra_events.registry import REGISTRY, Registry
from palyra_events.right import Refusal, Right, right_to_run
from palyra_events.skill import AuditVerdict, ReleaseFacts, Skill, SkillEnabled
from palyra_events.tool_run import ToolRun

#: the consumer under whose name the log keeps the scheduler's position
SCHEDULER_CONSUMER = "scheduler"

#: characters of a reason that a person gives; plugins are told it, as part of their input
STATED_REASON_LENGTH_MAX = 4_000

#: random bytes of an id that nothing else names
_ID_SIZE = 16

StateT = TypeVar("StateT")


@dataclass(frozen=True, slots=True)
class Intent:
    """Who wants something and why: what a command needs beside its facts.

    ``reason`` is a text by a person. It is sealed: the log keeps an HMAC, the text lies beside it.
    """

    actor: str
    reason: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """What a command appended; empty where there was nothing to change."""

    positions: tuple[int, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def head(self) -> int:
        """The last position that was appended, 0 where nothing was."""
        return self.positions[-1] if self.positions else 0


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[StateT]):
    """One kind of stream: how its state begins, and how each event changes it."""

    kind: str
    fresh: Callable[[str], StateT]
    evolve: Callable[[StateT, Event], StateT]


@dataclass(frozen=True, slots=True)
class Loaded(Generic[StateT]):
    """The state of one stream, and the version that it was read at."""

    stream_id: UUID
    version: int
    state: StateT


SKILL = Aggregate("skill", Skill, skills.evolve)
PLUGIN = Aggregate("plugin", Plugin, plugins.evolve)
HOOK = Aggregate("hook", Hook, hooks.evolve)
DELIVERY = Aggregate("delivery", Delivery, deliveries.evolve)
PUBLISHER = Aggregate("publisher", Publisher, publishers.evolve)
GATEWAY = Aggregate("gateway", Gateway, gateways.evolve)
MESSAGE = Aggregate("message", Message, messages.evolve)
#: a tool run is one event, so nothing is ever folded
TOOL_RUN_KIND = "invocation"


@dataclass(frozen=True, slots=True)
class PublisherKey:
    """A key to pin to a publisher when its first release is installed."""

    publisher: str
    key_id: str
    public_key: str


class Application:
    """All commands over one log."""

    def __init__(
        self,
        log: Log,
        *,
        now: Callable[[], datetime],
        entropy: Callable[[int], bytes],
        registry: Registry = REGISTRY,
    ) -> None:
        self._log = log
        self._now = now
        self._entropy = entropy
        self._registry = registry

    def skill(self, skill_id: str) -> Loaded[Skill]:
        """Return the skill as the log tells it, and the version that it was read at.

        Raises:
            UnknownSkill: nothing of it is installed.
        """
        skill = self._load(SKILL, skill_id)
        if not skill.state.releases:
            raise UnknownSkill(f"Skill {skill_id} is not installed.", skill_id=skill_id)
        return skill

    def plugin(self, plugin_id: str, as_of: int | None = None) -> Plugin:
        """Return the plugin, as of a position or as it is; its binding is None where it is not bound."""
        return self._load(PLUGIN, plugin_id, as_of).state

    def right_to_run(self, plugin_id: str, as_of: int) -> Right | Refusal:
        """Return what a plugin may run as of a position, or why it may run nothing."""
        plugin = self._load(PLUGIN, plugin_id, as_of).state
        if plugin.binding is None:
            return Refusal.PLUGIN_UNBOUND
        return right_to_run(plugin, self._load(SKILL, plugin.binding.skill_id, as_of).state)

    def publisher(self, publisher: str) -> Publisher:
        """Return what the log knows of a publisher."""
        return self._load(PUBLISHER, publisher).state

    def delivery(self, delivery_id: str) -> Loaded[Delivery]:
        """Return a delivery, and the version at which its next event is expected."""
        return self._load(DELIVERY, delivery_id)

    def message(self, message_id: str) -> Loaded[Message]:
        """Return a message, and the version at which the record of its next try is expected."""
        return self._load(MESSAGE, message_id)

    def install_skill(  # noqa: PLR0913 - the facts of one atomic step
        self,
        skill_id: str,
        version: str,
        facts: ReleaseFacts,
        verdict: AuditVerdict,
        intent: Intent,
        *,
        pin: PublisherKey | None = None,
        blobs: Sequence[Blob] = (),
    ) -> Commit:
        """Keep a verified artifact, its audit, and the publisher's key where it was new.

        Raises:
            AlreadyExists: this release is installed.
            StaleVersion: somebody installed or changed the skill at the same time.
        """
        stamp, sealed = self._stamp(intent)
        skill = self._load(SKILL, skill_id)
        events = skills.install_skill(skill.state, version, facts, verdict, stamp)
        return self._commit([*self._pinned(pin, stamp), (skill, events)], [*sealed, *blobs])

    def enable_skill(  # noqa: PLR0913 - the facts of one atomic step
        self,
        skill: Loaded[Skill],
        version: str,
        verdict: AuditVerdict,
        intent: Intent,
        *,
        override: bool = False,
        pin: PublisherKey | None = None,
        blobs: Sequence[Blob] = (),
    ) -> Commit:
        """Record a fresh audit and, if it passes or is overridden, let the release run.

        The skill must have been read before the audit began: what happened since then, such as a
        quarantine, must not be undone by an audit that knew nothing of it.

        ``pin`` is a publisher's key to trust from now on, where the release is enabled.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: this version is not.
            IllegalTransition: it is enabled already.
            ReasonRequired: an override without a reason.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self._stamp(intent)
        events = skills.enable_skill(skill.state, version, verdict, stamp, override=override)
        pinned = self._pinned(pin if isinstance(events[-1], SkillEnabled) else None, stamp)
        return self._commit([*pinned, (skill, events)], [*sealed, *blobs])

    def quarantine_skill(
        self, skill_id: str, version: str, intent: Intent, *, reasons: Sequence[str] = ()
    ) -> Commit:
        """Stop a release until somebody has looked at it.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: this version is not.
            IllegalTransition: it is in quarantine already.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self._stamp(intent)
        skill = self._load(SKILL, skill_id)
        return self._commit(
            [(skill, skills.quarantine_skill(skill.state, version, stamp, reasons=reasons))], sealed
        )

    def disable_skill(self, skill_id: str, version: str, intent: Intent) -> Commit:
        """Switch a release off.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: this version is not.
            IllegalTransition: it is disabled already, or in quarantine.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self._stamp(intent)
        skill = self._load(SKILL, skill_id)
        return self._commit([(skill, skills.disable_skill(skill.state, version, stamp))], sealed)

    def bind_plugin(self, plugin_id: str, binding: Binding, intent: Intent) -> Commit:
        """Bind a plugin, or bind it anew.

        Raises:
            StaleVersion: somebody bound it at the same time.
        """
        stamp, sealed = self._stamp(intent)
        plugin = self._load(PLUGIN, plugin_id)
        return self._commit([(plugin, plugins.bind_plugin(plugin.state, binding, stamp))], sealed)

    def bind_hook(self, hook_id: str, target: Target, intent: Intent) -> Commit:
        """Bind a hook, or bind it anew.

        Raises:
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self._stamp(intent)
        hook = self._load(HOOK, hook_id)
        return self._commit([(hook, hooks.bind_hook(hook.state, target, stamp))], sealed)

    def enable_hook(self, hook_id: str, intent: Intent) -> Commit:
        """Let a hook react again.

        Raises:
            UnknownHook: it was never bound.
            IllegalTransition: it is enabled.
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self._stamp(intent)
        hook = self._load(HOOK, hook_id)
        return self._commit([(hook, hooks.enable_hook(hook.state, stamp))], sealed)

    def disable_hook(self, hook_id: str, intent: Intent) -> Commit:
        """Stop a hook from reacting.

        Raises:
            UnknownHook: it was never bound.
            IllegalTransition: it is disabled.
            StaleVersion: somebody changed it at the same time.
        """
        stamp, sealed = self._stamp(intent)
        hook = self._load(HOOK, hook_id)
        return self._commit([(hook, hooks.disable_hook(hook.state, stamp))], sealed)

    def start_gateway(self, version: str, intent: Intent) -> tuple[str, Commit]:
        """Record that a gateway is up, under an id of its own, which is returned too."""
        stamp, sealed = self._stamp(intent)
        gateway = self._load(GATEWAY, self._entropy(_ID_SIZE).hex())
        events = gateways.start_gateway(gateway.state, version, stamp)
        return gateway.state.gateway_id, self._commit([(gateway, events)], sealed)

    def stop_gateway(self, gateway_id: str, cause: StopCause, intent: Intent) -> Commit:
        """Record that a gateway stopped on its own accord.

        Raises:
            IllegalTransition: it was never started, or has stopped.
        """
        stamp, sealed = self._stamp(intent)
        gateway = self._load(GATEWAY, gateway_id)
        return self._commit([(gateway, gateways.stop_gateway(gateway.state, cause, stamp))], sealed)

    def schedule_deliveries(self, scheduled: Sequence[DeliveryScheduled], position: int) -> Commit:
        """Append the deliveries of the event at ``position``, together with that position.

        Raises:
            StalePosition: another scheduler has been here; nothing was appended.
        """
        changes = [
            (Loaded(stream_id(DELIVERY.kind, event.delivery_id), 0, Delivery(event.delivery_id)), [event])
            for event in scheduled
        ]
        return self._commit(changes, (), tracking=(SCHEDULER_CONSUMER, position))

    def record_success(
        self,
        delivery: Loaded[Delivery],
        invocation: Invocation,
        effects: Effects,
        intent: Intent,
        blobs: Sequence[Blob],
    ) -> Commit:
        """Record that an attempt succeeded, with all its effects, at the version that was read.

        Raises:
            StaleVersion: its outcome is recorded already; this worker was taken for dead.
        """
        stamp, sealed = self._stamp(intent)
        events = deliveries.record_success(delivery.state, invocation, effects, stamp)
        return self._commit([(delivery, events)], [*sealed, *blobs])

    def record_failure(
        self, delivery: Loaded[Delivery], failure: Failure, intent: Intent, blobs: Sequence[Blob] = ()
    ) -> Commit:
        """Record that an attempt failed, and when it is made again, at the version that was read.

        Raises:
            StaleVersion: its outcome is recorded already; this worker was taken for dead.
        """
        stamp, sealed = self._stamp(intent)
        events = deliveries.record_failure(delivery.state, failure, stamp)
        return self._commit([(delivery, events)], [*sealed, *blobs])

    def skip_delivery(self, delivery: Loaded[Delivery], cause: str, as_of: int, intent: Intent) -> Commit:
        """Record that the plugin has no right to run.

        Raises:
            StaleVersion: somebody recorded an outcome at the same time.
        """
        stamp, sealed = self._stamp(intent)
        events = deliveries.skip_delivery(delivery.state, cause, as_of, stamp)
        return self._commit([(delivery, events)], sealed)

    def record_sent(self, message: Loaded[Message], channel: str, intent: Intent) -> Commit:
        """Record that a message was taken by its receiver, at the version that was read.

        Raises:
            StaleVersion: somebody recorded a try at the same time.
        """
        stamp, sealed = self._stamp(intent)
        return self._commit([(message, messages.record_sent(message.state, channel, stamp))], sealed)

    def record_unsent(
        self, message: Loaded[Message], channel: str, outcome: str, error: str, intent: Intent
    ) -> Commit:
        """Record that a try to send a message failed, and when it is made again.

        Raises:
            StaleVersion: somebody recorded a try at the same time.
        """
        stamp, sealed = self._stamp(intent)
        events = messages.record_failure(message.state, channel, outcome, error, stamp)
        return self._commit([(message, events)], sealed)

    def check_intent(self, intent: Intent) -> None:
        """Check an intent before something is done that could not be recorded under it.

        Raises:
            InvalidIdentifier, InvalidInput: actor or reason are not well-formed.
            ReasonTooLong: the reason is.
        """
        self._stamp(intent)

    def record_tool_run(self, run: ToolRun, intent: Intent, blobs: Sequence[Blob] = ()) -> Commit:
        """Record how a tool run went, with all its effects where it succeeded.

        Raises:
            ReasonRequired: it was approved, and nobody said why.
            StaleVersion: this run is recorded already.
        """
        stamp, sealed = self._stamp(intent)
        loaded = Loaded(stream_id(TOOL_RUN_KIND, run.invocation_id), 0, run)
        return self._commit([(loaded, tool_runs.record_run(run, stamp))], [*sealed, *blobs])

    def _pinned(self, key: PublisherKey | None, stamp: Stamp) -> list[tuple[Loaded[Publisher], list[Event]]]:
        if key is None:
            return []
        publisher = self._load(PUBLISHER, key.publisher)
        return [(publisher, publishers.pin_publisher(publisher.state, key.key_id, key.public_key, stamp))]

    def _stamp(self, intent: Intent) -> tuple[Stamp, list[Blob]]:
        reference, blobs = None, []
        if intent.reason and intent.reason.strip():
            if len(intent.reason) > STATED_REASON_LENGTH_MAX:
                raise ReasonTooLong(length=len(intent.reason))
            reference, blob = seal(intent.reason, self._entropy(SALT_SIZE))
            blobs.append(blob)
        stamp = Stamp(
            timestamp=self._now(),
            actor=check_actor(intent.actor),
            correlation_id=intent.correlation_id or self._entropy(_ID_SIZE).hex(),
            causation_id=intent.causation_id,
            reason=reference,
        )
        return stamp, blobs

    def _load(self, aggregate: Aggregate[StateT], key: str, as_of: int | None = None) -> Loaded[StateT]:
        stream = stream_id(aggregate.kind, key)
        rows = self._log.read_stream(stream)
        if as_of is not None:
            rows = [row for row in rows if row.position <= as_of]
        if [row.version for row in rows] != list(range(1, len(rows) + 1)):
            raise LogDamaged(f"Events of {aggregate.kind} {key} are missing.", kind=aggregate.kind, key=key)
        events = (self._registry.decode(row.topic, row.state) for row in rows)
        state = reduce(aggregate.evolve, events, aggregate.fresh(key))
        return Loaded(stream, len(rows), state)

    def _commit(
        self,
        changes: Sequence[tuple[Loaded[Any], Sequence[Event]]],
        blobs: Sequence[Blob],
        tracking: tuple[str, int] | None = None,
    ) -> Commit:
        rows = [
            NewEvent(loaded.stream_id, loaded.version + step, *self._registry.encode(event))
            for loaded, events in changes
            for step, event in enumerate(events, start=1)
        ]
        if not rows and tracking is None:
            return Commit()
        positions = self._log.append(rows, blobs=blobs, tracking=tracking)
        return Commit(tuple(positions), tuple(event for _, events in changes for event in events))
