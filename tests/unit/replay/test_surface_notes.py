from __future__ import annotations

import pytest

from palyra_events.plugin import PluginShowedSurface
from palyra_runtime.replay import ReplayReport
from tests.forging import edited, without
from tests.stage import PLUGIN, Stage, answering
from tests.tampering import tamper

PAGE = '{"a2ui":{"v":1,"surface":"desk","components":[{"type":"text","text":"hi"}]}}'


@pytest.fixture
def shown(stage: Stage) -> Stage:
    """A stage where a plugin has shown a page, twice, and the engine took note of it."""
    stage.ready(answering(0, PAGE))
    worker = stage.worker()
    for _ in range(2):
        stage.fire()
    stage.scheduler().catch_up()
    while worker.work():
        pass
    stage.scheduler().catch_up()
    return stage


def messages(report: ReplayReport) -> list[str]:
    return [difference.message for finding in report.findings for difference in finding.differences]


def test_a_note_follows_from_the_first_page(shown: Stage):
    """There is one, and none for the second page."""
    report = shown.palyra.replay.run()

    assert (report.findings, report.follow_ups) == ([], 3)
    assert len(shown.events(PluginShowedSurface)) == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("surface", "other", "surface: other is recorded; the log implies desk."),
        ("actor", "operator:eve", "actor: operator:eve is recorded; the log implies system:scheduler."),
        ("plugin_id", "another", "No outcome of the plugin leads to this."),
    ],
)
def test_a_forged_note_is_found(shown: Stage, field, value, message):
    """Each of its facts is one of the outcome."""
    tamper(shown.log, edited(PluginShowedSurface, lambda facts: facts.update({field: value})))

    assert message in messages(shown.palyra.replay.run())


def test_a_note_that_is_missing_is_found(shown: Stage):
    """Without it the plugin's attempts are not made one after the other."""
    position = shown.events(PluginShowedSurface)[0].position
    tamper(shown.log, without(PluginShowedSurface))

    (finding,) = shown.palyra.replay.run().findings

    assert (finding.position, finding.subject) == (position, f"surface note of plugin {PLUGIN}")
