from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryDeadLettered,
    DeliveryState,
)
from palyra_runtime.dispatch import Attempted
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.sandbox.session import HostCall
from tests.stage import HOOK, NOON, PLUGIN, SKILL, answering, guest, outcomes, unchanged
from tests.unit.dispatch.attempting import attempt, due, invocation

CHANNEL = {"capabilities": {"node_capabilities": ["ops"]}}


def test_a_success_is_recorded_with_what_the_guest_said(each_stage):
    """Output, log lines, exit code, fuel and the release that ran are in the one event of the attempt."""
    each_stage.ready(answering(7, '{"result":"done"}', "a line"))
    delivery_id = each_stage.scheduled()

    state = attempt(each_stage)

    assert state is DeliveryState.SUCCEEDED
    run = invocation(each_stage)
    assert (run.outcome, run.exit_code) == ("ok", 7)
    assert (run.skill_id, run.skill_version, run.module_path) == (SKILL, "1.0.0", "modules/plugin.wasm")
    assert each_stage.log.blob(run.output.digest) == b'{"result":"done"}'
    assert each_stage.document(run.logs.sha256) == [{"level": "info", "text": "a line"}]
    assert (run.limits.fuel_units, run.limits.timeout_ms) == (10_000_000, 2_000)
    assert 0 < run.fuel_units < 10_000_000
    row = each_stage.views.delivery(delivery_id)
    assert (row.state, row.attempts, row.outcome) == (DeliveryState.SUCCEEDED, 1, "ok")


def test_the_guest_sees_the_recorded_bytes(stage):
    """What the guest read is byte for byte what the log keeps as its input."""
    stage.ready(guest("echo"))
    stage.scheduled()

    attempt(stage)

    run = invocation(stage)
    assert run.output == run.input
    assert hashlib.sha256(stage.log.blob(run.input.digest)).hexdigest() == run.input.sha256


def test_the_input_is_the_document_of_the_contract(stage):
    """A plugin is told its delivery, its attempt and the event, with payload and reason, and no more."""
    stage.ready(guest("echo"))
    stage.palyra.hooks.bind(HOOK, event="skill:quarantined", plugin=PLUGIN)
    stage.install(answering(), "acme.other")
    stage.palyra.skills.quarantine("acme.other", reason='seen "ü\u2028" at night')
    position = stage.log.head()
    stage.scheduler().catch_up()

    attempt(stage)

    assert stage.document(invocation(stage).input.sha256) == {
        "schema": 1,
        "delivery_id": f"{position}:greet",
        "attempt": 1,
        "hook_id": "greet",
        "plugin_id": "echo",
        "event": {
            "kind": "skill:quarantined",
            "position": position,
            "timestamp": "2026-03-01T12:00:00Z",
            "actor": "operator:alice",
            "payload": {
                "skill_id": "acme.other",
                "version": "1.0.0",
                "reasons": [],
                "evidence": [],
                "reason": 'seen "ü\u2028" at night',
            },
        },
        "config": {},
    }


def test_an_outcome_has_the_correlation_of_its_trigger_and_the_delivery_as_its_cause(stage):
    """Who looks an event up by correlation finds the outcome too; its actor is the worker."""
    stage.ready(answering())
    delivery_id = stage.scheduled()

    attempt(stage)

    row = stage.views.delivery(delivery_id)
    started = stage.events(after=row.event_position - 1)[0]
    (outcome,) = stage.events(AttemptSucceeded)
    assert outcome.correlation_id == started.correlation_id
    assert (outcome.actor, outcome.causation_id) == ("system:worker", f"position:{row.scheduled_position}")


def test_a_failure_is_tried_again_when_its_time_has_come(each_stage):
    """A guest that reports a failure is due again at retry_at, not before, with the next attempt's number."""
    each_stage.ready(guest("patient"))
    delivery_id = each_stage.scheduled()

    state = attempt(each_stage)

    (failed,) = each_stage.events(AttemptFailed)
    assert state is DeliveryState.RETRYING
    assert (failed.outcome, failed.attempt, failed.invocation.exit_code) == ("guest_failed", 1, 75)
    assert timedelta(seconds=0.5) <= failed.retry_at - NOON <= timedelta(seconds=1)
    assert due(each_stage) == []
    each_stage.clock.moment = failed.retry_at - timedelta(milliseconds=1)
    assert due(each_stage) == []
    each_stage.clock.moment = failed.retry_at
    assert [row.delivery_id for row in due(each_stage)] == [delivery_id]


def test_attempts_go_on_until_one_succeeds(each_stage):
    """Two failures and a success are three attempts with three outcomes, and nothing is due any more."""
    each_stage.ready(guest("patient"))
    delivery_id = each_stage.scheduled()

    for _ in range(3):
        attempt(each_stage)
        each_stage.clock.move(hours=1)

    attempts = each_stage.views.attempts(delivery_id)
    assert [(row.attempt, row.outcome, row.exit_code) for row in attempts] == [
        (1, "guest_failed", 75),
        (2, "guest_failed", 75),
        (3, "ok", 0),
    ]
    assert due(each_stage) == []


def test_the_last_attempt_makes_a_dead_letter_in_the_same_append(stage):
    """With attempts_max 2, the second failure and the dead letter stand side by side."""
    stage.ready(answering(64))
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, attempts_max=2)
    stage.scheduled()
    attempt(stage)
    stage.clock.move(hours=1)
    before = stage.log.head()

    state = attempt(stage)

    assert state is DeliveryState.DEAD
    failed, dead = stage.events(after=before)
    assert (failed.attempt, failed.retry_at) == (2, None)
    assert isinstance(dead, DeliveryDeadLettered)
    assert (dead.attempts, dead.outcome) == (2, "guest_failed")


def test_a_guest_can_say_that_trying_again_is_of_no_use(stage):
    """``"retry": false`` makes the first failure the last."""
    stage.ready(answering(64, '{"retry":false}'))
    stage.scheduled()

    state = attempt(stage)

    assert state is DeliveryState.DEAD
    assert outcomes(stage.events(AttemptFailed, DeliveryDeadLettered)) == [
        "AttemptFailed",
        "DeliveryDeadLettered",
    ]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("unreachable", "trapped:unreachable"),
        ("divide", "trapped:integer_division_by_zero"),
        ("spin", "out_of_fuel"),
        ("recurse", "trapped:stack_overflow"),
        ("out_of_bounds", "trapped:memory_out_of_bounds"),
        ("echo", "bad_output"),
        ("trap_at_start", "trapped:unreachable"),
    ],
)
def test_a_guest_that_misbehaves_is_an_outcome(stage, name, outcome):
    """A guest that traps, spins or lies leaves a recorded failure, and the worker goes on."""
    stage.ready(guest(name))
    stage.scheduled()

    state = attempt(stage)

    assert state is DeliveryState.RETRYING
    assert stage.events(AttemptFailed)[0].outcome == outcome


def test_a_deadline_ends_a_guest(stage):
    """With fuel enough, the clock ends a guest that spins."""
    plenty = {"fuel_budget": 2**62, "wall_clock_timeout_ms": 60_000, "max_memory_bytes": 65_536}
    stage.ready(guest("spin"), capabilities={"quotas": plenty})
    stage.scheduled()

    attempt(stage, fuel_budget=2**62, timeout_ms=20)

    assert stage.events(AttemptFailed)[0].outcome == "deadline"


def test_a_module_that_is_too_large_for_the_policy_is_denied_for_good(stage):
    """A policy that was tightened after the binding holds at the next attempt; trying again is of no use."""
    stage.ready(answering())
    stage.scheduled()

    state = attempt(stage, max_module_size_bytes=10)

    assert state is DeliveryState.DEAD
    (failed,) = stage.events(AttemptFailed)
    assert (failed.outcome, failed.message) == ("denied", "The module is larger than the policy allows.")


def test_a_grant_that_the_policy_does_not_allow_any_more_is_denied(stage):
    """A grant is held against the policy of the attempt, and the denied value is named."""
    stage.policy = WasmPluginRunnerPolicy(allowed_channels=("ops",))
    palyra = stage.open("granting")
    stage.install(answering(), **CHANNEL)
    palyra.skills.enable(SKILL)
    palyra.plugins.bind(PLUGIN, skill=SKILL, channels=["ops"])
    palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)
    stage.scheduled()

    state = attempt(stage)

    assert state is DeliveryState.DEAD
    (failed,) = stage.events(AttemptFailed)
    assert failed.outcome == "denied"
    assert "channels: ops" in failed.message


def test_order_is_kept_within_a_hook_while_a_retry_waits(stage):
    """A delivery that waits for its next attempt holds back its own hook, and no other."""
    stage.ready(guest("patient"))
    stage.install(answering(), "acme.other")
    stage.palyra.skills.enable("acme.other")
    stage.palyra.plugins.bind("other", skill="acme.other")
    stage.palyra.hooks.bind("quick", event="gateway:startup", plugin="other")
    first, second = stage.fire(), stage.fire()
    dispatcher = stage.dispatcher()

    report = dispatcher.drain()

    assert (report.succeeded, report.retrying, report.waiting) == (2, 1, 2)
    states = {row.delivery_id: row.state for row in stage.views.deliveries()}
    assert states == {
        f"{first}:greet": DeliveryState.RETRYING,
        f"{first}:quick": DeliveryState.SUCCEEDED,
        f"{second}:greet": DeliveryState.SCHEDULED,
        f"{second}:quick": DeliveryState.SUCCEEDED,
    }


def test_a_worker_that_was_told_to_stop_begins_nothing(stage):
    """After `stop` nothing is claimed; what is due waits for somebody else."""
    stage.ready(answering())
    stage.scheduled()
    worker = stage.worker()
    worker.stop()

    with unchanged(stage.log):
        worked = worker.work()

    assert not worked
    assert stage.standing_leases() == []
    assert stage.worker().work()


def test_an_attempt_that_was_handed_back_records_nothing(each_stage):
    """Whoever stops without waiting gives the key back; another one makes the attempt, and it counts once."""
    each_stage.ready(guest("ask_clock"))
    delivery_id = each_stage.scheduled()

    class Impatient:
        """Hands everything back while the guest runs."""

        def answer(self, call: HostCall) -> bytes:
            handed_back.append(impatient.hand_back())
            return b'{"ok":"2026-03-01T12:00:00Z"}'

    handed_back: list[int] = []
    impatient = each_stage.worker(broker=Impatient())

    with unchanged(each_stage.log):
        attempted = impatient.attempt_some()

    assert (attempted, handed_back) == ([Attempted(delivery_id, None)], [1])
    assert each_stage.standing_leases() == []
    assert attempt(each_stage) is DeliveryState.SUCCEEDED
    assert each_stage.views.delivery(delivery_id).attempts == 1


def test_huge_output_and_logs_are_bounded_and_recorded(stage):
    """An output of a megabyte and a storm of log lines are an outcome like any other."""
    stage.ready(guest("log_storm"))
    stage.ready(
        answering(0, '{"result":"' + "x" * (1024**2 - 13) + '"}'),
        hook="other",
        plugin="other",
        skill_id="acme.other",
    )
    stage.fire()

    report = stage.dispatcher().drain()

    assert report.succeeded == 2
    sizes = {event.invocation.skill_id: event.invocation for event in stage.events(AttemptSucceeded)}
    assert sizes["acme.other"].output.size == 1024**2
    assert sizes[SKILL].logs.size < 64 * 1024


def test_a_clock_that_goes_back_delays_a_retry_and_loses_nothing(stage):
    """Recorded times decide: a clock that was set back waits longer, and order and outcomes stay."""
    stage.ready(guest("patient"))
    delivery_id = stage.scheduled()
    attempt(stage)
    stage.clock.move(days=-1)
    assert due(stage) == []
    stage.clock.move(days=1, hours=1)
    attempt(stage)
    stage.clock.move(hours=-1)
    assert due(stage) == []
    stage.clock.move(days=1)

    state = attempt(stage)

    assert state is DeliveryState.SUCCEEDED
    assert [row.attempt for row in stage.views.attempts(delivery_id)] == [1, 2, 3]
