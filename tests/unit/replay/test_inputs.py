from __future__ import annotations

import json
from typing import Any

import pytest

from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import AttemptSucceeded
from palyra_events.event import Event
from palyra_events.skill import SkillEnabled
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.replay import NotComparable, ReplayReport, RunKind
from tests.forging import Edit, edited
from tests.rewriting import drop_bytes, plant
from tests.stage import PLUGIN, SKILL, Stage, answering
from tests.tampering import tamper


@pytest.fixture
def told(stage: Stage) -> Stage:
    """A stage with an attempt, a tool run and an answer; the guest heeds nothing of what it is told."""
    stage.ready(answering(0, '{"result":{}}'))
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
    stage.palyra.hooks.bind("seen", event="skill:enabled", plugin=PLUGIN)
    stage.palyra.skills.disable(SKILL, reason="a pause")
    stage.palyra.skills.enable(SKILL, reason="asked for by Ben")
    stage.palyra.dispatch.drain()
    stage.palyra.plugins.run(PLUGIN, input={"n": 1})
    stage.palyra.decide("before_tool", {"tool": "shell"})
    return stage


def invocation_of(facts: dict[str, Any]) -> dict[str, Any]:
    return facts["candidates"][0]["invocation"] if "candidates" in facts else facts["invocation"]


def forge_input(stage: Stage, kind: type[Event], edit: Edit) -> None:
    """Let the newest run of a type have been told something else."""

    def forge(facts: dict[str, Any]) -> None:
        invocation = invocation_of(facts)
        document = stage.document(invocation["input"]["sha256"])
        edit(document)
        content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        invocation["input"] = plant(stage.log, content)

    tamper(stage.log, edited(kind, forge))


def messages(report: ReplayReport) -> list[str]:
    return [difference.message for finding in report.findings for difference in finding.differences]


def test_what_guests_were_told_follows_from_the_log(told: Stage):
    """Event, reason, question, configuration, and who is told."""
    report = told.palyra.replay.run()

    assert (report.findings, report.causes) == ([], {})
    assert report.replayed == {RunKind.ATTEMPT: 1, RunKind.TOOL_RUN: 1, RunKind.ANSWER: 1}


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        (AttemptSucceeded, lambda document: document["event"].update(actor="operator:eve")),
        (AttemptSucceeded, lambda document: document["event"]["payload"].update(reason="asked for by Eve")),
        (AttemptSucceeded, lambda document: document["event"]["payload"].update(version="2.0.0")),
        (AttemptSucceeded, lambda document: document.update(attempt=2)),
        (AttemptSucceeded, lambda document: document.update(config={"loud": True})),
        (PluginInvoked, lambda document: document["tool"].update(id="other")),
        (PluginInvoked, lambda document: document.update(invocation_id="0" * 32)),
        (PluginInvoked, lambda document: document.update(more=1)),
        (DecisionTaken, lambda document: document["event"]["payload"].update(tool="harmless")),
        (DecisionTaken, lambda document: document.update(phase="after_tool")),
    ],
    ids=[
        "actor",
        "reason",
        "version",
        "attempt",
        "configuration",
        "tool",
        "run",
        "something more",
        "question",
        "phase",
    ],
)
def test_a_forged_input_is_found(told: Stage, kind: type[Event], edit: Edit):
    """The guest says the same of it, so running it again tells nothing."""
    forge_input(told, kind, edit)

    (message,) = messages(told.palyra.replay.run())

    assert message.startswith("input: ")


def test_an_input_that_is_no_document_is_found(told: Stage):
    """It is none that any guest was given."""
    forged = plant(told.log, b"no json")
    tamper(told.log, edited(PluginInvoked, lambda facts: facts["invocation"].update(input=forged)))

    assert messages(told.palyra.replay.run()) == ["The input is no document that a guest is given."]


def test_another_tool_is_found(told: Stage):
    """The release has none of that name, and no answer can be held against its schema."""
    tamper(told.log, edited(PluginInvoked, lambda facts: facts.update(tool_id="other")))

    report = told.palyra.replay.run()

    assert all("has no tool 'other'" in message for message in messages(report))
    assert (report.findings_count, report.causes) == (1, {})


def test_a_reason_that_was_erased_is_named(told: Stage):
    """Nobody can say that the guest was told just that; the rest of its input is compared nevertheless."""
    drop_bytes(told.log, told.events(SkillEnabled)[-1].reason.hmac)
    honest = told.palyra.replay.run()
    forge_input(told, AttemptSucceeded, lambda document: document["event"].update(actor="operator:eve"))

    forged = told.palyra.replay.run()

    assert (honest.findings, honest.causes) == ([], {NotComparable.TOLD_ERASED: 1})
    assert honest.not_compared[0].subject.startswith("input of delivery ")
    assert forged.findings_count == 1


def test_an_erased_input_is_named_once(told: Stage):
    """There is nothing to compare with."""
    drop_bytes(told.log, told.events(AttemptSucceeded)[-1].invocation.input.sha256)

    assert told.palyra.replay.run().causes == {NotComparable.INPUT_ERASED: 1}


def test_a_run_that_cannot_be_repeated_has_its_input_compared(told: Stage):
    """The clock ended the guest, and what it was told is in the log all the same."""

    def end_by_clock(facts: dict[str, Any]) -> None:
        facts.update(outcome="deadline", effects={})
        facts["invocation"].update(outcome="deadline")

    forge_input(told, PluginInvoked, lambda document: document.update(more=1))
    tamper(told.log, edited(PluginInvoked, end_by_clock))

    report = told.palyra.replay.run()

    assert report.causes == {NotComparable.DEADLINE: 1}
    assert [message[:7] for message in messages(report)] == ["input: "]
