from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from palyra_events.errors import ReasonRequired
from palyra_events.holding import BlobKind
from palyra_events.retention import KeepRule
from palyra_events.subject import SubjectErased
from palyra_events.token import Role
from palyra_runtime.api import Client, RemotePalyra
from palyra_runtime.plain import plain
from tests.stage import SKILL, Stage, answering
from tests.web_stage import API, BASE, Web, problem, web_stage

EVERYTHING = {BlobKind.OUTPUT: KeepRule(keep_bytes=0), BlobKind.INPUT: KeepRule(keep_days=0)}


@pytest.fixture
def web(stage: Stage) -> Iterator[Web]:
    """A gateway over a log in which a plugin ran, and somebody gave a reason."""
    stage.ready(answering(output='{"result": 1}'))
    stage.palyra.acting_as("operator:bob").skills.disable(SKILL, reason="Bob does not like it")
    stage.palyra.skills.enable(SKILL, reason="it is fine")
    stage.fire()
    stage.palyra.dispatch.drain()
    with web_stage(stage) as opened:
        yield opened


@pytest.fixture
def remote(web: Web) -> Iterator[RemotePalyra]:
    """The face of that gateway from elsewhere."""
    client = web.client()
    with RemotePalyra(Client(BASE, web.token(Role.ADMIN), client._transport)) as opened:
        yield opened


def told(progress: list[tuple[int, int]]) -> Any:
    """Return what keeps how far some work is."""
    return lambda done, total: progress.append((done, total))


def test_an_erasure_is_planned_from_elsewhere(web: Web, remote: RemotePalyra):
    """It tells what would go, and what is dropped or looked for leaves the gateway with nobody."""
    here = web.stage.palyra.subjects.plan_erasure("operator:bob")
    answer = web.client(Role.ADMIN).post(f"{API}/erasures/plan", json={"subject": "operator:bob"})
    there = remote.subjects.plan_erasure("operator:bob")

    assert here.blobs == 1
    assert (there.blobs, there.kinds, there.dropped_bytes) == (here.blobs, here.kinds, here.dropped_bytes)
    assert sorted(answer.json()) == [
        *("acts", "blobs", "bytes", "head", "kinds", "left", "open_deliveries", "subject"),
    ]


def test_a_person_is_erased_from_elsewhere(web: Web, remote: RemotePalyra):
    """As a job of the admin, whose name is on the event; the history can be proved as before."""
    done = remote.subjects.erase("operator:bob", reason="asked for")

    (event,) = web.stage.events(SubjectErased)
    assert (done.blobs, done.subject, event.actor) == (1, "operator:bob", "operator:admin")
    assert web.stage.palyra.ledger.verify(views=True).is_sound


def test_nobody_is_erased_without_a_reason(web: Web, remote: RemotePalyra):
    """The same is asked of whoever is elsewhere."""
    with pytest.raises(ReasonRequired):
        remote.subjects.erase("operator:bob", reason=None)

    assert web.stage.events(SubjectErased) == []


@pytest.mark.parametrize("path", ["/erasures", "/erasures/plan", "/retention"])
def test_what_is_dropped_for_good_takes_an_admin(web: Web, path: str):
    """An operator undoes what an operator does, and this nobody undoes."""
    answer = web.client(Role.OPERATOR).post(API + path, json={"subject": "operator:bob"})

    assert problem(answer) == (403, "ROLE_TOO_LOW")


def test_the_policy_is_told(remote: RemotePalyra, web: Web):
    """Whoever plans sees what is configured."""
    assert remote.retention.rules == web.stage.palyra.retention.rules == {}


def test_a_plan_is_told_as_it_is_made(web: Web, remote: RemotePalyra):
    """Of the bytes by kind, and with what makes the same plan again."""
    here, there = web.stage.palyra.retention.plan(EVERYTHING), remote.retention.plan(EVERYTHING)

    assert (there.head, there.rules, there.blobs) == (here.head, here.rules, here.blobs)
    assert there.kinds == tuple(use for use in here.kinds if use.blobs)


def test_what_was_planned_is_dropped_and_nothing_else(web: Web, remote: RemotePalyra):
    """What is recorded between plan and run stays, though the rules would drop it by then."""
    web.stage.clock.move(minutes=1)
    plan = remote.retention.plan(EVERYTHING)
    web.stage.clock.move(days=1)
    web.stage.fire()
    web.stage.palyra.dispatch.drain()

    so_far: list[tuple[int, int]] = []
    report = remote.retention.run(plan, progress=told(so_far))

    left = {use.kind: use.blobs for use in web.stage.palyra.retention.usage()}
    assert report.dropped.blobs + report.spared == plan.blobs > 0
    assert left[BlobKind.INPUT] == 1


def test_without_a_policy_nothing_is_dropped(remote: RemotePalyra):
    """As here, where nobody configured one."""
    report = remote.retention.run()

    assert (report.dropped.blobs, report.spared) == (0, 0)


def test_the_store_is_checked_from_elsewhere(web: Web, remote: RemotePalyra):
    """The gateway looks at its own database, and finds what one finds there."""
    assert remote.database.check(quick=True) == web.stage.palyra.database.check(quick=True)
    assert remote.database.check().passed


def test_an_audit_report_is_one_request(web: Web, remote: RemotePalyra):
    """It says whether the history is sound and who did how much, of one moment."""
    here, there = web.stage.palyra.ledger.report(after=3), remote.ledger.report(after=3)

    assert there.verification.is_sound
    assert plain(there) == plain(here)


def test_what_is_due_is_carried_out(web: Web, remote: RemotePalyra):
    """Where no gateway does it, the one that is asked does."""
    web.stage.fire()

    report = remote.dispatch.drain()

    assert (report.scheduled, report.succeeded, report.waiting) == (1, 1, 0)
    assert web.stage.palyra.deliveries(newest_first=True)[0].state == "succeeded"
