from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryScheduled,
    DeliverySkipped,
    DeliveryState,
)
from palyra_events.lifecycle import HookEventKind
from projections import DeliveryFilter, DeliveryStats, StatsKey, Views
from tests.journal import Journal
from tests.sample_events import INVOCATION, MOMENT


def scheduled(position: int, hook_id: str) -> Mapping[str, object]:
    """The facts of a delivery of the event at ``position``."""
    return {
        "delivery_id": f"{position}:{hook_id}",
        "event_position": position,
        "event_kind": HookEventKind.SkillEnabled,
        "hook_id": hook_id,
        "plugin_id": "echo",
        "ordering_key": f"hook:{hook_id}",
        "attempts_max": 3,
    }


@pytest.fixture
def told(journal: Journal) -> Journal:
    """A hundred successes of ``a`` that took 1 to 100 µs; one delivery of ``b`` in each other state."""
    for number in range(1, 101):
        run = INVOCATION.model_copy(update={"duration_us": number})
        journal.add(DeliveryScheduled, **scheduled(number, "a"))
        journal.add(AttemptSucceeded, delivery_id=f"{number}:a", attempt=1, invocation=run)
    for number in (1, 2, 3, 4, 5):
        journal.add(DeliveryScheduled, **scheduled(number, "b"))
    journal.add(AttemptFailed, delivery_id="1:b", attempt=1, outcome="worker_lost")
    journal.add(DeliveryDeadLettered, delivery_id="1:b", attempts=1, outcome="worker_lost")
    journal.add(DeliverySkipped, delivery_id="2:b", cause="plugin_unbound", as_of=1)
    journal.add(DeliveryCancelled, delivery_id="3:b", was=DeliveryState.SCHEDULED)
    journal.add(AttemptSucceeded, delivery_id="5:b", attempt=1, invocation=INVOCATION)
    return journal


def test_figures_by_hook(views: Views, told: Journal):
    """Ends are counted, durations are at their nearest rank, and the oldest that waits is named."""
    a, b = views.delivery_stats(StatsKey.HOOK)

    assert a == DeliveryStats("a", 100, 0, 100, 0, 0, 0, 100, 50, 99, None, 1.0)
    assert b == DeliveryStats("b", 5, 1, 1, 1, 1, 1, 2, 87, 87, MOMENT + timedelta(seconds=204), 0.5)


def test_figures_by_outcome(views: Views, told: Journal):
    """An attempt counts for its outcome, a delivery for that of its last one, or for none."""
    none, ok, lost = views.delivery_stats(StatsKey.OUTCOME)

    assert (none.key, none.deliveries, none.attempts) == (None, 3, 0)
    assert (ok.key, ok.deliveries, ok.succeeded, ok.attempts, ok.duration_us_p50) == ("ok", 101, 101, 101, 51)
    assert (lost.key, lost.dead, lost.attempts, lost.duration_us_p99) == ("worker_lost", 1, 1, None)
    assert none.success_rate is None


def test_an_outcome_that_was_no_last_one_has_attempts_and_no_deliveries(views: Views, journal: Journal):
    """A first attempt that failed is not hidden by the second that succeeded."""
    journal.add(DeliveryScheduled, **scheduled(1, "a"))
    journal.add(AttemptFailed, delivery_id="1:a", attempt=1, outcome="deadline", retry_at=MOMENT)
    journal.add(AttemptSucceeded, delivery_id="1:a", attempt=2, invocation=INVOCATION)

    deadline, ok = views.delivery_stats(StatsKey.OUTCOME)

    assert (deadline.key, deadline.deliveries, deadline.attempts) == ("deadline", 0, 1)
    assert (ok.key, ok.deliveries, ok.attempts) == ("ok", 1, 1)


def test_figures_of_what_matches(views: Views, told: Journal):
    """A filter takes deliveries away with their attempts."""
    matching = DeliveryFilter(states=frozenset({DeliveryState.SUCCEEDED}), event=5)

    (echo,) = views.delivery_stats(StatsKey.PLUGIN, matching)

    assert (echo.key, echo.deliveries, echo.attempts, echo.duration_us_p50) == ("echo", 2, 2, 5)
    assert views.delivery_stats(StatsKey.HOOK, DeliveryFilter(hook_id="nobody")) == []
