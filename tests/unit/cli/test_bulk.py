from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click
import pytest

from palyra_events.delivery import DeliveryRequeued
from palyra_events.errors import IllegalTransition
from palyra_runtime.cli.bulk import PartlyDone, Terms, undertake
from palyra_runtime.cli.session import OutputFormat, Session
from palyra_runtime.facade import Action, BulkPlan, BulkReport, Deliveries
from palyra_runtime.facade.delivery_bulk import PAGE_SIZE
from projections import EVERY_DELIVERY
from tests.stage import Stage, answering

TERMS = Terms(as_of=None, dry_run=False, reason=None)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A command line whose screen is wide."""
    monkeypatch.setenv("COLUMNS", "200")
    return Session()


def dead(stage: Stage, times: int) -> list[str]:
    """Let so many deliveries of two hooks die, and return their ids."""
    module = answering(60, '{"retry": false}')
    stage.ready(module)
    stage.palyra.hooks.bind("alarm", event="gateway:startup", plugin="echo")
    for _ in range(times // 2):
        stage.fire()
    stage.palyra.dispatch.drain()
    return [row.delivery_id for row in stage.palyra.deliveries(limit=times)]


def plan(stage: Stage) -> BulkPlan:
    return stage.palyra.deliveries.plan(Action.RETRY, matching=EVERY_DELIVERY)


def test_a_dry_run_says_what_would_be_done(
    stage: Stage, session: Session, capsys: pytest.CaptureFixture[str]
):
    """Counts by hook and the first ids, on standard output, and nothing is done."""
    ids = dead(stage, 12)

    undertake(session, stage.palyra.deliveries, plan(stage), replace(TERMS, dry_run=True))

    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "Retry 12 deliveries: 6 of hook alarm, 6 of hook greet.",
        *[f"  - {delivery_id}" for delivery_id in ids[:10]],
        "  … and 2 more",
    ]
    assert said.err == ""
    assert stage.events(DeliveryRequeued) == []


def test_what_is_done_is_said(stage: Stage, session: Session, capsys: pytest.CaptureFixture[str]):
    """The plan goes to standard error, what was done to standard output."""
    dead(stage, 2)

    undertake(session, stage.palyra.deliveries, plan(stage), TERMS)

    said = capsys.readouterr()
    assert said.err.startswith("Retry 2 deliveries: 1 of hook alarm, 1 of hook greet.\n")
    assert said.out == "2 deliveries to be retried.\n"


def test_a_program_reads_one_document(stage: Stage, session: Session, capsys: pytest.CaptureFixture[str]):
    """With JSON there is the report and nothing else."""
    dead(stage, 2)
    session.output = OutputFormat.JSON

    undertake(session, stage.palyra.deliveries, plan(stage), TERMS)

    said = capsys.readouterr()
    assert said.err == ""
    report = json.loads(said.out)
    assert (report["action"], report["total"], report["done"], report["left"]) == ("retry", 2, 2, 0)
    assert report["interrupted"] is False


def test_nothing_to_do_is_said(stage: Stage, session: Session, capsys: pytest.CaptureFixture[str]):
    """It is no error, and no question is asked."""
    undertake(session, stage.palyra.deliveries, plan(stage), TERMS)

    assert capsys.readouterr().out == "There is no such delivery.\n"


def test_names_that_all_do_not_fit_are_refused(stage: Stage, session: Session):
    """Who named them learns why nothing happens."""
    ids = dead(stage, 2)
    stage.palyra.deliveries.redeliver(ids[0])
    stage.palyra.deliveries.redeliver(ids[1])
    named = stage.palyra.deliveries.plan(Action.REDELIVER, ids=ids)

    with pytest.raises(IllegalTransition, match=f"Delivery {ids[0]} is scheduled"):
        undertake(session, stage.palyra.deliveries, named, TERMS)


def test_what_was_done_in_part_has_a_code_of_its_own(
    stage: Stage, session: Session, capsys: pytest.CaptureFixture[str]
):
    """A script sees that some were left, and reads which."""
    ids = dead(stage, 4)
    planned = stage.palyra.deliveries.plan(Action.REDELIVER, ids=ids)
    stage.palyra.deliveries.discard(ids[1], reason="mine")
    stage.palyra.deliveries.redeliver(ids[2])

    with pytest.raises(PartlyDone) as partly:
        undertake(session, stage.palyra.deliveries, planned, TERMS)

    assert (partly.value.exit_code, partly.value.message) == (8, "2 of 4 deliveries were left as they are.")
    assert "2 deliveries requeued.\n" in capsys.readouterr().out


class Interrupted(Deliveries):
    """Deliveries of an operator who presses Ctrl-C while the first page is being done."""

    def carry_out(self, plan: BulkPlan, **options: Any) -> Iterator[BulkReport]:
        for report in super().carry_out(plan, **options):
            os.kill(os.getpid(), signal.SIGINT)
            yield report


def test_an_interrupted_action_says_how_far_it_came(
    stage: Stage, session: Session, capsys: pytest.CaptureFixture[str]
):
    """The page that was begun is done; the same command as of the plan's position does the rest, once."""
    ids = dead(stage, PAGE_SIZE + 2)
    planned = plan(stage)
    deliveries = Interrupted(
        log=stage.log,
        application=stage.application,
        views=stage.views,
        leases=stage.leases,
        actor="operator:alice",
    )

    with pytest.raises(click.Abort):
        undertake(session, deliveries, planned, TERMS)
    rest = stage.palyra.deliveries.plan(Action.RETRY, matching=EVERY_DELIVERY, as_of=planned.as_of)
    undertake(session, stage.palyra.deliveries, rest, TERMS)

    assert capsys.readouterr().out.splitlines() == [
        f"Interrupted: {PAGE_SIZE} of {PAGE_SIZE + 2} deliveries to be retried.",
        f"To go on, give the same command with --as-of {planned.as_of}.",
        "2 deliveries to be retried.",
    ]
    assert [event.delivery_id for event in stage.events(DeliveryRequeued)] == ids
