"""Whatever happens, a view is the fold of its log: the rules of the aggregates are the oracle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palyra_events import delivery as deliveries
from palyra_events import hook as hooks
from palyra_events.delivery import Delivery, DeliveryScheduled, Failure
from palyra_events.errors import IllegalTransition, UnknownHook
from palyra_events.event import Event, Stamp
from palyra_events.hook import Hook, Target
from palyra_events.identifiers import delivery_id
from palyra_events.lifecycle import HookEventKind
from palyra_events.skill import SkillInstalled
from palyra_events.store import EventLog
from projections import PROJECTIONS, Projector, Views, content_digest, open_engine
from tests.journal import Journal
from tests.sample_events import BARE_INVOCATION, EFFECTS, MOMENT, SAMPLES

KINDS = (HookEventKind.SkillEnabled, HookEventKind.GatewayStartup)
HOOK_IDS = ("a", "b", "c")

#: the release whose plugin answers
INSTALLED = next(each.minimal for each in SAMPLES if isinstance(each.minimal, SkillInstalled))

few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextmanager
def _opened() -> Iterator[tuple[Journal, Projector, Views, Callable[[], list[str]]]]:
    with TemporaryDirectory() as folder, EventLog.open(f"sqlite:///{Path(folder) / 'views.db'}") as log:
        engine = open_engine(log.url)
        projector = Projector(engine, log)
        digests = lambda: [content_digest(engine, projection.name) for projection in PROJECTIONS]  # noqa: E731
        yield Journal(log), projector, Views(engine, projector), digests
        engine.dispose()


def _bind(kind: int, plugin: str) -> Callable[[Hook, Stamp], list[Event]]:
    return lambda hook, stamp: hooks.bind_hook(hook, Target(event_kind=KINDS[kind], plugin_id=plugin), stamp)


hook_commands = st.lists(
    st.tuples(
        st.sampled_from(HOOK_IDS),
        st.one_of(
            st.builds(_bind, st.integers(0, 1), st.sampled_from("pq")),
            st.sampled_from([hooks.enable_hook, hooks.disable_hook]),
        ),
        st.booleans(),
    ),
    max_size=30,
)


@few
@given(commands=hook_commands)
def test_hooks_at_any_position_are_what_their_events_say(commands: Sequence[tuple]):
    """Folded in pages of any size, the view knows each hook as it was after each event."""
    with _opened() as (journal, projector, views, digests):
        state = {hook_id: Hook(hook_id) for hook_id in HOOK_IDS}
        history = [dict(state)]
        for hook_id, command, is_page_end in commands:
            try:
                events = command(state[hook_id], journal.stamp())
            except (UnknownHook, IllegalTransition):
                continue
            for event in events:
                journal.append([event])
                state[hook_id] = hooks.evolve(state[hook_id], event)
                history.append(dict(state))
            if is_page_end:
                projector.catch_up()

        for position, then in enumerate(history):
            bound = [hook for hook in then.values() if hook.target is not None]
            assert [row.hook for row in views.hooks(at=position)] == bound
            for kind in KINDS:
                met = [row.hook for row in views.hooks_for_event(kind, at=position + 1)]
                assert met == [hook for hook in bound if hook.target and hook.target.event_kind is kind]
        live = digests()
        projector.rebuild()
        assert digests() == live


def _succeed(delivery: Delivery, stamp: Stamp) -> list[Event]:
    return deliveries.record_success(delivery, BARE_INVOCATION, EFFECTS, stamp)


def _fail(delivery: Delivery, stamp: Stamp) -> list[Event]:
    return deliveries.record_failure(delivery, Failure("worker_lost"), stamp)


def _skip(delivery: Delivery, stamp: Stamp) -> list[Event]:
    return deliveries.skip_delivery(delivery, "skill_quarantined", 1, stamp)


delivery_commands = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from([_succeed, _fail, _fail, _skip]),
        st.integers(0, 2),
    ),
    max_size=40,
)


def _schedule(number: int, stamp: Stamp) -> DeliveryScheduled:
    """The deliveries of four events to three hooks, two of which share a line."""
    position, hook_id = number // 3 + 1, HOOK_IDS[number % 3]
    return stamp.on(
        DeliveryScheduled,
        delivery_id=delivery_id(position, hook_id),
        event_position=position,
        event_kind=KINDS[0],
        hook_id=hook_id,
        plugin_id="p",
        ordering_key="hook:c" if hook_id == "c" else "plugin:p",
        attempts_max=2,
    )


def _due_by_the_rules(scheduled: Sequence[DeliveryScheduled], state: dict[str, Delivery], now) -> set[str]:
    """The first open delivery of each ordering key, unless it waits for a retry."""
    first: dict[str, Delivery] = {}
    for event in scheduled:
        delivery = state[event.delivery_id]
        if delivery.state is not None and delivery.state.is_open:
            first.setdefault(event.ordering_key, delivery)
    return {d.delivery_id for d in first.values() if d.retry_at is None or d.retry_at <= now}


@few
@given(commands=delivery_commands, scheduled_at_once=st.integers(1, 12))
def test_what_is_due_is_what_the_rules_say(commands: Sequence[tuple], scheduled_at_once: int):
    """After any history, the due deliveries are the first open ones of their lines."""
    with _opened() as (journal, projector, views, digests):
        journal.append([INSTALLED])
        scheduled = [_schedule(number, journal.stamp()) for number in range(12)]
        state = {event.delivery_id: Delivery(event.delivery_id) for event in scheduled}
        waiting = list(scheduled)
        for number, command, seconds in [(0, None, 0), *commands]:
            for event in waiting[:scheduled_at_once]:
                journal.append([event])
                state[event.delivery_id] = deliveries.evolve(state[event.delivery_id], event)
            waiting = waiting[scheduled_at_once:]
            delivery = state[scheduled[number].delivery_id]
            if command is not None and delivery.state is not None and delivery.state.is_open:
                events = command(delivery, journal.stamp())
                journal.append(events)
                for event in events:
                    state[delivery.delivery_id] = deliveries.evolve(state[delivery.delivery_id], event)

            now = MOMENT + timedelta(minutes=seconds)
            due = [row.delivery_id for row in views.due_deliveries(now)]
            assert len(due) == len(set(due))
            assert set(due) == _due_by_the_rules(scheduled, state, now)
        live = digests()
        projector.rebuild()
        assert digests() == live
