from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from palyra_events.application import Intent
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryDeadLettered,
    DeliverySkipped,
    DeliveryState,
    Failure,
)
from palyra_events.errors import LogDamaged, StaleVersion, StorageFailed
from palyra_events.invocation import Invocation
from palyra_events.skill import SkillInstalled
from palyra_runtime.dispatch import Attempted, Claim, Claims, Lease, Worker
from palyra_runtime.sandbox import Execution, WasmPluginRunnerPolicy, invoke
from palyra_runtime.sandbox import Invocation as SandboxInvocation
from palyra_runtime.sandbox.session import HostCall
from projections import DeliveryRow
from tests.stage import HOOK, NOON, PLUGIN, SKILL, Stage, answering, guest, outcomes, unchanged

CHANNEL = {"capabilities": {"node_capabilities": ["ops"]}}


def due(stage: Stage) -> list[DeliveryRow]:
    return stage.views.due_deliveries(stage.clock())


def attempt(stage: Stage, **policy: object) -> DeliveryState | None:
    """Carry out the one delivery that is due."""
    worker = stage.worker(policy=WasmPluginRunnerPolicy(**policy))
    (attempted,) = worker.attempt_some()
    worker.settle()
    return attempted.state


def invocation(stage: Stage) -> Invocation:
    (event,) = stage.events(AttemptSucceeded, AttemptFailed)
    assert event.invocation is not None
    return event.invocation


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


@pytest.mark.parametrize(
    ("stop", "cause"),
    [
        (lambda stage: stage.palyra.skills.quarantine(SKILL), "skill_quarantined"),
        (lambda stage: stage.palyra.skills.disable(SKILL), "skill_not_enabled"),
    ],
)
def test_a_skill_that_was_stopped_after_scheduling_is_skipped(each_stage, stop, cause):
    """The right to run is read at the attempt, and the position it was read at is recorded."""
    each_stage.ready(answering())
    each_stage.scheduled()
    stop(each_stage)
    head = each_stage.log.head()

    state = attempt(each_stage)

    assert state is DeliveryState.SKIPPED
    (skipped,) = each_stage.events(DeliverySkipped)
    assert (skipped.cause, skipped.as_of) == (cause, head)
    assert each_stage.standing_leases() == []


def upgrade(stage: Stage, module: bytes, **fields: object) -> None:
    stage.install(module, SKILL, "1.1.0", **fields)
    stage.palyra.skills.enable(SKILL, "1.1.0", consent=bool)


def test_a_module_that_the_new_release_has_not_is_skipped(stage):
    """After an upgrade that drops the module, the binding leads nowhere."""
    stage.ready(answering())
    stage.scheduled()
    stage.install({"renamed.wasm": answering()}, SKILL, "1.1.0")
    stage.palyra.skills.enable(SKILL, "1.1.0", consent=bool)

    state = attempt(stage)

    assert state is DeliveryState.SKIPPED
    assert stage.events(DeliverySkipped)[0].cause == "module_missing"


def test_a_changed_module_does_not_inherit_grants(stage):
    """Grants belong to the module that the operator looked at: an upgrade is skipped until then."""
    stage.policy = WasmPluginRunnerPolicy(allowed_channels=("ops",))
    palyra = stage.open("granting")
    stage.install(answering(), **CHANNEL)
    palyra.skills.enable(SKILL)
    palyra.plugins.bind(PLUGIN, skill=SKILL, channels=["ops"])
    palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)
    stage.scheduled()
    upgrade(stage, answering(1), **CHANNEL)

    state = attempt(stage)

    assert state is DeliveryState.SKIPPED
    assert stage.events(DeliverySkipped)[0].cause == "module_changed"


def test_a_changed_module_without_grants_runs_in_its_new_form(stage):
    """Without grants there is nothing to inherit: the module of the enabled release runs."""
    stage.ready(answering())
    stage.scheduled()
    upgrade(stage, answering(9))

    attempt(stage)

    assert (invocation(stage).exit_code, invocation(stage).skill_version) == (9, "1.1.0")


def test_a_plugin_that_is_bound_anew_runs_what_it_is_bound_to_at_the_attempt(stage):
    """Between scheduling and attempt, the last word about the plugin counts."""
    stage.ready(answering())
    stage.scheduled()
    stage.install(answering(3), "acme.other")
    stage.palyra.skills.enable("acme.other")
    stage.palyra.plugins.bind(PLUGIN, skill="acme.other")

    attempt(stage)

    assert (invocation(stage).skill_id, invocation(stage).exit_code) == ("acme.other", 3)


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


def test_a_lost_attempt_is_recorded_and_counts(each_stage):
    """Whoever finds a dead worker's claim records the attempt as lost, once, and the next one follows."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()
    each_stage.claim_and_die("hook:greet", delivery_id, 1)

    count = each_stage.worker().take_over()

    assert count == 1
    (lost,) = each_stage.events(AttemptFailed)
    assert (lost.outcome, lost.attempt, lost.invocation) == ("worker_lost", 1, None)
    assert each_stage.standing_leases() == []
    each_stage.clock.moment = lost.retry_at
    assert attempt(each_stage) is DeliveryState.SUCCEEDED
    assert each_stage.views.delivery(delivery_id).attempts == 2


def test_a_lost_attempt_has_the_correlation_of_its_trigger(stage):
    """An attempt that died is found with the event that set it off, like any other."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.claim_and_die("hook:greet", delivery_id, 1)

    stage.worker().take_over()

    row = stage.views.delivery(delivery_id)
    started = stage.events(after=row.event_position - 1)[0]
    (lost,) = stage.events(AttemptFailed)
    assert lost.correlation_id == started.correlation_id
    assert lost.causation_id == f"position:{row.scheduled_position}"


def test_a_plugin_that_kills_its_worker_ends_as_a_dead_letter(stage):
    """A crash loop uses up the attempts: the last lost one is the end of it."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    for number in range(1, 6):
        stage.claim_and_die("hook:greet", delivery_id, number)
        stage.worker().take_over()

    assert stage.views.delivery(delivery_id).state is DeliveryState.DEAD
    assert [event.attempt for event in stage.events(AttemptFailed)] == [1, 2, 3, 4, 5]


def test_a_claim_whose_outcome_is_recorded_is_only_dropped(stage):
    """A worker that died after its outcome leaves a claim that means nothing."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    attempt(stage)
    lease = stage.claim_and_die("hook:greet", delivery_id, 1)
    assert stage.standing_leases() == [lease]

    with unchanged(stage.log):
        count = stage.worker().take_over()

    assert count == 0
    assert stage.standing_leases() == []


def test_a_claim_of_a_delivery_that_nobody_knows_is_dropped(stage):
    """A claim from before a restored backup does not stop the dispatcher."""
    stage.claim_and_die("hook:ghost", "99:ghost", 1)

    with unchanged(stage.log):
        count = stage.worker().take_over()

    assert count == 0
    assert stage.standing_leases() == []


def test_the_outcome_of_a_zombie_is_refused(each_stage):
    """A worker that was taken for dead cannot record a second outcome of its attempt."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()
    zombie = each_stage.application.delivery(delivery_id)
    each_stage.claim_and_die("hook:greet", delivery_id, 1)
    each_stage.worker().take_over()

    with pytest.raises(StaleVersion):
        each_stage.application.record_failure(zombie, Failure("guest_failed"), Intent("system:worker"))

    assert [event.outcome for event in each_stage.events(AttemptFailed)] == ["worker_lost"]


def test_a_delivery_that_somebody_else_closed_is_left_alone(stage):
    """What was due when it was claimed, and is closed when it is looked at, is not carried out again."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    claims = stage.claims()
    claim = claims.take()
    closed = stage.application.delivery(delivery_id)
    stage.application.record_failure(closed, Failure("denied"), Intent("system:worker"))

    attempted = stage.worker(claims=Handing(claim)).attempt_some()

    assert attempted == [Attempted(delivery_id, None)]
    assert len(stage.events(AttemptSucceeded, AttemptFailed)) == 1


class Handing(Claims):
    """Hands out one claim, whatever became of it meanwhile."""

    def __init__(self, claim: Claim) -> None:
        self._left = [claim]

    def take(self) -> Claim | None:
        return self._left.pop() if self._left else None

    def take_quick(self) -> Claim | None:
        return None

    def done(self, lease: Lease) -> None:
        pass


def test_two_workers_on_one_delivery_record_one_outcome(stage):
    """Of two workers that begin the same attempt one is refused, whatever the claims say."""
    stage.ready(guest("ask_clock"))
    delivery_id = stage.scheduled()

    class Meddling:
        """Lets another worker record the attempt as lost while the guest runs."""

        def answer(self, call: HostCall) -> bytes:
            lost = stage.application.delivery(delivery_id)
            stage.application.record_failure(lost, Failure("worker_lost"), Intent("system:worker"))
            return b'{"ok":"late"}'

    attempted = stage.worker(broker=Meddling()).attempt_some()

    assert attempted == [Attempted(delivery_id, None)]
    (lost,) = stage.events(AttemptSucceeded, AttemptFailed)
    assert (lost.outcome, lost.delivery_id) == ("worker_lost", delivery_id)


def test_a_worker_does_not_touch_what_another_has_claimed(each_stage):
    """Where another worker holds the ordering key, the attempt does not begin, and its claim stays."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()
    others = Lease("hook:greet", PLUGIN, delivery_id, 1)
    each_stage.another_process().claim([others])

    with unchanged(each_stage.log):
        attempted = each_stage.worker().attempt_some()

    assert attempted == []
    assert each_stage.standing_leases() == [others]


def test_what_another_has_claimed_is_taken_over_when_nothing_is_heard_of_him(each_stage):
    """An expired claim is recorded as lost by whoever looks for work, before it takes on anything."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()
    each_stage.claim_and_die("hook:greet", delivery_id, 1)

    attempted = each_stage.worker().attempt_some()

    assert attempted == []
    (lost,) = each_stage.events(AttemptFailed)
    assert (lost.delivery_id, lost.outcome) == (delivery_id, "worker_lost")
    each_stage.clock.moment = lost.retry_at
    assert attempt(each_stage) is DeliveryState.SUCCEEDED


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


def test_an_erased_artifact_is_a_skip_and_holds_up_nobody(stage):
    """A release whose bytes were erased cannot run; its delivery is skipped, and the next one goes on."""
    stage.ready(answering())
    stage.ready(answering(1), hook="other", plugin="other", skill_id="acme.other")
    stage.fire()
    drop_blob(stage, artifact_digest(stage))

    report = stage.dispatcher().drain()

    assert (report.skipped, report.succeeded, report.waiting) == (1, 1, 0)
    assert stage.events(DeliverySkipped)[0].cause == "artifact_erased"


def test_an_artifact_that_this_version_refuses_is_a_skip_and_holds_up_nobody(stage, monkeypatch):
    """After an upgrade to a host that a release was not made for, its deliveries are skipped."""
    limited = {"required_protocol_major": 1, "min_palyra_version": "0.1.0", "max_palyra_version": "0.1.9"}
    stage.ready(answering(), compat=limited)
    stage.ready(answering(1), hook="other", plugin="other", skill_id="acme.other")
    stage.fire()
    monkeypatch.setattr("palyra_runtime.skills.compatibility.HOST_VERSION", (0, 2, 0))

    report = stage.dispatcher().drain()

    assert (report.skipped, report.succeeded, report.waiting) == (1, 1, 0)
    assert stage.events(DeliverySkipped)[0].cause == "artifact_refused"


def test_a_tampered_artifact_stops_dispatch_before_anything_is_claimed(stage):
    """Bytes that are not those that were installed never run: dispatch stops, and says which they are."""
    stage.ready(answering())
    stage.scheduled()
    digest = artifact_digest(stage)
    drop_blob(stage, digest)
    with closing(sqlite3.connect(stage.log.path)) as connection, connection:
        connection.execute("INSERT INTO blob VALUES (?, ?)", (digest, b"PK something else"))

    with unchanged(stage.log), pytest.raises(LogDamaged, match=digest.hex()[:12]):
        stage.dispatcher().drain()

    assert stage.standing_leases() == []


def artifact_digest(stage: Stage) -> bytes:
    return next(
        event for event in stage.events(SkillInstalled) if event.skill_id == SKILL
    ).release.artifact.digest


def drop_blob(stage: Stage, digest: bytes) -> None:
    """Erase bytes as retention does."""
    with closing(sqlite3.connect(stage.log.path)) as connection, connection:
        assert connection.execute("DELETE FROM blob WHERE digest = ?", (digest,)).rowcount == 1


def test_ctrl_c_while_a_guest_runs_leaves_a_claim_that_is_taken_over(stage):
    """An interrupt ends the drain; the next one records the attempt as lost and makes it again."""
    stage.ready(guest("ask_clock"))
    delivery_id = stage.scheduled()
    interrupted = stage.dispatcher(broker=Interrupting())

    with unchanged(stage.log), pytest.raises(KeyboardInterrupt):
        interrupted.drain()

    assert stage.standing_leases() == [Lease("hook:greet", PLUGIN, delivery_id, 1, 0)]
    report = stage.dispatcher().drain()
    assert (report.taken_over, report.waiting) == (1, 1)
    stage.clock.move(hours=1)
    assert stage.dispatcher().drain().succeeded == 1


class Interrupting:
    """Somebody presses Ctrl-C while the guest waits for an answer."""

    def answer(self, call: HostCall) -> bytes:
        raise KeyboardInterrupt


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


def flood(stage: Stage, module: bytes, count: int) -> Claims:
    """Let deliveries wait that need no order, of a plugin that is known to be quick."""
    stage.ready(module)
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, ordering="none")
    for _ in range(count):
        stage.fire()
    stage.scheduler().catch_up()
    stage.pace.note(PLUGIN, 0)
    return stage.claims(plugin_concurrency_max=100)


def work_off(worker: Worker) -> None:
    """Carry out whatever is due."""
    while worker.work():
        pass


def steady(module: bytes, call: SandboxInvocation) -> Execution:
    """Run a guest, and say that it took no time, however busy the machine is."""
    return replace(invoke(module, call), duration_us=0)


def test_quick_plugins_are_claimed_ahead(each_stage):
    """One commit claims for a thread and for those that come next; each claim is durable before its guest."""
    claims = flood(each_stage, answering(), 5)

    first = claims.take()

    assert len(each_stage.standing_leases()) == 5
    assert claims.take_quick() != first


def test_a_plugin_that_takes_its_time_is_not_claimed_ahead(each_stage):
    """What would have to wait for a slow guest is left to others."""
    claims = flood(each_stage, answering(), 5)
    each_stage.pace.note(PLUGIN, 1_000_000)

    claim = claims.take()

    assert each_stage.standing_leases() == [claim.lease]
    assert claims.take_quick() is None


def test_only_first_attempts_are_claimed_ahead(each_stage):
    """A plugin that kills its worker costs the deliveries beside it one attempt at the most."""
    claims = flood(each_stage, answering(75, '{"retry":true}'), 3)
    work_off(each_stage.worker(claims=claims, run=steady))
    each_stage.clock.move(hours=1)

    claim = claims.take()

    assert claim.row.attempts == 1
    assert each_stage.standing_leases() == [claim.lease]


def test_outcomes_of_quick_plugins_are_in_the_log_when_work_returns(each_stage):
    """Whoever is told that deliveries were carried out finds each of their outcomes."""
    worker = each_stage.worker(claims=flood(each_stage, answering(), 20), run=steady)
    attempted = []

    while some := worker.attempt_some():
        attempted += some
        outcomes_now = each_stage.events(AttemptSucceeded)
        assert [event.delivery_id for event in outcomes_now] == [each.delivery_id for each in attempted]

    assert [each.state for each in attempted] == [DeliveryState.SUCCEEDED] * 20
    assert each_stage.standing_leases() == []


def test_one_late_outcome_does_not_keep_the_others_away(each_stage):
    """Of outcomes that are recorded together, those that nobody disputes are there."""
    claims = flood(each_stage, answering(), 3)
    disputed: list[str] = []

    def overtaken(module: bytes, call: SandboxInvocation) -> Execution:
        if not disputed:
            disputed.append(json.loads(call.input)["delivery_id"])
            lost = each_stage.application.delivery(disputed[0])
            each_stage.application.record_failure(lost, Failure("worker_lost"), Intent("system:worker"))
        return steady(module, call)

    worker = each_stage.worker(claims=claims, run=overtaken)
    states = {}
    while some := worker.attempt_some():
        states |= {each.delivery_id: each.state for each in some}

    assert states.pop(disputed[0]) is None
    assert list(states.values()) == [DeliveryState.SUCCEEDED] * 2
    assert len(each_stage.events(AttemptSucceeded, AttemptFailed)) == 3


def test_a_host_that_cannot_go_on_records_what_has_ended_and_gives_back_the_rest(each_stage):
    """An error at the second of three guests: the first has its outcome, and nobody holds the others."""
    claims = flood(each_stage, answering(), 3)
    runs = count()

    def failing(module: bytes, call: SandboxInvocation) -> Execution:
        if next(runs) == 1:
            raise StorageFailed
        return steady(module, call)

    worker = each_stage.worker(claims=claims, run=failing)

    with pytest.raises(StorageFailed):
        work_off(worker)

    assert len(each_stage.events(AttemptSucceeded)) == 1
    assert each_stage.standing_leases() == []
    assert len(due(each_stage)) == 2


def test_what_is_claimed_ahead_is_given_back_with_the_rest(each_stage):
    """Whoever hands back holds nothing any more, also of what he had not begun."""
    claims = flood(each_stage, answering(), 4)
    worker = each_stage.worker(claims=claims)
    claims.take()

    handed_back = worker.hand_back()

    assert handed_back == 4
    assert each_stage.standing_leases() == []
