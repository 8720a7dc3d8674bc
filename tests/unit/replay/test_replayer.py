from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import AttemptFailed, AttemptSucceeded, DeliveryDeadLettered
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.replay import Aspect, NotComparable, Replayer, ReplayReport, RunKind, Stretch
from palyra_runtime.sandbox import Execution
from tests.component_guests import ECHO, component
from tests.rewriting import drop_bytes, plant, rewrite, swap_bytes
from tests.stage import HOOK, OPEN_POLICY, PLUGIN, SKILL, Stage, answering, asking, guest, unchanged
from tests.tampering import hashed, tamper

#: calls with every kind of answer: the world's, the host's own, effects, and a refusal
CALLS: tuple[dict[str, Any], ...] = (
    {"op": "clock.now"},
    {"op": "random.bytes", "n": 8},
    {"op": "storage.put", "handle": 30000, "key": "a", "value": {"n": 1}},
    {"op": "storage.put", "handle": 30000, "key": "b", "value": [None]},
    {"op": "storage.get", "handle": 30000, "key": "a"},
    {"op": "storage.delete", "handle": 30000, "key": "a"},
    {"op": "channel.send", "handle": 40000, "message": "größer"},
    {"op": "http.request", "handle": 10000, "method": "GET", "url": "https://api.example.com/"},
)


#: takes a unit of fuel from a run, in the bytes of its event
LESS_FUEL = partial(re.sub, rb'"exit_code":0,"fuel_units":\d+', rb'"exit_code":0,"fuel_units":1')


@pytest.fixture
def open_stage(tmp_path):
    """A stage whose policy lets plugins keep notes and send messages."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as opened:
        yield opened


@pytest.fixture
def told(open_stage: Stage) -> Stage:
    """A stage with two attempts of a plugin that makes every kind of host call."""
    open_stage.ready_with_effects(asking(*CALLS))
    for _ in range(2):
        open_stage.fire()
    open_stage.palyra.dispatch.drain()
    return open_stage


def aspects(report: ReplayReport) -> list[Aspect]:
    return [difference.aspect for finding in report.findings for difference in finding.differences]


def messages(report: ReplayReport) -> list[str]:
    return [difference.message for finding in report.findings for difference in finding.differences]


def invocation_of(stage: Stage, kind: type = AttemptSucceeded) -> Any:
    return stage.events(kind)[-1].invocation


def test_what_ran_runs_again_to_the_same_bytes(told: Stage):
    """Answers come from the transcript, so each byte and unit of fuel is the same; nothing is written."""
    with unchanged(told.log):
        report = told.palyra.replay.run()

    assert (report.is_faithful, report.findings, report.causes) == (True, [], {})
    assert report.replayed == {RunKind.ATTEMPT: 2}
    assert (report.first, report.last) == (1, told.log.head())


@pytest.mark.parametrize("jobs", [1, 3])
def test_runs_are_replayed_several_at_a_time(each_stage: Stage, jobs):
    """It makes no difference but in time; tool runs and decisions are among them."""
    stage = each_stage
    stage.ready(answering(10, '{"result":{}}', "hello"))
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
    for _ in range(5):
        stage.fire()
        stage.palyra.plugins.run(PLUGIN, input={})
        stage.palyra.decide("before_tool", {"tool": "shell"})
    stage.palyra.dispatch.drain()

    report = stage.palyra.replay.run(jobs=jobs)

    assert report.replayed == {RunKind.ATTEMPT: 5, RunKind.TOOL_RUN: 5, RunKind.ANSWER: 5}
    assert (report.findings, report.decisions, report.deliveries) == ([], 5, 5)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("unreachable", "trapped:unreachable"),
        ("out_of_bounds", "trapped:memory_out_of_bounds"),
        ("spin", "out_of_fuel"),
        ("grow", "guest_failed"),
        ("log_storm", "ok"),
    ],
)
def test_what_a_guest_does_wrong_it_does_again(stage: Stage, name, outcome):
    """A trap, the end of the fuel and a cut log are outcomes like any other."""
    stage.ready(guest(name))
    stage.scheduled()
    stage.worker().work()

    report = stage.palyra.replay.run()

    (event,) = stage.events(AttemptFailed, AttemptSucceeded)
    assert (event.invocation.outcome, report.findings, report.replayed.total()) == (outcome, [], 1)


def test_a_component_runs_again(stage: Stage):
    """On the engine for components, to the same fuel as well."""
    stage.ready(component(ECHO))
    stage.palyra.plugins.run(PLUGIN, input={"text": "hi"})

    report = stage.palyra.replay.run()

    assert (report.findings, report.replayed) == ([], {RunKind.TOOL_RUN: 1})


def other(number: int) -> int:
    return number + 1


@pytest.mark.parametrize(
    ("field", "change", "aspect"),
    [
        ("fuel_units", other, Aspect.FUEL),
        ("exit_code", other, Aspect.EXIT_CODE),
        ("memory_bytes_peak", other, Aspect.MEMORY),
        ("outcome", lambda _: "trapped:unreachable_code_reached", Aspect.OUTCOME),
        ("log_lines_dropped", lambda _: 3, Aspect.LOGS),
        ("as_of", lambda _: 1, Aspect.TERMS),
        ("entrypoint", lambda _: "palyra_plugin_main", Aspect.TERMS),
        ("grants", lambda _: {"storage_prefixes": ["notes"]}, Aspect.TERMS),
    ],
)
def test_a_record_that_was_changed_is_found(told: Stage, field, change, aspect):
    """Each fact of a run is one that running it again tells, or that the log implies."""

    def edit(facts: dict[str, Any]) -> None:
        facts["invocation"][field] = change(facts["invocation"].get(field))

    position = rewrite(told.log, AttemptSucceeded, edit)

    report = told.palyra.replay.run()

    assert (report.is_faithful, {finding.position for finding in report.findings}) == (False, {position})
    assert aspect in aspects(report)


def test_other_fuel_is_told_in_numbers(told: Stage):
    """What was recorded comes first, what the replay took second."""
    took = invocation_of(told).fuel_units
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["invocation"].update(fuel_units=7))

    assert messages(told.palyra.replay.run()) == [f"units of fuel: 7 then, {took:,} now."]


def test_less_fuel_to_run_on_is_found(told: Stage):
    """A guest ends where its budget ends."""
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["invocation"]["limits"].update(fuel_units=100))

    assert set(aspects(told.palyra.replay.run())) >= {Aspect.FUEL, Aspect.OUTCOME, Aspect.OUTPUT}


def test_other_grants_are_found(told: Stage):
    """A plugin that is said to have had more than its operator gave it had no right to that."""
    widened = {"storage_prefixes": ["notes"], "channels": ["ops", "pager"]}
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["invocation"].update(grants=widened))

    (message,) = messages(told.palyra.replay.run())

    assert message == (
        "grants: storage notes; channel ops, pager is recorded; the log implies storage notes; channel ops."
    )


def test_another_transcript_is_found(told: Stage):
    """An answer that was put into the transcript changes what the guest writes, and the effects."""
    recorded = told.log.blob(bytes.fromhex(invocation_of(told).transcript.sha256))
    forged = plant(told.log, recorded.replace(b'{\\"ok\\":true}', b'{\\"ok\\":null}'))
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["invocation"].update(transcript=forged))

    assert aspects(told.palyra.replay.run()) == [Aspect.OUTPUT, Aspect.EFFECTS]


@pytest.mark.parametrize(
    ("calls", "message"),
    [
        ('[{"request":"{}","answer":"{}"}]', "host call 1: {} then, {"),
        ("[]", "host call 1: none then, {"),
    ],
)
def test_another_call_than_the_recorded_one_is_found(told: Stage, calls, message):
    """The first call that differs is named, and nothing that follows from it."""
    forged = plant(told.log, calls.encode())
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["invocation"].update(transcript=forged))

    report = told.palyra.replay.run()

    assert aspects(report) == [Aspect.HOST_CALLS]
    assert messages(report)[0].startswith(message)


def test_a_call_that_is_not_made_is_found(told: Stage):
    """A transcript with one call too many is not that of this guest."""
    recorded = told.log.blob(bytes.fromhex(invocation_of(told).transcript.sha256))
    forged = plant(told.log, recorded[:-1] + b',{"request":"more","answer":"{}"}]')
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["invocation"].update(transcript=forged))

    assert messages(told.palyra.replay.run()) == ["host call 9: more then, none now."]


def test_another_input_is_found(stage: Stage):
    """A guest that hands on its input hands on the forged one."""
    stage.ready(guest("echo"))
    stage.scheduled()
    stage.worker().work()
    forged = plant(stage.log, b'{"result":"something else"}')
    rewrite(stage.log, AttemptFailed, lambda facts: facts["invocation"].update(input=forged))

    assert Aspect.OUTPUT in aspects(stage.palyra.replay.run())


def test_another_module_is_found(told: Stage):
    """A module that the release never had is none that can have run."""
    other_module = hashlib.sha256(b"other").hexdigest()
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["invocation"].update(module_sha256=other_module))

    assert set(aspects(told.palyra.replay.run())) == {Aspect.BYTES, Aspect.TERMS}


def test_other_effects_are_found(told: Stage):
    """What a run stored and sent follows from its calls."""
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["effects"]["storage"].pop())

    (message,) = messages(told.palyra.replay.run())

    assert message.startswith("effects: deleted notes/a; sent to ops (")
    assert " then, deleted notes/a; stored notes/b (" in message


def test_a_failure_that_is_called_a_success_is_found(stage: Stage):
    """The event says how the attempt ended, and the guest says it again."""
    stage.ready(answering(60))
    stage.scheduled()
    stage.worker().work()
    rewrite(stage.log, AttemptFailed, lambda facts: facts.update(outcome="bad_output"))

    assert messages(stage.palyra.replay.run()) == [
        "The attempt is said to have failed as bad_output; its run ended as guest_failed.",
        "result: bad_output then, guest_failed now.",
    ]


def test_bytes_that_are_not_the_recorded_ones_are_found(told: Stage):
    """Where the input beside the log was exchanged, nothing is run on it."""
    swap_bytes(told.log, invocation_of(told).input.sha256, b"{}")

    assert aspects(told.palyra.replay.run()) == [Aspect.BYTES]


@pytest.mark.parametrize(
    ("drop", "cause"),
    [
        (lambda run: run.input.sha256, NotComparable.INPUT_ERASED),
        (lambda run: run.transcript.sha256, NotComparable.TRANSCRIPT_ERASED),
    ],
)
def test_what_was_erased_is_named(told: Stage, drop: Callable[[Any], str], cause):
    """Without it nothing can be compared, which is no finding."""
    run = told.events(AttemptSucceeded)[0].invocation
    drop_bytes(told.log, drop(run))

    report = told.palyra.replay.run()

    assert (report.is_faithful, report.causes, report.replayed.total()) == (True, {cause: 1}, 1)
    assert report.not_compared[0].subject.startswith("delivery ")


def test_an_output_that_was_erased_is_still_compared(told: Stage):
    """Its digest is in the log."""
    drop_bytes(told.log, invocation_of(told).output.sha256)

    report = told.palyra.replay.run()

    assert (report.is_faithful, report.replayed.total()) == (True, 2)


def test_a_release_that_was_removed_with_its_bytes_is_named(stage: Stage):
    """Its runs cannot be repeated any more."""
    stage.ready(answering())
    stage.scheduled()
    stage.worker().work()
    stage.palyra.hooks.unbind(HOOK)
    stage.palyra.plugins.unbind(PLUGIN)
    stage.palyra.skills.disable(SKILL, reason="done with")
    (installed,) = stage.palyra.skills.list()
    drop_bytes(stage.log, installed.artifact_sha256)

    report = stage.open("another").replay.run()

    assert report.causes == {NotComparable.ARTIFACT_ERASED: 1}


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [
        ("deadline", NotComparable.DEADLINE),
        ("worker_lost", NotComparable.WORKER_LOST),
        ("denied", NotComparable.DENIED),
        ("trapped:stack_overflow", NotComparable.STACK_OVERFLOW),
        ("trapped:engine", NotComparable.ENGINE_REFUSED),
    ],
)
def test_what_was_not_the_guests_own_doing_is_named(stage: Stage, outcome, cause):
    """The clock, the machine and the policy have no place in the log from which they could be repeated."""
    stage.ready(answering(60))
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, attempts_max=1)
    stage.scheduled()
    stage.worker().work()
    rewrite(stage.log, AttemptFailed, lambda facts: facts["invocation"].update(outcome=outcome))
    for kind in (AttemptFailed, DeliveryDeadLettered):
        rewrite(stage.log, kind, lambda facts: facts.update(outcome=outcome))

    report = stage.palyra.replay.run()

    assert (report.causes, report.findings) == ({cause: 1}, [])


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [("deadline", NotComparable.REPLAY_DEADLINE), ("worker_lost", NotComparable.REPLAY_LOST)],
)
def test_a_replay_that_the_host_could_not_finish_is_named(told: Stage, outcome, cause):
    """It says nothing of the recorded run."""
    replayer = Replayer(told.log, Artifacts(told.log), lambda *_: Execution(outcome))

    report = replayer.replay(Stretch(1, told.log.head()))

    assert (report.causes, report.findings) == ({cause: 2}, [])


def test_limits_that_no_host_gives_are_found(told: Stage):
    """Nothing ran with a terabyte of memory."""
    rewrite(
        told.log,
        AttemptSucceeded,
        lambda facts: facts["invocation"]["limits"].update(memory_bytes_max=2**40),
    )

    assert messages(told.palyra.replay.run()) == ["No run has such limits or grants."]


def test_another_engine_is_named(told: Stage):
    """It counts fuel in another way."""
    rewrite(told.log, AttemptSucceeded, lambda facts: facts["invocation"].update(engine="wasmtime-49"))

    report = told.palyra.replay.run()

    assert (report.causes, report.replayed.total()) == ({NotComparable.ENGINE_CHANGED: 1}, 1)


def test_an_attempt_that_nothing_is_known_of_is_named(stage: Stage):
    """Its worker died; the hook tells whose it was."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.claim_and_die(f"hook:{HOOK}", delivery_id, 1)
    stage.worker().take_over()

    report = stage.palyra.replay.run(plugin=PLUGIN)

    assert (report.causes, report.replayed.total()) == ({NotComparable.WORKER_LOST: 1}, 0)


def test_a_tool_whose_answer_is_none_fails_again(stage: Stage):
    """The tool's schema judges the replay as it judged the run."""
    stage.ready(answering(0, '{"result":"text"}'))
    stage.palyra.plugins.run(PLUGIN, input={})
    (event,) = stage.events(PluginInvoked)

    report = stage.palyra.replay.run()

    assert (event.outcome, event.invocation.outcome, report.findings) == ("bad_output", "ok", [])


def test_a_tool_run_that_is_called_a_success_is_found(stage: Stage):
    """Its answer does not follow the schema, whatever the event says."""
    stage.ready(answering(0, '{"result":"text"}'))
    stage.palyra.plugins.run(PLUGIN, input={})
    rewrite(stage.log, PluginInvoked, lambda facts: facts.update(outcome="ok"))

    assert messages(stage.palyra.replay.run()) == ["result: ok then, bad_output now."]


def test_a_hook_that_is_said_to_have_decided_otherwise_is_found(stage: Stage):
    """Running it again tells what it decided; what counted follows from it."""
    stage.ready(answering(30))
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
    stage.palyra.decide("before_tool", {})
    rewrite(stage.log, DecisionTaken, lambda facts: facts["candidates"][0].update(kind="continue"))

    report = stage.palyra.replay.run()

    assert messages(report) == [
        "answer of guard: continue is recorded; the log implies block.",
        (
            "what counts: block of guard of plugin echo is recorded; "
            "the log implies continue of guard of plugin echo."
        ),
        "result: continue (ok) then, block (ok) now.",
    ]


def test_a_sample_is_the_same_each_time(stage: Stage):
    """So many runs are replayed, spread over all of them, and scheduling is checked as a whole."""
    stage.ready(answering())
    for _ in range(20):
        stage.fire()
    stage.palyra.dispatch.drain()
    tamper(stage.log, lambda rows: hashed([row._replace(state=LESS_FUEL(row.state)) for row in rows]))

    reports = [stage.palyra.replay.run(sample=5) for _ in range(2)]

    positions = [[finding.position for finding in report.findings] for report in reports]
    assert [report.replayed.total() for report in reports] == [5, 5]
    assert (positions[0], len(positions[0]), reports[0].deliveries) == (positions[1], 5, 20)


def test_progress_is_told(stage: Stage):
    """Batch by batch, the position that is reached and the one to reach."""
    stage.ready(answering())
    for _ in range(130):
        stage.fire()
    stage.palyra.dispatch.drain()
    told: list[tuple[int, int]] = []

    stage.palyra.replay.run(progress=lambda position, last: told.append((position, last)))

    assert [last for _, last in told] == [stage.log.head()]


def test_a_stretch_and_a_selection(stage: Stage):
    """Only what is in the stretch, and only what the hook set off or the plugin did."""
    stage.ready(answering())
    stage.palyra.hooks.bind("again", event="gateway:startup", plugin=PLUGIN)
    for _ in range(3):
        stage.fire()
        stage.palyra.dispatch.drain()
    stage.palyra.plugins.run(PLUGIN, input={})
    (*_, middle, last) = [row.event_position for row in stage.palyra.deliveries(hook=HOOK)]

    def total(**options: Any) -> tuple[int, int]:
        report = stage.palyra.replay.run(**options)
        return report.replayed.total(), report.deliveries

    assert total() == (7, 6)
    assert total(hook=HOOK) == (3, 3)
    assert total(plugin=PLUGIN) == (7, 6)
    assert total(plugin="nobody") == (0, 0)
    assert total(first=middle) == (5, 4)
    assert total(first=middle, last=last - 1, hook=HOOK) == (1, 1)


def test_a_page_that_a_plugin_showed_is_an_effect(stage: Stage):
    """It follows from the output of the guest; another one is found."""
    page = '{"a2ui":{"v":1,"surface":"desk","components":[{"type":"text","text":"hi"}]}}'
    stage.ready(answering(0, page))
    stage.scheduled()
    stage.worker().work()
    honest = stage.palyra.replay.run()
    rewrite(stage.log, AttemptSucceeded, lambda facts: facts["effects"]["surface"].update(surface="another"))

    (message,) = messages(stage.palyra.replay.run())

    assert honest.findings == []
    assert message.startswith("effects: showed a document of another (")
