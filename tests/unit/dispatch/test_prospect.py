from __future__ import annotations

import pytest

from palyra_events.errors import LogDamaged
from palyra_events.right import Refusal, Right
from palyra_runtime.dispatch import Prospects
from tests.stage import SKILL, Stage, answering


def test_a_look_tells_of_delivery_trigger_and_right(each_stage: Stage):
    """All that an attempt begins with is as the log has it at the moment of the look."""
    each_stage.ready(answering())
    each_stage.scheduled()
    each_stage.scheduled()
    rows = each_stage.views.deliveries()

    found = Prospects(each_stage.log, each_stage.application).of(rows)

    assert [each.delivery for each in found] == [
        each_stage.application.delivery(row.delivery_id) for row in rows
    ]
    assert [each.trigger.position for each in found] == [row.event_position for row in rows]
    assert [each.as_of for each in found] == [each_stage.log.head()] * 2
    assert all(isinstance(each.right, Right) for each in found)


def test_a_look_sees_that_a_right_is_gone(stage: Stage):
    """A release that was quarantined is refused as of the look, whatever was so before."""
    stage.ready(answering())
    stage.scheduled()
    rows, prospects = stage.views.deliveries(), Prospects(stage.log, stage.application)
    (before,) = prospects.of(rows)
    stage.palyra.skills.quarantine(SKILL)

    (after,) = prospects.of(rows)

    assert isinstance(before.right, Right)
    assert (after.right, after.as_of) == (Refusal.SKILL_QUARANTINED, stage.log.head())


def test_a_trigger_that_is_missing_is_damage(stage: Stage):
    """A delivery of an event that the log has not got is not carried out."""
    stage.ready(answering())
    stage.scheduled()
    (row,) = stage.views.deliveries()
    (position,) = {row.event_position}
    elsewhere = type(row)(
        **{name: getattr(row, name) for name in row.__slots__} | {"event_position": position + 100}
    )

    with pytest.raises(LogDamaged, match=f"Position {position + 100} is missing"):
        Prospects(stage.log, stage.application).of([elsewhere])
