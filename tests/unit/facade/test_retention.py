from __future__ import annotations

import pytest

from palyra_events.delivery import AttemptSucceeded
from palyra_events.holding import BlobKind
from palyra_events.retention import DROPPABLE, KeepRule
from palyra_events.store.dropping import Dropped
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.config import RetentionSettings
from palyra_runtime.facade import RetentionReport
from tests.running_gateway import gateway_in_a_thread, wait_for
from tests.stage import NOON, SKILL, Stage, StageEntropy, answering, unchanged

EVERYTHING = {kind: KeepRule(keep_days=30) for kind in DROPPABLE}


@pytest.fixture
def ran(each_stage: Stage) -> Stage:
    """A plugin has run once on each of three days, forty days after another."""
    each_stage.ready(answering(output='{"result": "done"}', log="a line"))
    for _ in range(3):
        each_stage.fire()
        each_stage.palyra.dispatch.drain()
        each_stage.clock.move(days=40)
    return each_stage


def inputs(stage: Stage) -> list[bool]:
    """Tell of each attempt whether its input is kept."""
    runs = [event.invocation for event in stage.events(AttemptSucceeded)]
    return [bool(stage.log.blobs([run.input.digest])) for run in runs]


def test_what_is_too_old_is_dropped(ran: Stage):
    """The younger run keeps its records; the answer, which all of them gave, stays with it."""
    ran.clock.moment = NOON.replace(month=5, day=21)
    plan = ran.palyra.retention.plan(EVERYTHING)
    report = ran.palyra.retention.run(plan)

    assert report == RetentionReport(Dropped(2, plan.dropped_bytes), spared=0)
    assert inputs(ran) == [False, False, True]
    run = ran.events(AttemptSucceeded)[0].invocation
    assert ran.document(run.output.sha256) == {"result": "done"}


def test_a_plan_changes_nothing(ran: Stage):
    """It only says what would go."""
    with unchanged(ran.log):
        plan = ran.palyra.retention.plan({BlobKind.INPUT: KeepRule(keep_bytes=0)})
    assert (len(plan.digests), inputs(ran)) == (3, [True, True, True])


def test_no_event_goes_and_nothing_looks_edited(ran: Stage):
    """Dropped bytes are told as erased: the history is sound, and so are the views."""
    ran.palyra.ledger.checkpoint()
    ran.palyra.retention.run(ran.palyra.retention.plan({kind: KeepRule(keep_bytes=0) for kind in DROPPABLE}))

    report = ran.palyra.ledger.verify(views=True)
    assert (report.findings, report.erased) == ((), 9)
    (delivery, *_) = ran.palyra.deliveries.list()
    (attempt,) = ran.palyra.delivery(delivery.delivery_id).attempts
    assert (attempt.input, attempt.output) == (None, None)


def test_without_a_policy_nothing_is_dropped(ran: Stage):
    """The default keeps everything, for ever."""
    assert ran.palyra.retention.run() == RetentionReport(Dropped(), spared=0)


def test_what_is_recorded_meanwhile_is_spared(ran: Stage):
    """A run after the plan gave the same answer: it is kept, and the rest goes."""
    plan = ran.palyra.retention.plan({BlobKind.OUTPUT: KeepRule(keep_bytes=0)})
    ran.fire()
    ran.palyra.dispatch.drain()
    assert ran.palyra.retention.run(plan) == RetentionReport(Dropped(), spared=1)


def test_the_database_can_be_made_smaller(ran: Stage):
    """After that everything works as before."""
    ran.palyra.retention.run(ran.palyra.retention.plan(EVERYTHING), shrink=True)
    ran.palyra.skills.disable(SKILL)
    assert ran.palyra.database.check().passed


def test_the_room_is_told_by_kind(ran: Stage):
    """Three inputs, one answer and one line of log, the skill, and the reports of its audits."""
    told = {use.kind.value: use.blobs for use in ran.palyra.retention.usage() if use.blobs}
    assert told["input"] == 3
    assert (told["output"], told["logs"], told["artifact"]) == (1, 1, 1)


def test_a_gateway_keeps_the_policy(ran: Stage):
    """It drops what is too old by itself, and says nothing of it in the log of events."""
    settings = RetentionSettings(interval_s=1, inputs=KeepRule(keep_days=1))
    surroundings = Surroundings(ran.clock, StageEntropy("keeper"), retention=settings)
    with Palyra.open(ran.url, home=ran.folder, surroundings=surroundings) as palyra:
        with gateway_in_a_thread(palyra, ran.log):
            wait_for(ran.log, AttemptSucceeded, 4)
            waited = ran.log.head()
            while any(inputs(ran)[:3]):
                ran.log.wait(waited, 0.05)
        assert inputs(ran) == [False, False, False, True]
