from __future__ import annotations

from pathlib import Path

import pytest

from palyra_events.delivery import AttemptFailed, AttemptSucceeded, DeliveryState
from palyra_events.errors import IllegalTransition, UnknownDelivery
from palyra_runtime.dispatch import Lease
from palyra_runtime.facade import Action
from palyra_runtime.sandbox import Execution, Invocation, invoke
from tests.stage import OPEN_POLICY, Stage, answering, guest, unchanged


def erase(stage: Stage, sha256: str) -> None:
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM blob WHERE digest = X'{sha256}'")


def test_a_delivery_is_shown_with_what_was_said(stage: Stage):
    """Input, output and log lines of each attempt are there as documents."""
    stage.ready(answering(0, '{"result":{"x":1}}', "hello"))
    delivery_id = stage.scheduled()
    stage.palyra.dispatch.drain()

    detail = stage.palyra.delivery(delivery_id)

    assert (detail.row.delivery_id, detail.row.state) == (delivery_id, DeliveryState.SUCCEEDED)
    (attempt,) = detail.attempts
    assert attempt.input["delivery_id"] == delivery_id
    assert attempt.output == {"result": {"x": 1}}
    assert attempt.logs == [{"level": "info", "text": "hello"}]


def test_an_attempt_that_was_lost_has_nothing_to_show(stage: Stage):
    """Nobody knows what a dead worker's guest said."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.claim_and_die("hook:greet", delivery_id, 1)
    stage.palyra.dispatch.drain()

    (attempt,) = stage.palyra.delivery(delivery_id).attempts

    assert (attempt.row.outcome, attempt.input, attempt.output, attempt.logs) == (
        "worker_lost",
        None,
        None,
        None,
    )


def test_an_erased_document_is_absent(stage: Stage):
    """What was erased is not shown and is no error; the rest of the attempt stays."""
    stage.ready(answering(0, '{"result":1}'))
    delivery_id = stage.scheduled()
    stage.palyra.dispatch.drain()
    (before,) = stage.palyra.delivery(delivery_id).attempts
    erase(stage, before.row.output_sha256)

    (attempt,) = stage.palyra.delivery(delivery_id).attempts

    assert attempt.output is None
    assert attempt.input == before.input


@pytest.mark.parametrize(
    "said",
    ["no JSON", "[" * 100_000, "1" * 10_000, "\\ud800", '{"a":1,"a":2}'],
    ids=["text", "deep", "long number", "surrogate", "duplicate"],
)
def test_an_output_that_is_no_document_can_be_looked_at(stage: Stage, said):
    """Whatever a guest wrote, showing it does not fail."""
    stage.ready(answering(0, said))
    delivery_id = stage.scheduled()
    stage.palyra.dispatch.drain()

    (attempt,) = stage.palyra.delivery(delivery_id).attempts

    assert attempt.row.outcome == "bad_output"
    assert attempt.output is not None


def test_deliveries_are_listed_by_state_and_hook_page_by_page(stage: Stage):
    """Filters and pages cut the one list, which is in the order of scheduling."""
    stage.ready(answering())
    stage.ready(guest("patient"), hook="other", plugin="other", skill_id="acme.other")
    for _ in range(2):
        stage.fire()
    stage.palyra.dispatch.drain()

    everything = stage.palyra.deliveries()
    assert len(everything) == 4
    assert [row.hook_id for row in stage.palyra.deliveries(hook=" OTHER ")] == ["other", "other"]
    assert len(stage.palyra.deliveries(state=DeliveryState.SUCCEEDED)) == 2
    assert list(stage.palyra.deliveries(limit=1)) == [everything[0]]


def test_a_delivery_is_shown_with_what_happened_to_it(stage: Stage):
    """Each event with who did it and why, from its scheduling on."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.palyra.deliveries.cancel(delivery_id, reason="sent twice")

    history = stage.palyra.delivery(delivery_id).history

    assert [(row.summary, row.actor, row.reason) for row in history] == [
        ("scheduled: gateway:startup to plugin echo", "system:scheduler", None),
        ("cancelled", "operator:alice", "sent twice"),
    ]


def test_a_delivery_tells_what_it_waits_behind(stage: Stage):
    """Those that are older and of the same line, and only while it is open."""
    stage.ready(answering())
    first, second = stage.scheduled(), stage.scheduled()

    waiting = stage.palyra.delivery(second).ahead
    stage.palyra.dispatch.drain()

    assert waiting == (first,)
    assert stage.palyra.delivery(second).ahead == ()


def test_an_attempt_that_is_being_made_is_told(stage: Stage):
    """Its number, as long as its outcome is not recorded; also that nothing is heard of who makes it."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    before = stage.palyra.delivery(delivery_id)
    stage.another_process().claim([Lease("hook:greet", "echo", delivery_id, 1)])
    running = stage.palyra.delivery(delivery_id)
    stage.expire_leases()
    lost = stage.palyra.delivery(delivery_id)

    assert [each.under_way for each in (before, running, lost)] == [None, 1, 1]
    assert [each.is_silent for each in (before, running, lost)] == [False, False, True]


def test_a_delivery_that_ended_is_carried_out_once_more(stage: Stage):
    """In a new round; the plugin is invoked again and its second outcome is recorded beside the first."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.palyra.dispatch.drain()

    row = stage.palyra.deliveries.redeliver(delivery_id, reason="the receiver lost it")
    stage.palyra.dispatch.drain()

    assert (row.state, row.round) == (DeliveryState.SCHEDULED, 2)
    detail = stage.palyra.delivery(delivery_id)
    assert (detail.row.state, detail.row.attempts) == (DeliveryState.SUCCEEDED, 2)
    assert [(each.row.attempt, each.row.round) for each in detail.attempts] == [(1, 1), (2, 2)]
    assert [each.input["attempt"] for each in detail.attempts] == [1, 2]


def test_a_waiting_retry_need_not_be_waited_for(stage: Stage):
    """What was mended is tried at once, in the same round."""
    stage.ready(answering(60))
    delivery_id = stage.scheduled()
    stage.palyra.dispatch.drain()

    row = stage.palyra.deliveries.retry(delivery_id)
    report = stage.palyra.dispatch.drain()

    assert (row.state, row.retry_at, row.round) == (DeliveryState.RETRYING, None, 1)
    assert report.retrying == 1
    assert stage.palyra.delivery(delivery_id).row.attempts == 2


def test_a_cancelled_delivery_lets_the_next_one_come_up(stage: Stage):
    """It is not carried out, and what waited behind it is."""
    stage.ready(answering())
    first, second = stage.scheduled(), stage.scheduled()

    row = stage.palyra.deliveries.cancel(first)
    report = stage.palyra.dispatch.drain()

    assert (row.state, report.succeeded) == (DeliveryState.CANCELLED, 1)
    assert stage.palyra.delivery(second).row.state is DeliveryState.SUCCEEDED


def test_the_outcome_of_a_cancelled_attempt_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """The cancel took the version that the worker read: nothing of what the guest did happens."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as stage:
        stage.ready_with_effects(guest("tally"))
        delivery_id = stage.scheduled()

        def run(module: bytes, invocation: Invocation) -> Execution:
            execution = invoke(module, invocation)
            stage.palyra.deliveries.cancel(delivery_id, reason="while it runs")
            return execution

        stage.worker(run=run).work()

        assert stage.events(AttemptSucceeded, AttemptFailed) == []
        assert stage.palyra.delivery(delivery_id).row.state is DeliveryState.CANCELLED
        assert stage.palyra.storage.list("echo") == []
        assert stage.palyra.messages.list() == []
    assert delivery_id in caplog.text


def test_a_dead_letter_is_discarded_with_a_reason(stage: Stage):
    """It is dead no longer, and who did it and why is kept."""
    stage.ready(answering(60, '{"retry": false}'))
    delivery_id = stage.scheduled()
    stage.palyra.dispatch.drain()

    row = stage.palyra.deliveries.discard(delivery_id, reason="old news")

    assert row.state is DeliveryState.CANCELLED
    assert stage.palyra.delivery(delivery_id).history[-1].reason == "old news"
    with pytest.raises(IllegalTransition, match="only a dead one"):
        stage.palyra.deliveries.discard(delivery_id, reason="once more")


@pytest.mark.parametrize("action", list(Action))
def test_what_was_never_scheduled_has_no_course(stage: Stage, action):
    """Nothing is changed, and the message says why there is no such delivery."""
    with unchanged(stage.log), pytest.raises(UnknownDelivery, match="the log has no event at position 7"):
        stage.palyra.deliveries.change(action, "7:greet", reason="why not")
