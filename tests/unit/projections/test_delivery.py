from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryHastened,
    DeliveryRequeued,
    DeliveryScheduled,
    DeliverySkipped,
    DeliveryState,
)
from palyra_events.lifecycle import HookEventKind
from projections import DeliveryFilter, Projector, Views
from tests.journal import Journal
from tests.sample_events import INVOCATION, MOMENT

LATER = MOMENT + timedelta(hours=1)


def _scheduled(position: int, hook_id: str, key: str | None = None) -> Mapping[str, object]:
    """The facts of a delivery of the event at ``position``."""
    return {
        "delivery_id": f"{position}:{hook_id}",
        "event_position": position,
        "event_kind": HookEventKind.SkillEnabled,
        "hook_id": hook_id,
        "plugin_id": "echo",
        "ordering_key": key or f"hook:{hook_id}",
        "attempts_max": 3,
    }


def _failed(delivery_id: str, attempt: int, **facts: object) -> Mapping[str, object]:
    return {"delivery_id": delivery_id, "attempt": attempt, "outcome": "trapped:unreachable", **facts}


def _due(views: Views, now=LATER) -> list[str]:
    return [row.delivery_id for row in views.due_deliveries(now)]


def test_a_scheduled_delivery_has_all_its_facts(views: Views, journal: Journal):
    """The event, the hook, the plugin and the line it waits in are in the row."""
    position = journal.add(DeliveryScheduled, **_scheduled(41, "greet"))

    row = views.delivery("41:greet")

    assert (row.state, row.is_open, row.is_next) == (DeliveryState.SCHEDULED, True, True)
    assert (row.event_position, row.event_kind) == (41, HookEventKind.SkillEnabled)
    assert (row.hook_id, row.plugin_id, row.ordering_key) == ("greet", "echo", "hook:greet")
    assert (row.attempts, row.attempts_max, row.retry_at, row.outcome) == (0, 3, None, None)
    assert row.scheduled_position == row.changed_position == position


def test_a_success_closes_a_delivery(views: Views, journal: Journal):
    """Its outcome is that of the invocation, and nothing more is due."""
    journal.add(DeliveryScheduled, **_scheduled(41, "greet"))
    position = journal.add(AttemptSucceeded, delivery_id="41:greet", attempt=1, invocation=INVOCATION)

    row = views.delivery("41:greet")

    assert (row.state, row.is_open, row.is_next) == (DeliveryState.SUCCEEDED, False, False)
    assert (row.attempts, row.outcome, row.changed_position) == (1, "ok", position)
    assert _due(views) == []


def test_an_attempt_tells_all_about_its_invocation(views: Views, journal: Journal):
    """Fuel, memory, time and the digests of what went in and came out are in the row."""
    journal.add(DeliveryScheduled, **_scheduled(41, "greet"))
    journal.add(AttemptSucceeded, delivery_id="41:greet", attempt=1, invocation=INVOCATION)

    (row,) = views.attempts("41:greet")

    assert (row.delivery_id, row.attempt, row.position, row.outcome) == ("41:greet", 1, 2, "ok")
    assert (row.skill_id, row.skill_version, row.as_of) == ("acme.echo", "1.2.3", 40)
    assert (row.exit_code, row.fuel_units, row.memory_bytes_peak, row.duration_us) == (7, 12_345, 131_072, 87)
    assert INVOCATION.output is not None
    assert (row.input_sha256, row.output_sha256) == (INVOCATION.input.sha256, INVOCATION.output.sha256)


def test_a_lost_worker_leaves_an_attempt_without_an_invocation(views: Views, journal: Journal):
    """What nobody can know is absent."""
    journal.add(DeliveryScheduled, **_scheduled(41, "greet"))
    journal.add(AttemptFailed, delivery_id="41:greet", attempt=1, outcome="worker_lost", retry_at=LATER)

    (row,) = views.attempts("41:greet")

    assert (row.outcome, row.retry_at, row.fuel_units, row.input_sha256) == ("worker_lost", LATER, None, None)


def test_a_failed_attempt_is_due_again_at_its_time(views: Views, journal: Journal):
    """Not a microsecond before it."""
    journal.add(DeliveryScheduled, **_scheduled(41, "greet"))
    journal.add(AttemptFailed, **_failed("41:greet", 1, message="unreachable", retry_at=LATER))

    row = views.delivery("41:greet")

    assert (row.state, row.attempts, row.message) == (DeliveryState.RETRYING, 1, "unreachable")
    assert _due(views, LATER - timedelta(microseconds=1)) == []
    assert _due(views, LATER) == ["41:greet"]
    assert views.next_retry_at() == LATER
    assert views.next_retry_at(MOMENT) == LATER
    assert views.next_retry_at(LATER) is None


def test_a_last_failure_is_never_offered_as_due(views: Views, journal: Journal, projector: Projector):
    """Between it and its dead letter, where a page may end, nobody is invited to try once more."""
    journal.add(DeliveryScheduled, **_scheduled(41, "greet"))
    journal.add_all(
        [
            (AttemptFailed, _failed("41:greet", 1)),
            (DeliveryDeadLettered, {"delivery_id": "41:greet", "attempts": 1, "outcome": "out_of_fuel"}),
        ]
    )
    projector.catch_up(until=2)

    assert _due(views.as_is) == []
    assert views.delivery("41:greet").state is DeliveryState.DEAD


def test_a_skipped_delivery_tells_why(views: Views, journal: Journal):
    """It is closed without an attempt, and says at which position the right to run was read."""
    journal.add(DeliveryScheduled, **_scheduled(41, "greet"))
    journal.add(DeliverySkipped, delivery_id="41:greet", cause="skill_quarantined", as_of=44)

    row = views.delivery("41:greet")

    assert (row.state, row.cause, row.as_of) == (DeliveryState.SKIPPED, "skill_quarantined", 44)
    assert row.attempts == 0


def test_only_the_first_of_a_line_is_due(views: Views, journal: Journal):
    """Deliveries of one ordering key are carried out one after another, of different keys side by side."""
    for position, hook_id in ((1, "a"), (1, "b"), (2, "a"), (2, "b")):
        journal.add(DeliveryScheduled, **_scheduled(position, hook_id))
    before = _due(views)
    journal.add(AttemptSucceeded, delivery_id="1:b", attempt=1, invocation=INVOCATION)

    after = _due(views)

    assert before == ["1:a", "1:b"]
    assert after == ["1:a", "2:b"]


def test_a_waiting_retry_holds_its_line_only(views: Views, journal: Journal):
    """Those behind it wait with it, those of other keys do not."""
    for position, hook_id in ((1, "a"), (1, "b"), (2, "a")):
        journal.add(DeliveryScheduled, **_scheduled(position, hook_id))
    journal.add(AttemptFailed, **_failed("1:a", 1, retry_at=LATER + timedelta(hours=1)))

    assert _due(views) == ["1:b"]


@pytest.mark.parametrize(
    ("closing", "facts"),
    [
        (DeliverySkipped, {"cause": "skill_quarantined", "as_of": 3}),
        (DeliveryDeadLettered, {"attempts": 1, "outcome": "denied"}),
        (DeliveryCancelled, {"was": DeliveryState.SCHEDULED}),
    ],
    ids=["skipped", "dead", "cancelled"],
)
def test_whatever_closes_a_delivery_lets_the_next_one_come_up(views: Views, journal: Journal, closing, facts):
    """A line is not stuck behind what will never be done."""
    journal.add(DeliveryScheduled, **_scheduled(1, "a"))
    journal.add(DeliveryScheduled, **_scheduled(2, "a"))
    journal.add(closing, delivery_id="1:a", **facts)

    assert _due(views) == ["2:a"]


def test_a_delivery_in_the_middle_of_a_line_is_cancelled(views: Views, journal: Journal):
    """The first one stays the first, and what is behind does not come up before it."""
    for position in (1, 2, 3):
        journal.add(DeliveryScheduled, **_scheduled(position, "a"))
    journal.add(DeliveryCancelled, delivery_id="2:a", was=DeliveryState.SCHEDULED)
    before = _due(views)
    journal.add(AttemptSucceeded, delivery_id="1:a", attempt=1, invocation=INVOCATION)

    assert (before, _due(views)) == (["1:a"], ["3:a"])
    assert views.delivery("2:a").state is DeliveryState.CANCELLED


def _skipped(journal: Journal, delivery_id: str) -> None:
    journal.add(DeliverySkipped, delivery_id=delivery_id, cause="skill_quarantined", as_of=9)


def test_a_requeued_delivery_begins_a_new_round(views: Views, journal: Journal):
    """It is scheduled as at first; its attempts are counted on, and why it was skipped is past."""
    journal.add(DeliveryScheduled, **_scheduled(1, "a"))
    journal.add(AttemptFailed, **_failed("1:a", 1, retry_at=MOMENT))
    _skipped(journal, "1:a")
    position = journal.add(DeliveryRequeued, delivery_id="1:a", round=2)

    row = views.delivery("1:a")

    assert (row.state, row.is_open, row.is_next) == (DeliveryState.SCHEDULED, True, True)
    assert (row.round, row.attempts, row.attempts_before, row.attempts_of_round) == (2, 1, 1, 0)
    assert (row.cause, row.as_of, row.retry_at, row.changed_position) == (None, None, None, position)


def test_a_requeued_delivery_has_its_old_place_in_the_line(views: Views, journal: Journal):
    """Events come in their order: what waits is behind it, also where it was first meanwhile."""
    for position in (1, 2, 3):
        journal.add(DeliveryScheduled, **_scheduled(position, "a"))
    _skipped(journal, "1:a")
    _skipped(journal, "2:a")
    journal.add(DeliveryRequeued, delivery_id="2:a", round=2)
    before = _due(views)
    journal.add(DeliveryRequeued, delivery_id="1:a", round=2)

    assert (before, _due(views)) == (["2:a"], ["1:a"])
    assert [row.delivery_id for row in views.deliveries_before(views.delivery("3:a"))] == ["1:a", "2:a"]


def test_a_requeued_delivery_of_an_empty_line_is_due(views: Views, journal: Journal):
    """Nobody has to be in front of it, and other lines are not touched."""
    journal.add(DeliveryScheduled, **_scheduled(1, "a"))
    journal.add(DeliveryScheduled, **_scheduled(1, "b"))
    _skipped(journal, "1:a")
    journal.add(DeliveryRequeued, delivery_id="1:a", round=2)

    assert _due(views) == ["1:a", "1:b"]


def test_an_attempt_tells_its_round(views: Views, journal: Journal):
    """What was tried after a requeue is told apart from what was tried before."""
    journal.add(DeliveryScheduled, **_scheduled(1, "a"))
    journal.add(AttemptFailed, **_failed("1:a", 1, retry_at=MOMENT))
    journal.add(DeliveryCancelled, delivery_id="1:a", was=DeliveryState.RETRYING)
    journal.add(DeliveryRequeued, delivery_id="1:a", round=2)
    journal.add(AttemptSucceeded, delivery_id="1:a", attempt=2, invocation=INVOCATION)

    assert [(row.attempt, row.round) for row in views.attempts("1:a")] == [(1, 1), (2, 2)]


def test_a_hastened_retry_is_due_at_once(views: Views, journal: Journal):
    """Its time is forgotten, and its round and its attempts are as they were."""
    journal.add(DeliveryScheduled, **_scheduled(1, "a"))
    journal.add(AttemptFailed, **_failed("1:a", 1, retry_at=LATER))
    journal.add(DeliveryHastened, delivery_id="1:a")

    row = views.delivery("1:a")

    assert _due(views, MOMENT) == ["1:a"]
    assert (row.state, row.retry_at, row.round, row.attempts) == (DeliveryState.RETRYING, None, 1, 1)


def test_a_failure_out_of_turn_does_not_jump_the_line(views: Views, journal: Journal):
    """Only the oldest open delivery of a key is due, whatever became of those behind it."""
    journal.add(DeliveryScheduled, **_scheduled(1, "a"))
    journal.add(DeliveryScheduled, **_scheduled(2, "a"))
    journal.add(AttemptFailed, **_failed("2:a", 1, retry_at=MOMENT))

    assert _due(views) == ["1:a"]


def test_hooks_that_share_a_key_share_a_line(views: Views, journal: Journal):
    """Two hooks of one plugin with storage run one after the other."""
    journal.add(DeliveryScheduled, **_scheduled(1, "a", key="plugin:echo"))
    journal.add(DeliveryScheduled, **_scheduled(1, "b", key="plugin:echo"))

    assert _due(views) == ["1:a"]


def test_a_retry_behind_another_delivery_wakes_nobody(views: Views, journal: Journal):
    """The next retry is that of a delivery which could then be carried out."""
    assert views.next_retry_at() is None
    journal.add(DeliveryScheduled, **_scheduled(1, "a"))

    assert views.next_retry_at() is None


def test_deliveries_are_listed_by_state_and_hook_page_by_page(views: Views, journal: Journal):
    """Filters hold together, and a page begins behind the last one."""
    for position in (1, 2, 3):
        for hook_id in ("a", "b"):
            journal.add(DeliveryScheduled, **_scheduled(position, hook_id))
    journal.add(AttemptSucceeded, delivery_id="1:a", attempt=1, invocation=INVOCATION)

    waiting = DeliveryFilter(states=frozenset({DeliveryState.SCHEDULED}), hook_id="a")
    first = views.deliveries(waiting, limit=1)
    rest = views.deliveries(waiting, after=first[-1].scheduled_position)

    assert [row.delivery_id for row in (*first, *rest)] == ["2:a", "3:a"]


def test_a_guest_that_says_null_does_not_stop_the_view(views: Views, journal: Journal):
    """PostgreSQL cannot keep U+0000; a message that has it is shown with a replacement character."""
    journal.add(DeliveryScheduled, **_scheduled(1, "a"))
    journal.add(AttemptFailed, **_failed("1:a", 1, message="x\0y", retry_at=LATER))

    assert views.delivery("1:a").message == "x\ufffdy"
    assert views.attempts("1:a")[0].message == "x\ufffdy"


def test_what_is_due_is_told_apart_by_its_event(views: Views, journal: Journal):
    """Who waits for what an event set off does not wait for what came after."""
    journal.add(DeliveryScheduled, **_scheduled(5, "a"))

    assert views.has_due_deliveries(MOMENT, 5)
    assert not views.has_due_deliveries(MOMENT, 4)


def test_which_was_next_is_told_of_any_moment(views: Views, journal: Journal):
    """The oldest open one of its line, as of then: not what is next now."""
    for position in (41, 42):
        journal.add(DeliveryScheduled, **_scheduled(position, "greet"))
    journal.add(DeliverySkipped, delivery_id="41:greet", cause="plugin_disabled", as_of=2)
    journal.add(DeliverySkipped, delivery_id="42:greet", cause="plugin_disabled", as_of=3)

    told = [[row.is_next for row in views.deliveries(at=at)] for at in range(5)]

    assert told == [[], [True], [True, False], [False, True], [False, False]]
