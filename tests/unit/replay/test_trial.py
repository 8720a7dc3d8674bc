from __future__ import annotations

import hashlib
from typing import Any

import pytest

from palyra_events.delivery import AttemptSucceeded
from palyra_runtime.replay import AmbiguousTrial, Aspect, NothingToTry, TrialReport, TrialVerdict
from tests.rewriting import drop_bytes
from tests.stage import HOOK, OPEN_POLICY, PLUGIN, SKILL, Stage, answering, asking, unchanged

OUTPUT = '{"result":"fine"}'
CLOCK = {"op": "clock.now"}
PUT = {"op": "storage.put", "handle": 30000, "key": "a", "value": 1}
GET = {"op": "storage.get", "handle": 30000, "key": "a"}
SEND = {"op": "channel.send", "handle": 40000, "message": "hi"}


@pytest.fixture
def told(stage: Stage) -> Stage:
    """A stage on which a plugin has carried out three deliveries."""
    stage.ready(answering(0, OUTPUT))
    for _ in range(3):
        stage.fire()
    stage.palyra.dispatch.drain()
    return stage


@pytest.fixture
def asked(tmp_path):
    """A stage on which a plugin has read the clock and stored a value."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as opened:
        opened.ready_with_effects(asking(CLOCK, PUT))
        opened.scheduled()
        opened.palyra.dispatch.drain()
        yield opened


def verdicts(report: TrialReport) -> dict[str, int]:
    return {str(verdict): count for verdict, count in report.verdicts.items()}


def aspects(report: TrialReport) -> set[Aspect]:
    return {difference.aspect for tried in report.samples for difference in tried.differences}


def test_a_module_that_does_the_same_changes_nothing(told: Stage):
    """It may be another module; what counts is what comes of it. Nothing is written."""
    other = answering(0, OUTPUT) + b"\x00\x05\x04name"
    with unchanged(told.log):
        report = told.palyra.replay.try_module(other)

    assert (report.changes_nothing, verdicts(report), report.samples) == (True, {"same": 3}, [])
    assert (report.plugin_id, report.module_sha256) == (PLUGIN, hashlib.sha256(other).hexdigest())
    assert report.fuel_units_tried == report.fuel_units_recorded > 0


def test_what_would_have_come_of_it_is_shown(told: Stage):
    """Another answer differs, with the lines in which it does."""
    report = told.palyra.replay.try_module(answering(1, '{"result":"better"}'))

    assert (report.changes_nothing, verdicts(report)) == (False, {"differs": 3})
    assert aspects(report) == {Aspect.EXIT_CODE, Aspect.OUTPUT}
    (diff,) = [each.diff for each in report.samples[0].differences if each.aspect is Aspect.OUTPUT]
    assert diff[-3:] == ('-  "result": "fine"', '+  "result": "better"', " }")


def test_what_would_fail_is_told_apart(told: Stage):
    """A success that would be none is worse than another answer."""
    report = told.palyra.replay.try_module(answering(60))

    assert verdicts(report) == {"fails": 3}
    assert {tried.said for tried in report.samples} == {"guest_failed"}


def test_what_would_not_fail_any_more_differs(stage: Stage):
    """A module that mends it is one that changes something."""
    stage.ready(answering(60))
    stage.scheduled()
    stage.worker().work()

    assert verdicts(stage.palyra.replay.try_module(answering(0))) == {"differs": 1}


def test_of_a_delivery_its_last_attempt_is_tried(stage: Stage):
    """Attempts before it came to nothing anyway."""
    stage.ready(answering(60))
    stage.scheduled()
    worker = stage.worker()
    worker.work()
    stage.clock.move(hours=2)
    worker.work()

    (tried,) = stage.palyra.replay.try_module(answering(0)).samples

    assert tried.subject.endswith("attempt 2")


def test_the_same_calls_get_the_same_answers_in_any_order(asked: Stage):
    """The clock stands where it stood, and a value that was stored is stored again."""
    report = asked.palyra.replay.try_module(asking(PUT, CLOCK))

    assert (report.unanswered, aspects(report)) == (0, {Aspect.OUTPUT})


def test_a_call_that_nobody_made_then_has_no_answer(asked: Stage):
    """Whether a value was there is not known; it is counted, and the module is told so."""
    report = asked.palyra.replay.try_module(asking(CLOCK, PUT, GET))

    assert (report.unanswered, report.samples[0].unanswered) == (1, 1)
    (diff,) = [each.diff for each in report.samples[0].differences if each.aspect is Aspect.OUTPUT]
    assert any('"code": "unavailable"' in line for line in diff)


def test_a_message_that_would_be_sent_is_an_effect(asked: Stage):
    """To send one, nothing of the world has to be known."""
    report = asked.palyra.replay.try_module(asking(CLOCK, PUT, SEND))

    assert (report.unanswered, aspects(report)) == (0, {Aspect.OUTPUT, Aspect.EFFECTS})


def test_the_time_that_nobody_asked_for_is_that_of_the_event(told: Stage):
    """Two trials tell the same, and random bytes are the same too."""
    module = asking(CLOCK, {"op": "random.bytes", "n": 4})
    diffs = [
        [difference.diff for difference in tried.differences]
        for _ in range(2)
        for tried in told.palyra.replay.try_module(module).samples[:1]
    ]

    assert diffs[0] == diffs[1]
    assert any("2026-03-01T12:00:00.000Z" in line for diff in diffs[0] for line in diff)


def test_what_is_not_kept_is_not_tried(told: Stage):
    """It is counted, and the reason is told."""
    first = told.events(AttemptSucceeded)[0]
    drop_bytes(told.log, first.invocation.input.sha256)

    report = told.palyra.replay.try_module(answering(0, OUTPUT))

    assert verdicts(report) == {"untried": 1, "same": 2}
    assert [(tried.verdict, tried.said) for tried in report.samples] == [
        (TrialVerdict.UNTRIED, "input_erased")
    ]


def test_an_installed_release_is_tried(told: Stage):
    """Before anybody enables it."""
    told.install(answering(0, OUTPUT, "more to say"), version="2.0.0")

    report = told.palyra.replay.try_module(version="2.0.0")

    assert (verdicts(report), aspects(report)) == ({"differs": 3}, {Aspect.LOGS})
    assert [row.version for row in told.palyra.skills.list() if row.state == "enabled"] == ["1.0.0"]


def test_decisions_and_tool_runs_are_tried_too(stage: Stage):
    """What a guard would have decided, and whether a tool's answer would follow its schema."""
    stage.ready(answering(0, '{"result":{}}'))
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
    stage.palyra.decide("before_tool", {"tool": "shell"})
    stage.palyra.plugins.run(PLUGIN, input={})

    blocking = stage.palyra.replay.try_module(answering(30, '{"result":{}}'), hook="guard")
    broken = stage.palyra.replay.try_module(answering(0, '{"result":"text"}'))

    assert [tried.said for tried in blocking.samples] == ["block (ok)"]
    assert (verdicts(blocking), verdicts(broken)) == ({"differs": 1}, {"differs": 1, "fails": 1})


def test_the_newest_runs_are_tried(told: Stage):
    """As many as are asked for; and only those since a position."""
    positions = [row.event_position for row in told.palyra.deliveries()]

    def tried(**options: Any) -> list[str]:
        report = told.palyra.replay.try_module(answering(60), **options)
        return [each.subject.split()[1].rstrip(",") for each in report.samples]

    assert tried(limit=1) == [f"{positions[2]}:{HOOK}"]
    assert tried(since=told.log.head()) == [f"{positions[2]}:{HOOK}"]
    assert len(tried(since=1)) == 3


def test_it_has_to_be_clear_whose_place_it_takes(told: Stage):
    """Of several plugins one is named, or a hook of it."""
    told.palyra.plugins.bind("second", skill=SKILL)
    told.palyra.plugins.run("second", input={})

    with pytest.raises(AmbiguousTrial, match="These plugins ran: echo, second"):
        told.palyra.replay.try_module(answering())
    assert told.palyra.replay.try_module(answering(), plugin="second").plugin_id == "second"


def test_where_nothing_ran_nothing_is_tried(stage: Stage):
    """A trial needs a past."""
    with pytest.raises(NothingToTry):
        stage.palyra.replay.try_module(answering())


def test_where_nothing_is_known_nothing_is_tried(stage: Stage):
    """An attempt whose worker died has no input that anything could run on."""
    stage.ready(answering())
    stage.claim_and_die(f"hook:{HOOK}", stage.scheduled(), 1)
    stage.worker().take_over()

    with pytest.raises(NothingToTry):
        stage.palyra.replay.try_module(version="1.0.0")
