from __future__ import annotations

from typing import Any

import pytest

from palyra_events.decision_taken import DecisionTaken
from palyra_events.plugin import PluginDisabled
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.replay import ReplayReport
from tests.forging import edited
from tests.stage import PLUGIN, Stage, answering
from tests.tampering import tamper


@pytest.fixture
def played(stage: Stage) -> Stage:
    """A stage where a plugin ran as a tool and answered at a phase, an hour after it was bound anew."""
    stage.ready(answering(0, '{"result":{}}'))
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
    stage.palyra.plugins.disable(PLUGIN)
    stage.palyra.plugins.enable(PLUGIN)
    stage.clock.move(hours=1)
    stage.palyra.plugins.run(PLUGIN, input={})
    stage.palyra.decide("before_tool", {"tool": "shell"})
    return stage


def messages(report: ReplayReport) -> list[str]:
    return [difference.message for finding in report.findings for difference in finding.differences]


def as_of(position: int) -> Any:
    """Return the edit that lets the right of a tool run have been read at a position."""
    return lambda facts: facts["invocation"].update(as_of=position)


def test_rights_are_read_when_a_run_begins(played: Stage):
    """Nobody had changed them since."""
    assert played.palyra.replay.run().findings == []


def test_a_right_of_long_ago_is_found(played: Stage):
    """What was changed an hour before the run was known to whoever began it."""
    rows = played.log.read(0, 1_000)
    (disabled,) = (row.position for row in rows if row.topic.startswith(PluginDisabled.__name__))
    tamper(played.log, edited(PluginInvoked, as_of(disabled - 2)))
    before = messages(played.palyra.replay.run())
    tamper(played.log, edited(PluginInvoked, as_of(disabled)))

    disabled_then = messages(played.palyra.replay.run())

    assert before == []
    assert disabled_then == [f"As of position {disabled} the plugin had no right to run: plugin_disabled."]


def test_a_right_that_was_taken_away_since_is_found(played: Stage):
    """A run an hour after its plugin was disabled had no right, whatever position it names."""
    played.palyra.plugins.disable(PLUGIN)
    position = played.log.head()
    played.clock.move(hours=1)
    played.palyra.plugins.enable(PLUGIN)
    played.palyra.plugins.run(PLUGIN, input={})
    played.palyra.plugins.disable(PLUGIN)
    stale = edited(PluginInvoked, as_of(position - 1))
    late = edited(PluginInvoked, lambda facts: facts.update(timestamp="2026-03-01T14:00:00Z"))
    tamper(played.log, lambda rows: late(stale(rows)))

    assert messages(played.palyra.replay.run()) == [
        f"The right to run was read as of position {position - 1}; position {position} had changed it."
    ]


def test_a_right_that_was_read_afterwards_is_found(played: Stage):
    """Nobody reads what is not there yet."""
    tamper(played.log, edited(PluginInvoked, as_of(1_000)))

    assert messages(played.palyra.replay.run()) == [
        "The right to run was read as of position 1000, after the run."
    ]


def test_a_decision_that_overlooks_a_hook_is_found(played: Stage):
    """As of a time before the guard was bound, nobody is to be asked; the guard was bound an hour ago."""

    def overlook(facts: dict[str, Any]) -> None:
        facts.update(as_of=1, candidates=[], hook_id="runtime", plugin_id="runtime")

    tamper(played.log, edited(DecisionTaken, overlook))

    (message,) = messages(played.palyra.replay.run())

    assert message.startswith("Hooks were read as of position 1; position ")


def test_an_answer_of_another_moment_than_its_decision_is_found(played: Stage):
    """All hooks of a decision are read at once."""
    edit = edited(DecisionTaken, lambda facts: facts["candidates"][0]["invocation"].update(as_of=12))
    tamper(played.log, edit)

    assert any(
        message.startswith("as_of: 12 is recorded") for message in messages(played.palyra.replay.run())
    )
