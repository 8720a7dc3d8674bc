from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from palyra_events.application import Intent
from palyra_events.decision_taken import HOOKS_MAX, DecisionTaken, InvalidDecisionKey
from palyra_events.delivery import DeliveryScheduled
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.config import DecisionSettings
from palyra_runtime.dispatch import DecisionKeyReused, InvalidCorrelation, PayloadRefused
from palyra_runtime.facade import TooManyHooks
from palyra_runtime.sandbox import HostCall, WasmPluginRunnerPolicy
from tests.stage import HOOK, PLUGIN, SKILL, Stage, StageEntropy, answering, asking, guest, unchanged

CALL = {"tool": "shell", "arguments": {"command": "rm -rf /"}}


@pytest.fixture
def bind(stage: Stage) -> Callable[..., None]:
    """Bind a module of a skill of its own to a phase."""

    def bound(
        module: bytes, name: str = "guard", phase: str = "before_tool", *, on_failure: str | None = None
    ) -> None:
        tool = {"id": f"acme.{name}", "name": name, "description": "It decides"}
        schemas = {"input_schema": {"type": "object"}, "output_schema": {"type": "object"}}
        stage.install(
            module,
            f"acme.{name}",
            entrypoints={"tools": [{**tool, **schemas}]},
            capabilities={"quotas": {"fuel_budget": 2**62, "wall_clock_timeout_ms": 60_000}},
        )
        stage.palyra.skills.enable(f"acme.{name}")
        stage.palyra.plugins.bind(f"{name}-plugin", skill=f"acme.{name}")
        stage.palyra.hooks.bind(name, event=phase, plugin=f"{name}-plugin", on_failure=on_failure)

    return bound


def taken(stage: Stage) -> DecisionTaken:
    (event,) = stage.events(DecisionTaken)
    assert isinstance(event, DecisionTaken)
    return event


def blob(stage: Stage, reference: Any) -> Any:
    return stage.document(reference.sha256)


def test_a_hook_blocks_and_says_why(stage: Stage, bind):
    """The exit code decides; reason and remarks are the guest's, the circumstances the host's."""
    bind(answering(30, '{"result":{"reason":"not at night"},"annotations":{"rule":7,"exit_code":0}}'))

    decision = stage.palyra.decide("before_tool", CALL)

    assert (decision.kind, decision.reason, decision.is_terminal) == ("block", "not at night", True)
    assert decision.annotations["guard"] | {"duration_ms": 0} == {
        "rule": 7,
        "exit_code": 30,
        "duration_ms": 0,
    }
    assert (decision.resolution.selected.hook_id, decision.resolution.selected.plugin_id) == (
        "guard",
        "guard-plugin",
    )


def test_a_decision_is_in_the_log_when_the_agent_has_it(stage: Stage, bind):
    """Another process reads who decided what, on which question, by which run."""
    bind(answering(10, '{"annotations":{"cost":3}}', "looked"))

    decision = stage.palyra.decide(
        "run:before_tool", CALL, correlation_id="run-81", reason="asked by the agent"
    )

    event = taken(stage)
    (candidate,) = event.candidates
    assert (event.decision_id, event.phase, event.kind) == (decision.decision_id, "before_tool", "annotate")
    assert (event.actor, event.correlation_id) == ("operator:alice", "run-81")
    assert blob(stage, event.payload) == CALL
    assert (candidate.outcome, candidate.invocation.exit_code) == ("ok", 10)
    assert candidate.invocation.as_of == event.as_of == decision.position - 1
    assert blob(stage, candidate.invocation.logs) == [{"level": "info", "text": "looked"}]


def test_a_guest_is_told_what_is_asked(stage: Stage, bind):
    """Phase, hook, who asks and the payload; these bytes are recorded."""
    bind(answering())

    decision = stage.palyra.decide("before_tool", CALL)

    assert blob(stage, taken(stage).candidates[0].invocation.input) == {
        "schema": 1,
        "decision_id": decision.decision_id,
        "phase": "before_tool",
        "hook_id": "guard",
        "plugin_id": "guard-plugin",
        "event": {
            "kind": "run:before_tool",
            "timestamp": "2026-03-01T12:00:00Z",
            "actor": "operator:alice",
            "payload": CALL,
        },
        "config": {},
    }


def test_without_hooks_the_run_goes_on(each_stage: Stage):
    """That nobody had anything to say is recorded too."""
    decision = each_stage.palyra.decide("after_run", {})

    assert (decision.kind, decision.resolution.selected.hook_id) == ("continue", "runtime")
    assert taken(each_stage).candidates == ()


def test_hooks_are_asked_in_the_order_of_their_ids(stage: Stage, bind):
    """The heaviest answer counts, and the others are named as conflicts."""
    bind(answering(0), "c")
    bind(answering(20), "a")
    bind(answering(10), "b")

    decision = stage.palyra.decide("before_tool", CALL)

    assert [answer.hook_id for answer in decision.answers] == ["a", "b", "c"]
    assert (decision.kind, decision.resolution.conflicts) == (
        "request_approval",
        ("b:b-plugin:annotate", "c:c-plugin:continue"),
    )


@pytest.mark.parametrize("exit_code", [50, 99, -1])
def test_a_guest_can_fail_the_run(stage: Stage, bind, exit_code: int):
    """What would be a failure of a delivery is an answer here."""
    bind(answering(exit_code), phase="after_tool")

    decision = stage.palyra.decide("after_tool", CALL)

    assert (decision.kind, decision.answers[0].outcome) == ("fail_run", "ok")


@pytest.mark.parametrize(
    ("module", "outcome"),
    [
        (guest("unreachable"), "trapped:unreachable"),
        (guest("spin"), "out_of_fuel"),
        (answering(0, "no json"), "bad_output"),
        (answering(40, '{"result":{"preview":"x"}}'), "not_allowed_in_phase"),
    ],
    ids=["traps", "spins", "babbles", "oversteps"],
)
def test_a_hook_without_an_answer_blocks(stage: Stage, bind, module: bytes, outcome: str):
    """However its guest failed; the run is recorded as any other."""
    bind(module)

    decision = stage.palyra.decide("before_tool", CALL)

    assert (decision.kind, decision.answers[0].outcome) == ("block", outcome)
    assert taken(stage).candidates[0].invocation is not None


@pytest.mark.parametrize(
    ("phase", "on_failure", "kind", "own"),
    [
        ("before_tool", "block", "block", "block"),
        ("after_tool", None, "annotate", "annotate"),
        ("before_tool", "continue", "continue", None),
        ("after_tool", "continue", "continue", None),
    ],
)
def test_what_a_missing_answer_means(
    stage: Stage, bind, phase: str, on_failure: str | None, kind: str, own: str | None
):
    """It blocks where the phase can be blocked, and is a remark elsewhere; bound so, the hook abstains."""
    bind(guest("unreachable"), phase=phase, on_failure=on_failure)

    decision = stage.palyra.decide(phase, CALL)

    assert (decision.kind, decision.answers[0].kind) == (kind, own)


def test_a_decision_that_its_phase_does_not_know(stage: Stage, bind):
    """What has happened cannot be blocked: that is no answer, and says so."""
    bind(answering(30), phase="after_run")

    decision = stage.palyra.decide("after_run", {})

    assert (decision.kind, decision.reason) == (
        "annotate",
        "The guest decided block, which after_run does not know.",
    )


def test_another_text_is_delivered(stage: Stage, bind):
    """A guest may change what is delivered, and what it wants is in the answer."""
    bind(answering(40, '{"result":{"transform_preview":{"text":"***"}}}'), phase="before_delivery")

    decision = stage.palyra.decide("before_delivery", {"text": "1234"})

    assert (decision.kind, decision.transformed_preview) == ("transform_preview", {"text": "***"})


def test_a_change_to_nothing_is_no_answer(stage: Stage, bind):
    """Delivering nothing at all is not what a broken guest decides."""
    bind(answering(40, '{"result":{"preview":null}}'), phase="before_delivery")

    decision = stage.palyra.decide("before_delivery", {"text": "1234"})

    assert (decision.kind, decision.answers[0].outcome) == ("block", "bad_output")


def test_a_hook_that_may_not_run_blocks(stage: Stage, bind):
    """A quarantine by another process is seen by the next question, also where all was looked up before."""
    bind(answering(0))
    assert stage.palyra.decide("before_tool", CALL).kind == "continue"

    stage.application.quarantine_skill("acme.guard", "1.0.0", Intent("operator:bob"))
    decision = stage.palyra.decide("before_tool", CALL)

    assert (decision.kind, decision.answers[0].outcome) == ("block", "skill_quarantined")
    assert decision.reason == "Its plugin may not run: skill quarantined."


@pytest.mark.parametrize("switch", ["disable", "unbind"])
def test_a_hook_that_is_gone_is_not_asked(stage: Stage, bind, switch: str):
    """Who switches a guard off, or away, is heard at once."""
    bind(answering(30))
    assert stage.palyra.decide("before_tool", CALL).kind == "block"

    getattr(stage.application, f"{switch}_hook")("guard", Intent("operator:bob"))

    assert stage.palyra.decide("before_tool", CALL).answers == ()


def test_other_events_change_nothing(stage: Stage, bind):
    """Deliveries and runs in between do not make the next answer another one."""
    bind(answering(30))
    first = stage.palyra.decide("before_tool", CALL)
    for _ in range(300):
        stage.fire()

    second = stage.palyra.decide("before_tool", CALL)

    assert (second.kind, len(second.answers)) == (first.kind, len(first.answers))
    assert stage.events(DecisionTaken)[1].as_of == second.position - 1


def test_where_nothing_runs_hooks_block(stage: Stage, bind):
    """A switched-off runner is no open door."""
    bind(answering(0))
    off = stage.open("off", policy=WasmPluginRunnerPolicy(enabled=False))

    decision = off.decide("before_tool", CALL)

    assert (decision.kind, decision.answers[0].outcome) == ("block", "runner_disabled")


def test_a_hook_has_no_powers(stage: Stage):
    """Clock and random bytes are answered; what the plugin was granted elsewhere is not."""
    asked = [
        {"op": "clock.now"},
        {"op": "random.bytes", "n": 2},
        {"op": "channel.send", "handle": 40_000, "message": "hi"},
        {"op": "storage.get", "handle": 30_000, "key": "a"},
        {"op": "http.request", "handle": 10_000, "method": "GET", "url": "https://a.example/"},
    ]
    policy = WasmPluginRunnerPolicy(allowed_storage_prefixes=("notes",), allowed_channels=("ops",))
    granted = stage.open("granted", policy=policy)
    stage.install(
        asking(*asked), capabilities={"filesystem": {"write_roots": ["notes"]}, "node_capabilities": ["ops"]}
    )
    granted.skills.enable(SKILL)
    granted.plugins.bind(PLUGIN, skill=SKILL, storage_prefixes=["notes"], channels=["ops"])
    granted.hooks.bind(HOOK, event="before_tool", plugin=PLUGIN)

    decision = granted.decide("before_tool", CALL)

    answers = decision.answers[0].output["result"]
    assert [answer.get("error", {}).get("code", "ok") for answer in answers] == [
        "ok",
        "ok",
        "denied",
        "denied",
        "denied",
    ]
    assert taken(stage).candidates[0].invocation.grants.is_empty


def test_asked_again_under_its_key(each_stage: Stage):
    """The recorded answer is given, nothing runs, and nothing is recorded; also by another process."""
    first = each_stage.palyra.decide("before_tool", CALL, idempotency_key="call-7")

    with unchanged(each_stage.log):
        again = each_stage.open("another").decide("before_tool", CALL, idempotency_key="call-7")

    assert (first.is_repeated, again.is_repeated) == (False, True)
    assert (again.position, again.resolution, again.answers) == (
        first.position,
        first.resolution,
        first.answers,
    )


def test_an_answer_that_is_given_again_is_whole(stage: Stage, bind):
    """Reason, remarks, output and log lines come back as they were."""
    bind(answering(10, '{"result":{"reason":"dear"},"annotations":{"cost":3}}', "looked"))
    first = stage.palyra.decide("before_tool", CALL, idempotency_key="call-7")

    again = stage.palyra.decide("before_tool", CALL, idempotency_key="call-7")

    assert again.resolution == first.resolution
    assert again.answers == first.answers
    assert again.payload == first.payload == CALL


@pytest.mark.parametrize(("phase", "payload"), [("before_run", CALL), ("before_tool", {"tool": "ls"})])
def test_a_key_belongs_to_one_question(stage: Stage, phase: str, payload: dict[str, Any]):
    """A key that was used for something else is no answer to this."""
    stage.palyra.decide("before_tool", CALL, idempotency_key="call-7")

    with unchanged(stage.log), pytest.raises(DecisionKeyReused):
        stage.palyra.decide(phase, payload, idempotency_key="call-7")


@pytest.mark.parametrize("key", ["", "  ", "x" * 257, "\ud800"])
def test_a_key_that_is_none(stage: Stage, key: str):
    """It is refused before anything runs."""
    with unchanged(stage.log), pytest.raises(InvalidDecisionKey):
        stage.palyra.decide("before_tool", CALL, idempotency_key=key)


@pytest.mark.parametrize("correlation_id", ["x" * 161, "\ud800"])
def test_an_id_that_could_not_be_recorded(stage: Stage, bind, correlation_id: str):
    """It is refused before anybody is asked."""
    bind(answering(10))
    with unchanged(stage.log), pytest.raises(InvalidCorrelation):
        stage.palyra.decide("before_tool", CALL, correlation_id=correlation_id)


def test_asked_twice_at_once(each_stage: Stage):
    """Two processes that ask under one key at the same moment get one answer."""
    faces = [each_stage.open(f"face{n}") for n in range(4)]
    gate = threading.Barrier(len(faces))

    def ask(face: Palyra) -> tuple[str, int]:
        gate.wait()
        decision = face.decide("before_tool", CALL, idempotency_key="call-7")
        return decision.decision_id, decision.position

    with ThreadPoolExecutor(len(faces)) as threads:
        answers = set(threads.map(ask, faces))

    assert len(answers) == 1
    assert len(each_stage.events(DecisionTaken)) == 1


@pytest.mark.parametrize(
    "payload",
    [None, [], "x", 3, {"a": float("nan")}, {"a": object()}, {"a": "\ud800"}, {"a": "x" * 300_000}],
    ids=["null", "list", "text", "number", "nan", "object", "surrogate", "large"],
)
def test_a_payload_that_is_none(stage: Stage, payload: Any):
    """It is refused before anything runs."""
    with unchanged(stage.log), pytest.raises(PayloadRefused):
        stage.palyra.decide("before_tool", payload)


def test_many_threads_ask_one_face(stage: Stage, bind):
    """Each gets an answer of its own."""
    bind(answering(10))

    with ThreadPoolExecutor(4) as threads:
        decisions = list(threads.map(lambda n: stage.palyra.decide("before_tool", {"n": n}), range(20)))

    assert [decision.payload for decision in decisions] == [{"n": n} for n in range(20)]
    assert len({decision.position for decision in decisions}) == 20


def test_a_phase_is_never_queued(stage: Stage, bind):
    """A decision schedules nothing, however often the scheduler looks."""
    bind(answering(0))
    stage.palyra.decide("before_tool", CALL)

    stage.palyra.dispatch.drain()

    assert stage.events(DeliveryScheduled) == []


class Gate:
    """A broker that lets a delivery wait in the middle of a host call."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def answer(self, call: HostCall) -> bytes:
        self.reached.set()
        assert self.opened.wait(60)
        return json.dumps({"ok": None}).encode()


def test_no_delivery_is_in_the_way(stage: Stage, bind):
    """While a plugin is in the middle of a delivery, its own hook answers."""
    stage.ready(asking({"op": "clock.now"}))
    stage.palyra.hooks.bind("guard", event="before_tool", plugin=PLUGIN)
    stage.palyra.dispatch.drain()
    stage.fire()
    gate = Gate()
    patient = WasmPluginRunnerPolicy(timeout_ms=60_000)
    with ThreadPoolExecutor(1) as threads:
        dispatcher = stage.dispatcher(policy=patient, broker=gate)
        delivery = threads.submit(_drained, dispatcher)
        assert gate.reached.wait(60)

        decision = stage.palyra.decide("before_tool", CALL)

        assert not delivery.done()
        gate.opened.set()
        assert delivery.result(60).succeeded == 1
    assert (decision.kind, decision.answers[0].outcome) == ("continue", "ok")


def _drained(dispatcher: Any) -> Any:
    with dispatcher.role():
        return dispatcher.drain()


def test_the_budget_is_for_all_hooks_together(stage: Stage, bind):
    """A hook that never ends takes its share, and the next one still answers."""
    forever = WasmPluginRunnerPolicy(fuel_budget=2**62, timeout_ms=60_000)
    bind(guest("spin"), "a", on_failure="continue")
    bind(answering(30), "b")
    surroundings = Surroundings(
        stage.clock, StageEntropy("hurried"), forever, decisions=DecisionSettings(budget_ms=2_000)
    )
    with Palyra.open(
        stage.url, home=stage.folder, actor="operator:eve", surroundings=surroundings
    ) as hurried:
        decision = hurried.decide("before_tool", CALL)

    assert [answer.outcome for answer in decision.answers] == ["deadline", "ok"]
    assert decision.kind == "block"
    assert taken(stage).budget_ms == 2_000


def test_a_phase_has_room_for_so_many_hooks(stage: Stage):
    """Each answer takes its room in the event, so there is a bound, and it is told when a hook is bound."""
    stage.install(answering(10))
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    for number in range(HOOKS_MAX):
        stage.palyra.hooks.bind(f"hook{number:02}", event="before_tool", plugin=PLUGIN)
    with pytest.raises(TooManyHooks):
        stage.palyra.hooks.bind("one-more", event="before_tool", plugin=PLUGIN)

    decision = stage.palyra.decide("before_tool", CALL)

    assert len(decision.answers) == HOOKS_MAX
    assert decision.kind == "annotate"


def test_a_hook_too_many_blocks(stage: Stage):
    """Where two people bound at the same moment, the one too many is not forgotten."""
    stage.install(answering(10))
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    for number in range(HOOKS_MAX):
        stage.palyra.hooks.bind(f"hook{number:02}", event="before_tool", plugin=PLUGIN)
    target = stage.views.hooks()[0].hook.target
    stage.application.bind_hook("z-one-more", target, Intent("operator:bob"))

    decision = stage.palyra.decide("before_tool", CALL)

    assert (decision.kind, decision.answers[-1].outcome) == ("block", "too_many_hooks")
