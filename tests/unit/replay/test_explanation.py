from __future__ import annotations

import pytest

from palyra_events.delivery import AttemptFailed, AttemptSucceeded, DeliveryScheduled
from palyra_events.errors import UnknownDelivery, UnknownEvent
from tests.rewriting import drop_bytes, rewrite
from tests.stage import HOOK, OPEN_POLICY, PLUGIN, Stage, answering, asking, unchanged

PUT = {"op": "storage.put", "handle": 30000, "key": "a", "value": 1}
SEND = {"op": "channel.send", "handle": 40000, "message": "hi"}


def test_a_delivery_is_told_from_its_cause_to_its_effects(tmp_path):
    """The event, the hook, the schedule; then the run with its calls and effects; then the same again."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as stage:
        stage.ready_with_effects(asking(PUT, PUT, SEND))
        delivery_id = stage.scheduled()
        stage.worker().work()
        (run,) = [event.invocation for event in stage.events(AttemptSucceeded)]
        head = stage.log.head()

        with unchanged(stage.log):
            told = stage.palyra.replay.explain(delivery_id)

    event, scheduled = delivery_id.partition(":")[0], head - 1
    assert told.subject == f"delivery {delivery_id}"
    assert told.why[0].startswith(f"At position {event}, 2026-03-01 12:00:00 UTC, by system:gateway: ")
    assert told.why[1] == (
        f"Hook {HOOK}, bound at position 7, was enabled; it brings gateway:startup to plugin {PLUGIN}."
    )
    assert told.why[2] == (
        f"So delivery {delivery_id} was scheduled at position {scheduled}, in the line plugin:{PLUGIN}, "
        "for at most 5 attempts. That follows from the log."
    )
    (what,) = told.what
    assert f"It returned 0 (ok), and took {run.fuel_units:,} of 10,000,000 units of fuel." in what
    assert "It asked its host for: storage.put (2), channel.send." in what
    assert "Its effects: stored notes/a (" in what
    assert told.again == (
        f"Delivery {delivery_id}, attempt 1, run again: the same output, exit code, host calls and fuel.",
    )
    assert told.findings == ()


def test_each_attempt_and_the_end_is_told(stage: Stage):
    """Also what the operator did, and what cannot be compared."""
    stage.ready(answering(60))
    delivery_id, worker = stage.scheduled(), stage.worker()
    worker.work()
    worker.settle()
    stage.claim_and_die(f"hook:{HOOK}", delivery_id, 2)
    stage.worker().take_over()
    stage.palyra.deliveries.cancel(delivery_id, reason="enough")

    told = stage.palyra.replay.explain(delivery_id)

    assert "It returned 60 (guest_failed)" in told.what[0]
    assert told.what[1] == (
        f"Delivery {delivery_id}, attempt 2: nothing is known of it, because its worker ended (worker_lost)."
    )
    assert told.what[2].endswith(": enough.")
    assert told.again[1] == f"Delivery {delivery_id}, attempt 2 cannot be compared: worker lost."


def test_what_differs_is_told(stage: Stage):
    """A record that was changed, and a schedule that does not follow."""
    stage.ready(answering(60))
    delivery_id = stage.scheduled()
    stage.worker().work()
    rewrite(stage.log, AttemptFailed, lambda facts: facts["invocation"].update(fuel_units=1))
    rewrite(stage.log, DeliveryScheduled, lambda facts: facts.update(attempts_max=9))

    told = stage.palyra.replay.explain(delivery_id)

    assert told.why[2].endswith("The log does NOT imply that.")
    assert told.again[0].startswith(f"Delivery {delivery_id}, attempt 1: units of fuel: 1 then, ")
    assert [difference.aspect for difference in told.findings[0].differences] == ["fuel"]


def test_a_position_is_what_happened_there(stage: Stage):
    """A lifecycle event tells of its deliveries, any part of a delivery of all of it."""
    stage.ready(answering())
    delivery_id = stage.scheduled()
    stage.worker().work()
    position = int(delivery_id.partition(":")[0])

    event = stage.palyra.replay.explain(position)
    outcome = stage.palyra.replay.explain(str(stage.log.head()))
    binding = stage.palyra.replay.explain(2)

    assert event.what == (f"Delivery {delivery_id} for plugin {PLUGIN}, at position {position + 1}.",)
    assert outcome == stage.palyra.replay.explain(delivery_id)
    assert binding.why[1] == "No hook reacts to such an event."


def test_an_event_without_deliveries(stage: Stage):
    """Nobody was bound to it, or nobody has scheduled yet."""
    position = stage.fire()

    assert stage.palyra.replay.explain(position).what == (
        "No delivery came of it: no hook of the kind was enabled, or none is scheduled yet.",
    )


def test_a_tool_run_and_a_decision_are_told(stage: Stage):
    """By their positions; each with what ran."""
    stage.ready(answering(30, '{"result":{"reason":"no"}}'))
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
    run = stage.palyra.plugins.run(PLUGIN, input={})
    decision = stage.palyra.decide("before_tool", {"tool": "shell"})

    tool_run = stage.palyra.replay.explain(run.position)
    decided = stage.palyra.replay.explain(decision.position)

    assert tool_run.subject == f"tool run {run.invocation_id} of acme.echo"
    assert tool_run.again[0].endswith("run again: the same output, exit code, host calls and fuel.")
    assert decided.why[1:] == (
        f"Hook guard of {PLUGIN} answered block: ok.",
        "The answer of hook guard counts: block.",
    )
    assert (len(decided.what), decided.findings) == (1, ())


def test_a_transcript_that_was_erased_is_left_out(stage: Stage):
    """What ran is told all the same."""
    stage.ready(asking({"op": "clock.now"}))
    delivery_id = stage.scheduled()
    stage.worker().work()
    (event,) = stage.events(AttemptSucceeded)
    drop_bytes(stage.log, event.invocation.transcript.sha256)

    told = stage.palyra.replay.explain(delivery_id)

    assert "It asked its host" not in told.what[0]
    assert told.again[0].endswith("cannot be compared: transcript erased.")


def test_what_never_was_is_not_explained(stage: Stage):
    """The error says why a delivery was never scheduled."""
    with pytest.raises(UnknownDelivery, match="the log has no event at position 99"):
        stage.palyra.replay.explain("99:greet")
    with pytest.raises(UnknownEvent):
        stage.palyra.replay.explain(99)


def test_a_decision_of_several_hooks_is_told(stage: Stage):
    """Also where they are of one plugin, and one of them was bound anew since."""
    stage.ready(answering(10))
    stage.palyra.hooks.bind("first", event="run:before_tool", plugin=PLUGIN)
    stage.palyra.hooks.bind("second", event="run:before_tool", plugin=PLUGIN)
    decision = stage.palyra.decide("before_tool", {})
    stage.palyra.hooks.bind("second", event="run:after_tool", plugin=PLUGIN)
    stage.palyra.plugins.disable(PLUGIN)

    told = stage.palyra.replay.explain(decision.position)

    assert told.why[1:] == (
        f"Hook first of {PLUGIN} answered annotate: ok.",
        f"Hook second of {PLUGIN} answered annotate: ok.",
        "The answer of hook first counts: annotate.",
    )
    assert ([line.endswith("and fuel.") for line in told.again], told.findings) == ([True, True], ())
