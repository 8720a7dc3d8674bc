from __future__ import annotations

import pytest

from palyra_events.delivery import DeliveryState
from tests.stage import Stage, answering, guest


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
    from palyra_runtime.dispatch.lease import Lease

    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.leases.claim(Lease("hook:greet", delivery_id, 1))
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
