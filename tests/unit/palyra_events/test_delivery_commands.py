from __future__ import annotations

import pytest

from palyra_events.application import SCHEDULER_CONSUMER, Commit, Intent
from palyra_events.blob import keep
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    Delivery,
    DeliveryDeadLettered,
    DeliveryScheduled,
    DeliverySkipped,
    DeliveryState,
    Failure,
)
from palyra_events.errors import StalePosition, UnknownBlob, UnknownDelivery
from palyra_events.hook import Hook
from palyra_events.identifiers import stream_id
from palyra_events.plugin import Plugin
from palyra_events.registry import REGISTRY
from palyra_events.schedule import schedule
from tests.sample_events import BARE_TARGET, EFFECTS, INVOCATION

SCHEDULER = Intent("system:scheduler")
WORKER = Intent("system:worker")
CRASH = Failure("trapped:unreachable")


@pytest.fixture
def scheduled(app):
    """An application whose log holds one delivery of at most three attempts."""
    _, started = app.start_gateway("0.1.0", SCHEDULER)
    app.schedule_deliveries(schedule(1, started.events[0], [Hook("greet", BARE_TARGET)], Plugin), 1)
    return app


def types(commit):
    return [type(event) for event in commit.events]


def everything(log):
    return [REGISTRY.decode(row.topic, row.state) for row in log.read(0, 1000)]


def test_deliveries_are_scheduled_with_the_position(app, log):
    """The scheduler's position moves in the same append."""
    _, started = app.start_gateway("0.1.0", SCHEDULER)
    hooks = [Hook("b", BARE_TARGET), Hook("a", BARE_TARGET)]
    commit = app.schedule_deliveries(schedule(1, started.events[0], hooks, Plugin), 1)
    assert [event.delivery_id for event in commit.events] == ["1:a", "1:b"]
    assert log.position(SCHEDULER_CONSUMER) == 1


def test_an_event_without_hooks_moves_the_position(app, log):
    """The scheduler does not look at it again."""
    assert app.schedule_deliveries([], 1) == Commit()
    assert log.position(SCHEDULER_CONSUMER) == 1


def test_a_second_scheduler_schedules_nothing(scheduled, log):
    """Two that look at the same event make its deliveries once."""
    with pytest.raises(StalePosition):
        scheduled.schedule_deliveries(
            schedule(1, everything(log)[0], [Hook("greet", BARE_TARGET)], Plugin), 1
        )
    assert log.head() == 2


def test_a_delivery_is_read_with_its_version(scheduled):
    """The version is where its outcome is expected."""
    loaded = scheduled.delivery("1:greet")
    assert (loaded.version, loaded.state) == (1, Delivery("1:greet", DeliveryState.SCHEDULED, 0, 5))


def test_a_delivery_that_was_never_scheduled_has_no_state(app):
    """Recording an outcome for it is refused."""
    with pytest.raises(UnknownDelivery):
        app.success(app.delivery("1:greet"), INVOCATION, EFFECTS, WORKER, [])


def test_a_success_is_recorded_with_its_bytes(scheduled, log):
    """Input, output, logs and transcript are there as soon as the outcome is."""
    reference, output = keep(b'{"result":1}')
    success = scheduled.success(scheduled.delivery("1:greet"), INVOCATION, EFFECTS, WORKER, [output])
    (commit,) = scheduled.commit_each([success])
    assert types(commit) == [AttemptSucceeded]
    assert log.blob(reference.digest) == b'{"result":1}'


def test_a_skip_is_recorded(scheduled):
    """The outcome of a delivery without a right to run is that."""
    skip = scheduled.skip(scheduled.delivery("1:greet"), "plugin_unbound", 2, WORKER)
    (commit,) = scheduled.commit_each([skip])
    assert types(commit) == [DeliverySkipped]


def test_outcomes_are_recorded_together_and_each_at_its_version(app):
    """Of several outcomes one that comes too late is left out, and the others are there."""
    _, started = app.start_gateway("0.1.0", SCHEDULER)
    hooks = [Hook(name, BARE_TARGET) for name in ("first", "last", "late")]
    app.schedule_deliveries(schedule(1, started.events[0], hooks, Plugin), 1)
    names = ("1:first", "1:late", "1:last")
    first, late, last = app.deliveries(names)
    app.record_failure(late, CRASH, WORKER)

    commits = app.commit_each(
        [
            app.success(first, INVOCATION, EFFECTS, WORKER, []),
            app.success(late, INVOCATION, EFFECTS, WORKER, []),
            app.skip(last, "plugin_unbound", 2, WORKER),
        ]
    )

    assert [commit and types(commit) for commit in commits] == [
        [AttemptSucceeded],
        None,
        [DeliverySkipped],
    ]
    assert [each.state.state for each in app.deliveries(names)] == [
        DeliveryState.SUCCEEDED,
        DeliveryState.RETRYING,
        DeliveryState.SKIPPED,
    ]


def test_failures_end_in_a_dead_letter(scheduled):
    """Five failures, and the last makes the dead letter in the same append."""
    commits = [scheduled.record_failure(scheduled.delivery("1:greet"), CRASH, WORKER) for _ in range(5)]
    assert [types(commit) for commit in commits] == [[AttemptFailed]] * 4 + [
        [AttemptFailed, DeliveryDeadLettered]
    ]
    assert scheduled.delivery("1:greet").state.state is DeliveryState.DEAD


@pytest.mark.parametrize("first", ["success", "failure", "skip"])
@pytest.mark.parametrize("second", ["success", "failure", "skip"])
def test_of_two_workers_one_records_an_outcome(scheduled, log, first, second):
    """Who was taken for dead finds its place taken, and leaves neither event nor bytes."""
    mine, theirs = scheduled.delivery("1:greet"), scheduled.delivery("1:greet")
    reference, late = keep(b"late")
    outcome = {
        "success": lambda loaded, blobs: scheduled.success(loaded, INVOCATION, EFFECTS, WORKER, blobs),
        "failure": lambda loaded, blobs: scheduled.failure(loaded, CRASH, WORKER, blobs),
        "skip": lambda loaded, _: scheduled.skip(loaded, "plugin_unbound", 2, WORKER),
    }
    (recorded,) = scheduled.commit_each([outcome[first](mine, [])])
    (refused,) = scheduled.commit_each([outcome[second](theirs, [late])])
    assert recorded is not None
    assert refused is None
    with pytest.raises(UnknownBlob):
        log.blob(reference.digest)
    assert log.head() == 3


def test_every_event_of_a_delivery_is_in_one_stream(scheduled, log):
    """A delivery's story is one stream, from its scheduling on."""
    scheduled.record_failure(scheduled.delivery("1:greet"), CRASH, WORKER)
    rows = log.read_stream(stream_id("delivery", "1:greet"))
    assert [type(REGISTRY.decode(row.topic, row.state)) for row in rows] == [DeliveryScheduled, AttemptFailed]
