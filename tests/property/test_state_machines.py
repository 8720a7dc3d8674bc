"""What is true after any sequence of commands, whoever gives them and in whatever order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial, reduce
from itertools import chain, count, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palyra_events import delivery as deliveries
from palyra_events import hook as hooks
from palyra_events import message as messages
from palyra_events import plugin as plugins
from palyra_events import publisher as publishers
from palyra_events import release as releases
from palyra_events import skill as skills
from palyra_events.application import Application, Change, Intent, Loaded
from palyra_events.commands.delivery import Rule
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    Delivery,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryHastened,
    DeliveryRequeued,
    DeliveryScheduled,
    DeliverySkipped,
    DeliveryState,
    Failure,
)
from palyra_events.errors import Conflict, NotAllowed, NotFound, StaleVersion
from palyra_events.event import Event, Stamp
from palyra_events.hook import Hook, Target
from palyra_events.identifiers import stream_id, version_key
from palyra_events.lifecycle import HookEventKind
from palyra_events.message import Message, MessageFailed, MessageSent
from palyra_events.plugin import Plugin
from palyra_events.publisher import Publisher
from palyra_events.record import NewEvent
from palyra_events.registry import REGISTRY
from palyra_events.retry import DELAY_MS_MAX
from palyra_events.schedule import schedule
from palyra_events.skill import (
    ReleaseState,
    Skill,
    SkillAudited,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
)
from tests.event_strategies import events
from tests.memory_log import MemoryLog
from tests.sample_events import (
    BARE_BINDING,
    BARE_STAMP,
    BARE_TARGET,
    BINDING,
    EFFECTS,
    FACTS,
    FAILED,
    FULL_STAMP,
    INVOCATION,
    MOMENT,
    PASSED,
    TARGET,
)

#: the refusals that a rule may answer with
REFUSALS = (Conflict, NotAllowed, NotFound)

VERSIONS = ["0.9.0", "0.10.0", "1.0.0"]
OUTCOMES = ["trapped:unreachable", "out_of_fuel", "worker_lost", "denied", "link", "guest_failed"]

versions, verdicts = st.sampled_from(VERSIONS), st.sampled_from([PASSED, FAILED])
facts = st.sampled_from([FACTS, FACTS.model_copy(update={"payload_sha256": "00" * 32})])
stamps = st.sampled_from([BARE_STAMP, FULL_STAMP])
outcomes = st.sampled_from(OUTCOMES)


def commands(*shapes: st.SearchStrategy) -> st.SearchStrategy[list]:
    """Return sequences of commands; each is a function of the present state."""
    return st.lists(st.one_of(*shapes), max_size=30)


def command(rule: Callable, *arguments: st.SearchStrategy, **options: st.SearchStrategy) -> st.SearchStrategy:
    """Return a strategy for one rule with its arguments, still without the state that it decides on."""
    return st.builds(
        lambda given, named: lambda state: rule(state, *given, **named),
        st.tuples(*arguments),
        st.fixed_dictionaries(options),
    )


def decided(state, decide):
    """Return what a rule answers, after it answered the same twice: events or a typed refusal."""
    answers = []
    for _ in range(2):
        try:
            answers.append(decide(state))
        except REFUSALS as refusal:
            answers.append((type(refusal), refusal.message, refusal.details))
    assert answers[0] == answers[1]
    return answers[0] if isinstance(answers[0], list) else []


def appends(fresh, evolve, sequence):
    """Return what each command of a sequence appends: its events, each with the state after it."""
    state, told = fresh, []
    for decide in sequence:
        append = []
        for event in decided(state, decide):
            state = evolve(state, event)
            append.append((event, state))
        told.append(append)
    return told


def story(fresh, evolve, sequence):
    """Return each event of a sequence of commands with the state after it."""
    return list(chain.from_iterable(appends(fresh, evolve, sequence)))


skill_commands = commands(
    command(releases.install_skill, versions, facts, verdicts, stamps),
    command(releases.enable_skill, versions, verdicts, stamps, override=st.booleans()),
    command(releases.update_skill, versions, facts, verdicts, stamps),
    command(releases.roll_back_skill, versions, verdicts, stamps),
    command(
        releases.recheck_skill, versions, st.none() | verdicts, st.sampled_from([[], ["it is bad"]]), stamps
    ),
    command(releases.quarantine_skill, versions, stamps),
    command(releases.disable_skill, versions, stamps),
    command(releases.remove_skill, versions, stamps, erased=st.booleans()),
)
delivery_commands = commands(
    command(deliveries.record_success, st.just(INVOCATION), st.just(EFFECTS), stamps),
    command(deliveries.record_failure, st.builds(Failure, outcomes, permanent=st.booleans()), stamps),
    command(deliveries.skip_delivery, st.just("plugin_unbound"), st.integers(0, 9), stamps),
    command(deliveries.cancel_delivery, stamps),
    command(deliveries.discard_delivery, stamps),
    command(deliveries.requeue_delivery, stamps),
    command(deliveries.retry_delivery, stamps),
)
message_commands = commands(
    command(messages.record_sent, st.just("ops"), stamps),
    command(messages.record_failure, st.just("ops"), st.just("connect"), st.text(max_size=3), stamps),
    command(messages.requeue_message, stamps),
    command(messages.discard_message, stamps),
)
hook_commands = commands(
    command(hooks.bind_hook, st.sampled_from([TARGET, BARE_TARGET]), stamps),
    command(hooks.enable_hook, stamps),
    command(hooks.disable_hook, stamps),
    command(hooks.unbind_hook, stamps),
)
plugin_commands = commands(
    command(plugins.bind_plugin, st.sampled_from([BINDING, BARE_BINDING]), stamps),
    command(plugins.enable_plugin, stamps),
    command(plugins.disable_plugin, stamps),
    command(plugins.unbind_plugin, st.sampled_from([[], ["greet"]]), stamps),
)
publisher_commands = commands(
    command(publishers.pin_publisher, st.just("k"), st.sampled_from(["4b" * 32, "5c" * 32]), stamps)
)

MACHINES = {
    "skill": (Skill("acme.echo"), skills.evolve, skill_commands),
    "delivery": (Delivery("41:greet"), deliveries.evolve, delivery_commands),
    "message": (Message("47.1"), messages.evolve, message_commands),
    "hook": (Hook("greet"), hooks.evolve, hook_commands),
    "plugin": (Plugin("echo"), plugins.evolve, plugin_commands),
    "publisher": (Publisher("acme"), publishers.evolve, publisher_commands),
}


@pytest.mark.parametrize("name", MACHINES)
@settings(deadline=None, database=None)
@given(data=st.data())
def test_what_a_rule_decides_can_be_folded(name, data):
    """A rule answers the same each time, and its events lead back from the log to the same state."""
    fresh, evolve, sequences = MACHINES[name]
    told = story(fresh, evolve, data.draw(sequences))
    kept = [REGISTRY.encode(event) for event, _ in told]
    assert reduce(evolve, (REGISTRY.decode(*row) for row in kept), fresh) == (told[-1][1] if told else fresh)


@settings(deadline=None, database=None)
@given(sequence=skill_commands)
def test_at_most_one_release_is_enabled_after_each_event(sequence):
    """Also between the events of one append, for hooks and views see each of them."""
    for _, skill in story(Skill("acme.echo"), skills.evolve, sequence):
        enabled = [release for release in skill.releases.values() if release.state is ReleaseState.ENABLED]
        assert len(enabled) <= 1


@settings(deadline=None, database=None)
@given(sequence=skill_commands)
def test_quarantine_ends_with_a_passing_audit_or_a_reason(sequence):
    """A quarantined release runs again only after it was audited afresh, or where somebody said why."""
    cleared: dict[str, bool] = {}
    for event, _ in story(Skill("acme.echo"), skills.evolve, sequence):
        match event:
            case SkillQuarantined():
                cleared[event.version] = False
            case SkillAudited():
                cleared[event.version] = event.passed
            case SkillEnabled():
                assert cleared[event.version] or (event.override and event.reason is not None)


@settings(deadline=None, database=None)
@given(sequence=skill_commands)
def test_a_failed_audit_is_followed_by_quarantine_or_an_override(sequence):
    """No append leaves a release with a failed audit where one more plain step would let it run."""
    for append in appends(Skill("acme.echo"), skills.evolve, sequence):
        failed = {
            event.version for event, _ in append if isinstance(event, SkillAudited) and not event.passed
        }
        overridden = {
            event.version for event, _ in append if isinstance(event, SkillEnabled) and event.override
        }
        for version in failed - overridden:
            assert append[-1][1].release(version).state is ReleaseState.QUARANTINED


@settings(deadline=None, database=None)
@given(sequence=skill_commands)
def test_a_version_never_stands_for_two_things(sequence):
    """However often a release is removed and comes back, it is the same bytes."""
    payloads: dict[str, set[str]] = {}
    for event, _ in story(Skill("acme.echo"), skills.evolve, sequence):
        if isinstance(event, SkillInstalled):
            payloads.setdefault(event.version, set()).add(event.release.payload_sha256)
    assert all(len(found) == 1 for found in payloads.values())


@settings(deadline=None, database=None)
@given(sequence=skill_commands)
def test_what_was_removed_stays_away_until_it_is_installed(sequence):
    """After a removal nothing is told of a release but that it is installed again."""
    removed: set[str] = set()
    for event, skill in story(Skill("acme.echo"), skills.evolve, sequence):
        assert isinstance(event, SkillInstalled) or event.version not in removed
        removed -= {event.version}
        removed |= {event.version} if isinstance(event, SkillRemoved) else set()
        assert removed.isdisjoint(skill.installed)


@settings(deadline=None, database=None)
@given(sequence=skill_commands)
def test_enablements_only_ever_rise(sequence):
    """Each enabling is later than all before it, so that the last one can be told."""
    highest = 0
    for event, skill in story(Skill("acme.echo"), skills.evolve, sequence):
        if isinstance(event, SkillEnabled):
            assert skill.enabled.enablement == highest + 1
            highest += 1
        assert (skill.enabled_last.enablement if skill.enabled_last else 0) == highest


@settings(deadline=None, database=None)
@given(sequence=skill_commands)
def test_rollbacks_end(sequence):
    """Each one leads to a lower version than the one before, so they cannot go round."""
    state = [Skill("acme.echo"), *(skill for _, skill in story(Skill("acme.echo"), skills.evolve, sequence))][
        -1
    ]
    versions = [state.enabled_last.version] if state.enabled_last else []
    while targets := decided(state, lambda skill: [skill.predecessor()]):
        versions.append(targets[0].version)
        rolled_back = partial(
            releases.roll_back_skill, version=versions[-1], verdict=PASSED, stamp=FULL_STAMP
        )
        state = reduce(skills.evolve, rolled_back(state), state)
    keys = [version_key(version) for version in versions]
    assert keys == sorted(set(keys), reverse=True)


@settings(deadline=None, database=None)
@given(sequence=delivery_commands, attempts_max=st.integers(1, 6))
def test_attempts_are_numbered_without_gaps_and_end(sequence, attempts_max):
    """Attempts are 1, 2, 3, … through all rounds, and no round has more of them than the limit."""
    scheduled = BARE_STAMP.on(
        DeliveryScheduled,
        delivery_id="41:greet",
        event_position=41,
        event_kind=HookEventKind.SkillEnabled,
        hook_id="greet",
        plugin_id="echo",
        ordering_key="hook:greet",
        attempts_max=attempts_max,
    )
    told = story(deliveries.evolve(Delivery("41:greet"), scheduled), deliveries.evolve, sequence)
    attempts = [event.attempt for event, _ in told if isinstance(event, AttemptSucceeded | AttemptFailed)]
    assert attempts == list(range(1, len(attempts) + 1))
    per_round = Counter(
        delivery.round for event, delivery in told if isinstance(event, AttemptSucceeded | AttemptFailed)
    )
    assert max(per_round.values(), default=0) <= attempts_max


@settings(deadline=None, database=None)
@given(sequence=delivery_commands)
def test_a_delivery_that_came_to_an_end_goes_on_only_if_somebody_wants_it(sequence):
    """After success, skip, cancel or dead letter comes a new round, or a dead letter is discarded."""
    told = story(Delivery("41:greet", DeliveryState.SCHEDULED), deliveries.evolve, sequence)
    for (_, before), (event, after) in pairwise(told):
        if before.state is DeliveryState.DEAD and isinstance(event, DeliveryCancelled):
            assert event.reason is not None
        elif not before.state.is_open:
            assert isinstance(event, DeliveryRequeued)
            assert (event.round, after.state) == (before.round + 1, DeliveryState.SCHEDULED)


@settings(deadline=None, database=None)
@given(sequence=message_commands)
def test_a_message_is_done_with_once(sequence):
    """Tries are numbered without gaps; nothing follows what was sent or discarded."""
    told = story(Message("47.1"), messages.evolve, sequence)
    tries = [event.attempt for event, _ in told if isinstance(event, MessageSent | MessageFailed)]
    assert tries == list(range(1, len(tries) + 1))
    assert not any(message.state.is_final for _, message in told[:-1])


@settings(deadline=None, database=None)
@given(sequence=delivery_commands)
def test_an_open_delivery_knows_when_it_is_due_and_a_closed_one_never(sequence):
    """The next attempt is due at once or within an hour, or the dead letter is in the same append."""
    scheduled = Delivery("41:greet", DeliveryState.SCHEDULED)
    for append in appends(scheduled, deliveries.evolve, sequence):
        for event, delivery in append:
            if delivery.state is not DeliveryState.RETRYING or isinstance(event, DeliveryHastened):
                assert delivery.retry_at is None
            elif event.retry_at is None:
                assert isinstance(append[-1][0], DeliveryDeadLettered)
            else:
                assert timedelta(0) < delivery.retry_at - MOMENT <= timedelta(milliseconds=DELAY_MS_MAX)


@settings(deadline=None, database=None)
@given(
    bindings=st.lists(st.tuples(st.text("ab.-_", min_size=1, max_size=3), st.booleans()), max_size=8),
    order=st.randoms(),
)
def test_deliveries_do_not_depend_on_the_order_of_hooks(bindings, order):
    """The same hooks give the same deliveries, each once, for enabled hooks and no others."""
    bound = {hook_id: Hook(hook_id, TARGET, enabled) for hook_id, enabled in bindings}
    shuffled = list(bound.values())
    order.shuffle(shuffled)
    event = FULL_STAMP.on(SkillEnabled, skill_id="a", version="1.0.0", artifact=FACTS.artifact)
    scheduled = schedule(7, event, shuffled, Plugin)
    assert scheduled == schedule(7, event, bound.values(), Plugin)
    assert [delivery.hook_id for delivery in scheduled] == sorted(
        h for h, hook in bound.items() if hook.enabled
    )


@pytest.mark.parametrize(
    "model", sorted(REGISTRY.topics, key=lambda model: model.__name__), ids=lambda m: m.__name__
)
@settings(deadline=None, database=None, max_examples=25)
@given(data=st.data())
def test_what_is_written_is_read(model, data):
    """Every event of every type comes back as it was, and is written as the same bytes again."""
    event = data.draw(events(model))
    row = REGISTRY.encode(event)
    assert REGISTRY.decode(*row) == event
    assert REGISTRY.encode(REGISTRY.decode(*row)) == row


class Workers:
    """Some workers and operators on one delivery; each may look at it, and act upon what it saw."""

    def __init__(self) -> None:
        self.log, ticks = MemoryLog(), count()
        self.app = Application(
            self.log,
            now=lambda: MOMENT + timedelta(seconds=next(ticks)),
            entropy=lambda size: next(ticks).to_bytes(size),
        )
        stamp = Stamp(MOMENT, "system:scheduler", "c")
        event = stamp.on(SkillEnabled, skill_id="a", version="1.0.0", artifact=FACTS.artifact)
        target = Target(event_kind=HookEventKind.SkillEnabled, plugin_id="echo", attempts_max=3)
        self.app.schedule_deliveries(schedule(41, event, [Hook("greet", target)], Plugin), 41)
        self.seen = {}

    def look(self, worker: int) -> None:
        """Claim the delivery as it is now."""
        self.seen[worker] = self.app.delivery("41:greet")

    def record(self, worker: int, outcome: str) -> None:
        """Append an outcome, or a wish, at the version that was seen, however long ago that was."""
        record = {
            "ok": partial(self._end, self.app.success, invocation=INVOCATION, effects=EFFECTS, blobs=[]),
            "skip": partial(self._end, self.app.skip, cause="plugin_unbound", as_of=1),
            "cancel": partial(self._change, deliveries.cancel_delivery),
            "requeue": partial(self._change, deliveries.requeue_delivery),
        }.get(outcome, partial(self._end, self.app.failure, failure=Failure(outcome)))
        if worker in self.seen:
            try:
                record(self.seen[worker], intent=Intent("system:worker"))
            except (StaleVersion, *REFUSALS):
                del self.seen[worker]

    def _end(self, ending: Callable[..., Change[Delivery]], seen: Loaded[Delivery], **facts: Any) -> None:
        (commit,) = self.app.commit_each([ending(seen, **facts)])
        if commit is None:
            raise StaleVersion

    def _change(self, rule: Rule, seen: Loaded[Delivery], intent: Intent) -> None:
        self.app.change_deliveries(rule, [seen], intent)

    def story(self) -> list[Event]:
        """Return what the log tells of the delivery."""
        rows = self.log.read_stream(stream_id("delivery", "41:greet"))
        return [REGISTRY.decode(row.topic, row.state) for row in rows]


moves = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["look", "ok", "skip", "cancel", "requeue", *OUTCOMES])),
    max_size=40,
)


@settings(deadline=None, database=None)
@given(steps=moves)
def test_whoever_is_late_records_nothing(steps):
    """With any number of zombies there is one outcome of each attempt, and one end of each round."""
    workers = Workers()
    for worker, step in steps:
        if step == "look":
            workers.look(worker)
        else:
            workers.record(worker, step)
    told = workers.story()
    attempts = [event.attempt for event in told if isinstance(event, AttemptSucceeded | AttemptFailed)]
    assert attempts == list(range(1, len(attempts) + 1))
    ends = (AttemptSucceeded, DeliveryDeadLettered, DeliverySkipped, DeliveryCancelled)
    for event, then in pairwise(told):
        assert isinstance(event, ends) == isinstance(then, DeliveryRequeued)


@settings(deadline=None, database=None)
@given(
    batches=st.lists(
        st.tuples(
            st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=3),
            st.none() | st.integers(1, 5),
        ),
        max_size=12,
    )
)
def test_an_append_is_all_or_nothing(batches):
    """The log that other tests rely on never keeps half of an append, and never leaves a gap."""
    log = MemoryLog()
    for places, position in batches:
        before = (log.read(0, 100), log.position("scheduler"))
        rows = [NewEvent(stream_id("plugin", str(key)), version, "X@1", b"{}") for key, version in places]
        try:
            positions = log.append(rows, tracking=None if position is None else ("scheduler", position))
        except Conflict:
            assert (log.read(0, 100), log.position("scheduler")) == before
        else:
            assert list(positions) == list(range(len(before[0]) + 1, len(before[0]) + 1 + len(rows)))
    written = [(row.stream_id, row.version) for row in log.read(0, 100)]
    assert len(written) == len(set(written))
