from __future__ import annotations

from itertools import islice
from threading import Thread

from palyra_runtime.facade import ChangeFilter
from tests.stage import Stage, answering


def test_the_latest_changes_come_in_their_order(stage: Stage):
    """The last so many events of deliveries, in words, however many others are between them."""
    stage.ready(answering())
    first, second = stage.scheduled(), stage.scheduled()
    stage.palyra.dispatch.drain()
    stage.palyra.deliveries.redeliver(first, reason="once more")

    changes = list(stage.palyra.deliveries.changes(limit=3))

    assert [(each.delivery_id, each.event, each.summary) for each in changes] == [
        (first, "AttemptSucceeded", "attempt 1 succeeded"),
        (second, "AttemptSucceeded", "attempt 1 succeeded"),
        (first, "DeliveryRequeued", "requeued: round 2"),
    ]
    assert [each.actor for each in changes] == ["system:worker", "system:worker", "operator:alice"]


def test_changes_are_found_far_back_in_the_log(stage: Stage):
    """More than a page of other events after them does not hide them."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    for number in range(600):
        stage.palyra.hooks.bind(f"h{number}", event="skill:enabled", plugin="echo")

    (change,) = stage.palyra.deliveries.changes(limit=1)

    assert change.delivery_id == delivery_id


def test_changes_of_one_hook_and_only_troubles(stage: Stage):
    """A filter leaves out what nobody asked for."""
    stage.ready(answering(60))
    stage.ready(answering(), hook="other", plugin="other", skill_id="acme.other")
    stage.fire()
    stage.palyra.dispatch.drain()

    of_hook = list(stage.palyra.deliveries.changes(matching=ChangeFilter(hook_id="other")))
    troubles = list(stage.palyra.deliveries.changes(matching=ChangeFilter(only_troubles=True)))

    assert [each.event for each in of_hook] == ["DeliveryScheduled", "AttemptSucceeded"]
    assert [each.event for each in troubles] == ["AttemptFailed"]


def test_changes_are_followed_as_they_come(stage: Stage):
    """What another process appends is told as soon as it is in the log, without a gap to what was before."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    following = stage.palyra.deliveries.changes(limit=1, follow=True)
    before = next(following)
    worker = Thread(target=stage.dispatcher().drain)
    worker.start()

    (change,) = islice(following, 1)
    worker.join()

    assert (before.event, change.event, change.delivery_id) == (
        "DeliveryScheduled",
        "AttemptSucceeded",
        delivery_id,
    )
    following.close()
