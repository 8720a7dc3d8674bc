from __future__ import annotations

from uuid import UUID

import pytest

from palyra_events.decision_taken import DecisionTaken
from palyra_events.event import Event
from palyra_events.hook import HookDisabled
from palyra_events.plugin import PluginEnabled
from palyra_events.skill import SkillEnabled
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.replay import Aspect, ReplayReport
from tests.forging import place_of, twice
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering
from tests.tampering import Attack, Rows, hashed, tamper

KINDS = (HookDisabled, PluginEnabled, SkillEnabled, PluginInvoked, DecisionTaken)


@pytest.fixture
def played(stage: Stage) -> Stage:
    """A stage with hooks, plugins, skills, a tool run and a decision."""
    stage.ready(answering(0, '{"result":{}}'))
    stage.palyra.plugins.disable(PLUGIN)
    stage.palyra.plugins.enable(PLUGIN)
    stage.palyra.skills.disable(SKILL, reason="a pause")
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.run(PLUGIN, input={})
    stage.palyra.decide("before_tool", {})
    stage.palyra.hooks.disable(HOOK)
    return stage


def moved(kind: type[Event]) -> Attack:
    """Return the attack that puts an event into a stream that is nobody's."""

    def attack(rows: Rows) -> Rows:
        place = place_of(rows, kind, -1)
        rows[place] = rows[place]._replace(stream_id=UUID(int=7).bytes, version=1)
        return hashed(rows)

    return attack


def found(report: ReplayReport) -> set[str]:
    return {
        difference.message
        for finding in report.findings
        for difference in finding.differences
        if difference.aspect is Aspect.STREAM
    }


def test_every_event_stands_in_its_stream(played: Stage):
    """Each at the next version."""
    assert played.palyra.replay.run().findings == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_in_another_stream_is_found(played: Stage, kind: type[Event]):
    """Who reads the stream of the thing does not see it, and who reads the log does."""
    tamper(played.log, moved(kind))

    assert "The event stands in the stream of something else." in found(played.palyra.replay.run())


@pytest.mark.parametrize("kind", [PluginInvoked, DecisionTaken])
def test_what_happens_once_and_is_recorded_twice_is_found(played: Stage, kind: type[Event]):
    """A tool run and a decision are one event each."""
    tamper(played.log, twice(kind))

    assert found(played.palyra.replay.run()) == {"version: 2 is recorded; the log implies 1."}
