from __future__ import annotations

from collections.abc import Sequence

import pytest

from palyra_events.delivery import AttemptSucceeded, DeliveryScheduled, DeliveryState
from palyra_events.errors import UnknownDelivery, UnknownEvent, UnknownSkill
from palyra_runtime.facade import DeliveryDetail
from projections import StatsKey
from tests.stage import HOOK, SKILL, Stage, answering


@pytest.fixture
def delivered(stage: Stage) -> Stage:
    """A stage on which a delivery was carried out, and its hook switched off."""
    stage.ready(answering())
    stage.scheduled()
    stage.palyra.dispatch.drain()
    stage.palyra.hooks.disable(HOOK)
    return stage


def position_of(stage: Stage, name: str) -> int:
    """Return the position of the last event of a type."""
    return max(row.position for row in stage.palyra.events.list() if row.topic.startswith(name))


def the_one(stage: Stage, at: int | None = None) -> DeliveryDetail:
    """Return the only delivery as it was."""
    (row,) = stage.palyra.deliveries(at=at)
    return stage.palyra.deliveries.show(row.delivery_id, at=at)


def positions(rows: Sequence[object]) -> list[int]:
    """Return the positions of events, in the order in which they came."""
    return [row.position for row in rows]  # type: ignore[attr-defined]


def test_a_delivery_is_shown_as_it_was(delivered: Stage):
    """Its state, its events and its attempts are those of that position."""
    scheduled = position_of(delivered, DeliveryScheduled.__name__)

    then, now = the_one(delivered, scheduled), the_one(delivered)

    assert (then.row.state, then.row.is_next, then.attempts) == (DeliveryState.SCHEDULED, True, ())
    assert positions(then.history) == [scheduled]
    assert then.seen_at == then.row.scheduled_at
    assert (now.row.state, len(now.attempts), now.seen_at) == (DeliveryState.SUCCEEDED, 1, None)


def test_a_delivery_of_later_is_not_there_yet(delivered: Stage):
    """That it came afterwards is another thing than that it never came."""
    scheduled = position_of(delivered, DeliveryScheduled.__name__)
    (row,) = delivered.palyra.deliveries()

    with pytest.raises(UnknownDelivery, match="not scheduled yet"):
        delivered.palyra.deliveries.show(row.delivery_id, at=scheduled - 1)
    with pytest.raises(UnknownDelivery, match="nobody"):
        delivered.palyra.deliveries.show("1:nobody", at=scheduled)


def test_attempts_and_figures_are_those_of_then(delivered: Stage):
    """Before the attempt was recorded there was none, and its delivery waited."""
    recorded = position_of(delivered, AttemptSucceeded.__name__)
    (row,) = delivered.palyra.deliveries()

    (before,) = delivered.palyra.deliveries.stats(StatsKey.HOOK, at=recorded - 1)
    (after,) = delivered.palyra.deliveries.stats(StatsKey.HOOK, at=recorded)

    assert delivered.palyra.deliveries.attempts(row.delivery_id, at=recorded - 1) == ()
    assert len(delivered.palyra.deliveries.attempts(row.delivery_id, at=recorded)) == 1
    assert (before.waiting, before.succeeded, before.attempts, before.duration_us_p50) == (1, 0, 0, None)
    assert (after.waiting, after.succeeded, after.attempts) == (0, 1, 1)


def test_events_and_trail_end_at_the_point(delivered: Stage):
    """Neither tells of what came later, from whichever end they are read."""
    palyra, at = delivered.palyra, 4

    assert positions(palyra.events.list(after=1, at=at)) == [2, 3, 4]
    assert positions(palyra.events.newest(2, at=at)) == [3, 4]
    assert positions(palyra.audit.log(at=at)) == [1, 2, 3, 4]
    assert positions(palyra.audit.log(at=at, newest_first=True, limit=1)) == [4]


def test_a_search_of_the_past_finds_nothing_later(delivered: Stage):
    """The words of an event are not there before it."""
    (disabled,) = delivered.palyra.audit.log(grep="disabled")

    assert delivered.palyra.audit.log(grep="disabled", at=disabled.position - 1) == []
    assert delivered.palyra.audit.log(grep="disabled", at=disabled.position) == [disabled]


def test_the_history_of_a_skill_ends_at_the_point(delivered: Stage):
    """Before it was installed there was no such skill."""
    rows = delivered.palyra.skills.history(SKILL)

    assert delivered.palyra.skills.history(SKILL, at=rows[-2].position) == rows[:-1]
    with pytest.raises(UnknownSkill):
        delivered.palyra.skills.history(SKILL, at=rows[0].position - 1)


def test_a_point_beyond_the_log_is_refused(delivered: Stage):
    """What is to come is not known."""
    beyond = delivered.log.head() + 1
    for ask in (delivered.palyra.events.newest, delivered.palyra.events.list, delivered.palyra.audit.log):
        with pytest.raises(UnknownEvent):
            ask(at=beyond)
