from __future__ import annotations

import pytest

from palyra_events.decision_taken import HOOKS_MAX, DecisionTaken
from palyra_events.hook import HookBound
from palyra_runtime.replay import ReplayReport
from tests.rewriting import rewrite
from tests.stage import PLUGIN, Stage, answering


@pytest.fixture
def guarded(stage: Stage) -> Stage:
    """A stage with two hooks at one phase, of which one abstains, and a decision of theirs."""
    stage.ready(answering(30, '{"result":{"reason":"not now"}}'))
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
    stage.install(answering(0, "no json"), "acme.mute")
    stage.palyra.skills.enable("acme.mute")
    stage.palyra.plugins.bind("mute", skill="acme.mute")
    stage.palyra.hooks.bind("aside", event="run:before_tool", plugin="mute", on_failure="continue")
    stage.palyra.decide("before_tool", {"tool": "shell"})
    return stage


def messages(report: ReplayReport) -> list[str]:
    return [difference.message for finding in report.findings for difference in finding.differences]


def test_a_decision_follows_from_its_answers(guarded: Stage):
    """One that abstains counts for nothing, as it was bound to."""
    report = guarded.palyra.replay.run()

    assert (report.findings, report.decisions, report.replayed.total()) == ([], 1, 2)


def test_hooks_that_did_not_run_are_among_the_answers(stage: Stage):
    """A plugin without a right, and one hook more than are asked, decide without a run."""
    stage.ready(answering())
    stage.palyra.plugins.disable(PLUGIN)
    for number in range(HOOKS_MAX):
        stage.palyra.hooks.bind(f"guard-{number:02}", event="run:before_tool", plugin=PLUGIN)
    stage.palyra.decide("before_tool", {})

    report = stage.palyra.replay.run()

    assert (report.findings, report.decisions, report.replayed.total()) == ([], 1, 0)


def test_another_answer_than_the_one_that_counts_is_found(guarded: Stage):
    """Who decided follows from the weights of the answers."""
    rewrite(guarded.log, DecisionTaken, lambda facts: facts.update(kind="fail_run"))

    assert messages(guarded.palyra.replay.run()) == [
        (
            "what counts: fail_run of guard of plugin echo is recorded; "
            "the log implies block of guard of plugin echo."
        )
    ]


def test_an_answer_that_the_phase_does_not_know_is_found(guarded: Stage):
    """Nothing can be resolved from it."""

    def edit(facts):
        facts["candidates"][1].update(kind="transform_preview")

    rewrite(guarded.log, DecisionTaken, edit)

    assert "Hook guard decided transform_preview, which before_tool does not know." in messages(
        guarded.palyra.replay.run()
    )


def test_a_hook_that_was_not_asked_is_found(guarded: Stage):
    """All that were bound as of the position are asked, in the order of their ids."""
    rewrite(guarded.log, DecisionTaken, lambda facts: facts["candidates"].pop(0))

    assert messages(guarded.palyra.replay.run())[:2] == [
        "hook: guard of plugin echo is recorded; the log implies aside of plugin mute.",
        "hook: nothing is recorded; the log implies guard of plugin echo.",
    ]


def test_a_hook_that_is_said_to_stop_nothing_is_found(guarded: Stage):
    """What a missing answer stands for is in the hook's binding."""
    rewrite(guarded.log, HookBound, lambda facts: facts["target"].update(on_failure="block"))

    assert "answer of aside: nothing is recorded; the log implies block." in messages(
        guarded.palyra.replay.run()
    )


def test_a_refusal_that_was_none_is_found(stage: Stage):
    """That a plugin may not run follows from the log."""
    stage.ready(answering())
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
    stage.palyra.plugins.disable(PLUGIN)
    stage.palyra.decide("before_tool", {})
    rewrite(
        stage.log, DecisionTaken, lambda facts: facts["candidates"][0].update(outcome="skill_quarantined")
    )

    assert messages(stage.palyra.replay.run()) == [
        "right of echo: skill_quarantined is recorded; the log implies plugin_disabled."
    ]


def test_a_selection_leaves_other_decisions_alone(guarded: Stage):
    """A decision is meant where one of its hooks is."""
    assert guarded.palyra.replay.run(hook="guard").decisions == 1
    assert guarded.palyra.replay.run(hook="greet").decisions == 0
