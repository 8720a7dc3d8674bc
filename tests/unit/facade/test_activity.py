from __future__ import annotations

from tests.stage import NOON, Stage, answering


def test_who_did_how_much_is_told(stage: Stage):
    """The busiest actor comes first, with all that its events were about."""
    stage.install(answering())
    stage.clock.move(hours=1)
    stage.palyra.skills.enable("acme.echo", reason="reviewed")
    (first, *_) = actors = stage.palyra.audit.activity()
    assert sum(each.events for each in actors) == stage.log.head()
    assert (first.actor, first.subjects) == ("operator:alice", ("publisher", "skill"))
    assert (first.since, first.until.hour) == (NOON, NOON.hour + 1)


def test_it_can_be_counted_from_a_position_on(stage: Stage):
    """What was before the position is not counted."""
    stage.fire()
    position = stage.fire()
    assert stage.palyra.audit.activity(after=position) == []
    assert [each.events for each in stage.palyra.audit.activity(after=position - 1)] == [1]
