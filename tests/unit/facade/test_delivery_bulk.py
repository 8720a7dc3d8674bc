from __future__ import annotations

import pytest

from palyra_events.delivery import DeliveryCancelled, DeliveryRequeued, DeliveryState
from palyra_events.errors import ReasonRequired, UnknownDelivery
from palyra_runtime.facade import Action, BulkPlan, BulkReport
from palyra_runtime.facade.delivery_bulk import PAGE_SIZE, SAMPLE_SIZE
from projections import EVERY_DELIVERY, DeliveryFilter
from tests.stage import Stage, answering, unchanged

DEAD_OR_SKIPPED = DeliveryFilter(states=frozenset({DeliveryState.DEAD, DeliveryState.SKIPPED}))


def fired(stage: Stage, times: int, module: bytes | None = None) -> list[str]:
    """Carry out the deliveries of so many starts of a gateway, and return their ids."""
    stage.ready(answering(60, '{"retry": false}') if module is None else module)
    for _ in range(times):
        stage.fire()
    stage.palyra.dispatch.drain()
    return [row.delivery_id for row in stage.palyra.deliveries(limit=times)]


def carried_out(stage: Stage, plan: BulkPlan, reason: str | None = None) -> BulkReport:
    *_, report = stage.palyra.deliveries.carry_out(plan, reason=reason)
    return report


def test_a_plan_says_what_would_be_done_and_does_nothing(stage: Stage):
    """How many of each hook, the first by name, and as of when."""
    ids = fired(stage, 3)

    with unchanged(stage.log):
        plan = stage.palyra.deliveries.plan(Action.REDELIVER, matching=DEAD_OR_SKIPPED)

    assert (plan.total, plan.by_hook, list(plan.first)) == (3, {"greet": 3}, ids)
    assert plan.as_of == stage.log.head()


def test_a_plan_names_a_sample(stage: Stage):
    """A plan for a million fits on a screen."""
    ids = fired(stage, SAMPLE_SIZE + 2)

    plan = stage.palyra.deliveries.plan(Action.RETRY, matching=EVERY_DELIVERY)

    assert (plan.total, list(plan.first)) == (len(ids), ids[:SAMPLE_SIZE])


def test_what_is_planned_is_done_page_by_page(stage: Stage):
    """Each page is one append, and all have one correlation id and the reason."""
    ids = fired(stage, PAGE_SIZE + 1)
    plan = stage.palyra.deliveries.plan(Action.REDELIVER, matching=DEAD_OR_SKIPPED)

    reports = list(stage.palyra.deliveries.carry_out(plan, reason="the disk was full"))

    assert [report.done for report in reports] == [PAGE_SIZE, PAGE_SIZE + 1, PAGE_SIZE + 1]
    assert (reports[-1].total, reports[-1].left) == (PAGE_SIZE + 1, 0)
    events = stage.events(DeliveryRequeued)
    assert [event.delivery_id for event in events] == ids
    assert len({event.correlation_id for event in events}) == 1
    assert len({event.timestamp for event in events}) == 1
    assert all(event.reason is not None and event.actor == "operator:alice" for event in events)


def test_a_plan_that_is_stopped_and_made_again_does_nothing_twice(stage: Stage):
    """As of the same position, what is done is done; also where it came to the same end meanwhile."""
    ids = fired(stage, PAGE_SIZE + 1)
    plan = stage.palyra.deliveries.plan(Action.REDELIVER, matching=DEAD_OR_SKIPPED)
    first = next(stage.palyra.deliveries.carry_out(plan))
    stage.palyra.dispatch.drain()

    again = stage.palyra.deliveries.plan(Action.REDELIVER, matching=DEAD_OR_SKIPPED, as_of=first.as_of)
    report = carried_out(stage, again)

    assert (first.done, again.total, report.done) == (PAGE_SIZE, 1, 1)
    assert [event.delivery_id for event in stage.events(DeliveryRequeued)] == ids


def test_what_changed_after_the_plan_is_left_and_counted(stage: Stage):
    """Somebody else was faster with one of them; the others are done."""
    first, second, third = fired(stage, 3)
    plan = stage.palyra.deliveries.plan(Action.REDELIVER, matching=DEAD_OR_SKIPPED)
    stage.open("bob", actor="operator:bob").deliveries.discard(second, reason="mine")

    report = carried_out(stage, plan)

    assert (report.total, report.done, report.left) == (3, 2, 1)
    assert [event.delivery_id for event in stage.events(DeliveryRequeued)] == [first, third]


def test_one_that_cannot_be_changed_does_not_hold_up_the_others(stage: Stage):
    """Deliveries that were named are done one by one where all at once is refused."""
    first, second, third = fired(stage, 3)
    plan = stage.palyra.deliveries.plan(Action.RETRY, ids=[first, second, third])
    stage.palyra.deliveries.discard(second, reason="mine")

    report = carried_out(stage, plan)

    assert (report.done, report.left) == (2, 1)
    assert report.refusals == (f"Delivery {second} has changed since position {plan.as_of}.",)


def test_what_came_to_the_same_end_meanwhile_has_changed(stage: Stage):
    """A plan of an hour ago does not touch the dead letter that somebody else's retry made."""
    (delivery_id,) = fired(stage, 1)
    plan = stage.palyra.deliveries.plan(Action.RETRY, ids=[delivery_id])
    stage.palyra.deliveries.retry(delivery_id)
    stage.palyra.dispatch.drain()

    report = carried_out(stage, plan)

    assert stage.palyra.delivery(delivery_id).row.state is DeliveryState.DEAD
    assert (report.done, report.left) == (0, 1)


def test_named_deliveries_that_do_not_fit_are_left(stage: Stage):
    """The plan says which and why, and counts each of the others once."""
    first, second = fired(stage, 2)
    open_one = stage.scheduled()

    plan = stage.palyra.deliveries.plan(Action.REDELIVER, ids=[first, open_one, first, second])
    report = carried_out(stage, plan)

    assert (plan.total, plan.left, plan.refusals) == (2, 1, (f"Delivery {open_one} is scheduled.",))
    assert (report.done, report.left) == (2, 1)


def test_a_name_that_nobody_bears_stops_the_plan(stage: Stage):
    """A slip of the pen is no reason to do the half of it."""
    (first,) = fired(stage, 1)

    with unchanged(stage.log), pytest.raises(UnknownDelivery, match="9:nobody"):
        stage.palyra.deliveries.plan(Action.REDELIVER, ids=[first, "9:nobody"])


def test_a_filter_that_asks_for_other_states_finds_nothing(stage: Stage):
    """What succeeded cannot be discarded, and is not confused with everything."""
    fired(stage, 1, answering())
    succeeded = DeliveryFilter(states=frozenset({DeliveryState.SUCCEEDED}))

    plan = stage.palyra.deliveries.plan(Action.DISCARD, matching=succeeded, reason="old")

    assert (plan.total, plan.first) == (0, ())
    assert carried_out(stage, plan, "old").done == 0


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_plan_to_discard_says_why(stage: Stage, reason):
    """Whoever forgets the reason learns it before the question, not after the first page."""
    with pytest.raises(ReasonRequired):
        stage.palyra.deliveries.plan(Action.DISCARD, matching=EVERY_DELIVERY, reason=reason)


def test_what_waits_is_cancelled_as_a_whole(stage: Stage):
    """Also what waits behind others of its line, in one go."""
    stage.ready(answering())
    for _ in range(3):
        stage.scheduled()

    report = carried_out(stage, stage.palyra.deliveries.plan(Action.CANCEL, matching=EVERY_DELIVERY))

    assert report.done == len(stage.events(DeliveryCancelled)) == 3
    assert stage.palyra.dispatch.drain().succeeded == 0


def test_what_was_recovered_is_carried_out_in_the_order_of_events(each_stage: Stage):
    """After an outage, the old events come before those that wait, on either database."""
    stage = each_stage
    fired(stage, 3)
    stage.scheduled()
    stage.palyra.skills.disable("acme.echo")
    stage.install(answering(), version="1.1.0")
    stage.palyra.skills.enable("acme.echo", version="1.1.0")

    carried_out(stage, stage.palyra.deliveries.plan(Action.REDELIVER, matching=DEAD_OR_SKIPPED))
    stage.palyra.dispatch.drain()

    rows = stage.palyra.deliveries()
    assert {row.state for row in rows} == {DeliveryState.SUCCEEDED}
    assert [row.changed_position for row in rows] == sorted(row.changed_position for row in rows)
