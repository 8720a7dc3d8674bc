from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert

from palyra_events.delivery import AttemptFailed, AttemptSucceeded, DeliveryScheduled
from palyra_events.lifecycle import HookEventKind
from projections import Busy, Views
from projections.delivery import DeliveryView
from tests.journal import Journal
from tests.sample_events import INVOCATION, MOMENT

LATER = MOMENT + timedelta(days=1)
#: deliveries that wait for a retry, and that wait for their turn: far more than are looked at
WAITING = 20_000


def scheduled(number: int, hook_id: str, **facts: object) -> Mapping[str, object]:
    """The facts of a delivery that keeps no order, unless they say otherwise."""
    return {
        "delivery_id": f"{number}:{hook_id}",
        "event_position": number,
        "event_kind": HookEventKind.SkillEnabled,
        "hook_id": hook_id,
        "plugin_id": f"{hook_id}-plugin",
        "ordering_key": f"{number}:{hook_id}",
        "attempts_max": 3,
        **facts,
    }


def schedule(journal: Journal, *names: str, **facts: object) -> None:
    """Schedule deliveries of these ids."""
    for name in names:
        number, _, hook_id = name.partition(":")
        journal.add(DeliveryScheduled, **scheduled(int(number), hook_id, **facts))


def fail(journal: Journal, name: str, **time: float) -> None:
    """Let the first attempt of a delivery fail; the next one is due after a while."""
    retry_at = MOMENT + timedelta(**time)
    journal.add(AttemptFailed, delivery_id=name, attempt=1, outcome="deadline", retry_at=retry_at)


def due(views: Views, limit: int = 100, after_hook: str = "", busy: Busy | None = None) -> list[str]:
    rows = views.due_deliveries(LATER, limit, after_hook=after_hook, busy=busy or Busy())
    return [row.delivery_id for row in rows]


def test_each_hook_has_a_turn_before_any_has_another(views: Views, journal: Journal):
    """A hook for which many wait does not come before others for which one does."""
    schedule(journal, *[f"{number}:flood" for number in range(1, 8)], "8:calm", "9:late", "10:calm")

    assert due(views) == [
        *("8:calm", "1:flood", "9:late"),
        *("10:calm", "2:flood", "3:flood", "4:flood", "5:flood", "6:flood", "7:flood"),
    ]


def test_the_turn_begins_after_a_hook_and_goes_round(views: Views, journal: Journal):
    """Whoever had a turn is the last to have another one."""
    schedule(journal, "1:a", "1:b", "1:c", "1:d")

    assert due(views, after_hook="b") == ["1:c", "1:d", "1:a", "1:b"]
    assert due(views, after_hook="b", limit=3) == ["1:c", "1:d", "1:a"]
    assert due(views, after_hook="z", limit=2) == ["1:a", "1:b"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_no_more_are_due_than_asked_for(views: Views, journal: Journal, limit: int):
    """The limit holds over first attempts and retries together."""
    schedule(journal, "1:a", "1:b", "2:a", "2:b")
    fail(journal, "1:a", minutes=1)

    assert len(due(views, limit)) == min(limit, 4)


def test_within_a_hook_the_oldest_comes_first(views: Views, journal: Journal):
    """Although it keeps no order, a hook is not unfair to its oldest delivery."""
    schedule(journal, "3:a", "1:a", "2:a")

    assert due(views) == ["3:a", "1:a", "2:a"]


def test_retries_and_first_attempts_take_turns(views: Views, journal: Journal):
    """Neither retries nor first attempts hold up the other kind; of retries the one due first is first."""
    schedule(journal, "1:a", "2:b", "3:c", "4:d", "5:e")
    fail(journal, "2:b", minutes=2)
    fail(journal, "1:a", minutes=3)
    fail(journal, "3:c", days=2)

    assert due(views) == ["4:d", "2:b", "5:e", "1:a"]


def test_what_is_busy_is_left_out(views: Views, journal: Journal):
    """Keys that somebody holds and plugins that are at their limit are not asked for, retries included."""
    schedule(journal, "1:a", "2:a", "3:b", "4:c", "5:d", "6:d")
    fail(journal, "3:b", minutes=1)
    fail(journal, "5:d", minutes=1)

    assert due(views, busy=Busy(keys=["1:a"], plugin_ids=["b-plugin"])) == ["2:a", "5:d", "4:c", "6:d"]
    assert due(views, busy=Busy(plugin_ids=["a-plugin", "d-plugin"])) == ["4:c", "3:b"]
    assert due(views, busy=Busy(keys=["1:a", "2:a", "4:c", "6:d"])) == ["3:b", "5:d"]


def test_one_of_an_ordered_hook_is_due(views: Views, journal: Journal):
    """A hook that keeps its order has one delivery at a time, however many are asked for."""
    schedule(journal, "1:a", "2:a", "3:a", ordering_key="hook:a")
    schedule(journal, "4:b", "5:b")

    assert due(views) == ["1:a", "4:b", "5:b"]

    journal.add(AttemptSucceeded, delivery_id="1:a", attempt=1, invocation=INVOCATION)

    assert due(views) == ["2:a", "4:b", "5:b"]


@pytest.fixture
def crowded(views: Views, engine: Engine) -> Views:
    """Views with very many deliveries: closed ones, ones that wait for a retry, and one hook's flood."""
    views.deliveries()
    table = DeliveryView.of(1).delivery.table
    closed = {"state": "succeeded", "is_open": False, "is_next": False, "retry_at": None}
    waiting = {"state": "retrying", "is_open": True, "is_next": True, "retry_at": LATER + timedelta(days=1)}
    flood = {"state": "scheduled", "is_open": True, "is_next": True, "retry_at": None}
    with engine.begin() as connection:
        connection.execute(insert(table), list(rows(1, "closed", closed)))
        connection.execute(insert(table), list(rows(2, "waiting{}", waiting)))
        connection.execute(insert(table), list(rows(3, "flood", flood)))
        connection.exec_driver_sql("ANALYZE")
    return views.as_is


def rows(part: int, hook: str, standing: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for number in range(1, WAITING + 1):
        place = part * 1_000_000 + number
        hook_id = hook.format(number)
        yield {
            **scheduled(place, hook_id),
            **standing,
            "event_kind": HookEventKind.SkillEnabled.value,
            "round": 1,
            "attempts": 0,
            "attempts_before": 0,
            "scheduled_at": MOMENT,
            "scheduled_position": place,
            "changed_at": MOMENT,
            "valid_from": place,
        }


@pytest.mark.slow
def test_what_is_due_is_found_without_looking_at_what_waits(crowded: Views, rows_read):
    """Of tens of thousands that are closed, wait, or are many of one hook, only a few are read."""
    found = crowded.due_deliveries(LATER, 3, after_hook="a")

    assert [row.delivery_id for row in found] == ["3000001:flood", "3000002:flood", "3000003:flood"]
    assert 0 < rows_read("delivery_g1", lambda: crowded.due_deliveries(LATER, 3, after_hook="a")) < 200
