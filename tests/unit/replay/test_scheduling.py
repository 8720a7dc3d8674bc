from __future__ import annotations

from palyra_events.delivery import DeliveryScheduled, DeliverySkipped
from palyra_events.hook import HookBound
from palyra_runtime.replay import Aspect, Finding
from tests.rewriting import rewrite
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering


def messages(findings: list[Finding]) -> list[str]:
    return [difference.message for finding in findings for difference in finding.differences]


def test_scheduling_follows_from_the_log(stage: Stage):
    """Hooks come and go, are disabled and enabled; each event met those that there were before it."""
    stage.ready(answering())
    stage.palyra.hooks.bind("other", event="skill:disabled", plugin=PLUGIN, ordering="skill")
    stage.fire()
    stage.palyra.hooks.disable(HOOK)
    stage.fire()
    stage.palyra.hooks.enable(HOOK)
    stage.palyra.skills.disable(SKILL, reason="a pause")
    stage.palyra.hooks.bind(HOOK, event="skill:disabled", plugin=PLUGIN, ordering="none")
    stage.fire()
    stage.palyra.skills.enable(SKILL)
    stage.palyra.skills.disable(SKILL, reason="for good")
    stage.palyra.dispatch.drain()

    report = stage.palyra.replay.run()

    assert (report.findings, report.deliveries) == ([], 4)


def test_what_nobody_has_scheduled_yet_is_no_finding(stage: Stage):
    """It is pending: no scheduler has come so far."""
    stage.ready(answering())
    stage.fire()

    report = stage.palyra.replay.run()

    assert (report.is_faithful, report.pending, report.deliveries) == (True, 1, 0)


def test_a_delivery_that_the_log_does_not_imply_is_found(stage: Stage):
    """Where the hook was bound to another kind of event, nothing leads to its delivery."""
    stage.ready(answering())
    stage.scheduled()
    rewrite(stage.log, HookBound, lambda facts: facts["target"].update(event_kind="skill:disabled"))

    (finding,) = stage.palyra.replay.run().findings

    (difference,) = finding.differences
    assert difference.aspect is Aspect.SCHEDULE
    assert difference.message.endswith("does not lead to this delivery.")


def test_a_delivery_that_is_missing_is_found(stage: Stage):
    """Where its row says that it is another one, the one that the log implies is not there."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    rewrite(stage.log, DeliveryScheduled, lambda facts: facts.update(delivery_id="1:other"))

    report = stage.palyra.replay.run()

    assert {finding.subject for finding in report.findings} == {f"delivery {delivery_id}", "delivery 1:other"}


def test_a_delivery_that_differs_is_found(stage: Stage):
    """Each field follows from the event and its hook."""
    stage.ready(answering())
    stage.scheduled()
    rewrite(stage.log, DeliveryScheduled, lambda facts: facts.update(attempts_max=99, ordering_key="none"))

    findings = stage.palyra.replay.run().findings

    assert messages(findings) == [
        f"ordering_key: none is recorded; the log implies hook:{HOOK}.",
        "attempts_max: 99 is recorded; the log implies 5.",
    ]


def test_deliveries_behind_the_stretch_are_looked_up(stage: Stage):
    """An event at its end has its deliveries after it."""
    stage.ready(answering())
    position = stage.fire()
    stage.scheduler().catch_up()

    report = stage.palyra.replay.run(first=position, last=position)

    assert (report.deliveries, report.pending, report.findings) == (1, 0, [])


def test_a_skip_follows_from_the_log(stage: Stage):
    """The plugin was disabled as of the position that the skip names; another cause is found."""
    stage.ready(answering())
    stage.palyra.plugins.disable(PLUGIN)
    stage.scheduled()
    stage.worker().work()
    honest = stage.palyra.replay.run()
    rewrite(stage.log, DeliverySkipped, lambda facts: facts.update(cause="skill_quarantined"))

    findings = stage.palyra.replay.run().findings

    assert honest.findings == []
    assert messages(findings) == [
        (
            f"It was skipped for skill_quarantined; as of {stage.log.head() - 1} the plugin had none, "
            "but for plugin_disabled."
        )
    ]
