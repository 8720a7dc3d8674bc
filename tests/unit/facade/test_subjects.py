from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import ReasonRequired
from palyra_events.holding import BlobKind
from palyra_events.subject import SubjectErased
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.erasure import Left
from palyra_runtime.facade import InvalidActorName, UnknownSubject
from tests.stage import HOOK, OPEN_POLICY, PLUGIN, SKILL, Stage, StageEntropy, answering, asking, unchanged

BOB, WORDS = "operator:bob", "because the moon was in the seventh house"


@pytest.fixture
def acted(each_stage: Stage) -> Stage:
    """A plugin was told that Bob disabled a skill, and why; and Alice gave a reason of her own."""
    each_stage.ready(answering(output='{"result": 1}'))
    each_stage.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)
    each_stage.palyra.hooks.disable(HOOK, reason="Alice says so")
    each_stage.palyra.hooks.enable(HOOK)
    bob = each_stage.open("bob", actor=BOB)
    bob.skills.disable(SKILL)
    bob.skills.enable(SKILL, reason=WORDS)
    each_stage.palyra.dispatch.drain()
    return each_stage


def reasons(stage: Stage) -> dict[str, set[str | None]]:
    """Return the reasons that the audit trail tells, by actor."""
    told: dict[str, set[str | None]] = {}
    for row in stage.palyra.audit.log():
        told.setdefault(row.actor, set()).add(row.reason)
    return told


def test_what_a_person_wrote_is_gone(acted: Stage):
    """Bob's words are in no view and no record; Alice's stay, and the erasure itself is on record."""
    done = acted.palyra.subjects.erase(BOB, reason="he asked for it")

    (event,) = acted.events(SubjectErased)
    assert (event.subject, event.blobs, event.actor) == (BOB, done.blobs, "operator:alice")
    assert reasons(acted)[BOB] == {None}
    assert {"Alice says so", "he asked for it"} < reasons(acted)["operator:alice"]
    assert acted.palyra.audit.log(grep="seventh") == []
    (attempt,) = acted.palyra.deliveries.list()
    detail = acted.palyra.delivery(attempt.delivery_id)
    assert [each.input for each in detail.attempts] == [None]


def test_the_history_is_sound_all_the_same(acted: Stage):
    """Every event has the hash that it had, and views agree with the log; bytes are told as erased."""
    acted.palyra.ledger.checkpoint()
    before = acted.log.read(0, 1_000)

    acted.palyra.subjects.erase(BOB, reason="he asked for it")

    report = acted.palyra.ledger.verify(views=True)
    assert (report.findings, report.erased > 0) == ((), True)
    assert acted.log.read(0, len(before)) == before


def test_the_plan_is_what_is_done(acted: Stage):
    """It counts the same bytes, and changes nothing."""
    with unchanged(acted.log):
        plan = acted.palyra.subjects.plan_erasure(BOB)
    done = acted.palyra.subjects.erase(BOB, reason="he asked for it")

    assert plan.kinds[BlobKind.REASON] == 1
    assert plan.kinds[BlobKind.INPUT] == 1
    assert (done.blobs, done.bytes, done.left) == (plan.blobs, plan.dropped_bytes, ())


def test_earlier_builds_of_views_are_dropped(acted: Stage):
    """Of views that hold texts no build is left to go back to; a view that knows none keeps its own."""
    acted.palyra.projections.rebuild(["audit", "audit_search", "hook"])

    done = acted.palyra.subjects.erase(BOB, reason="he asked for it")

    assert {"audit", "audit_search"} <= set(done.views)
    builds = {name: len(acted.palyra.projections.show(name)) for name in ("audit", "audit_search", "hook")}
    assert builds == {"audit": 1, "audit_search": 1, "hook": 2}


def test_it_can_be_done_again(acted: Stage):
    """What Bob did after it is erased by the next one."""
    acted.palyra.subjects.erase(BOB, reason="he asked for it")
    acted.open("bob again", actor=BOB).hooks.disable(HOOK, reason="one more word of mine")

    done = acted.palyra.subjects.erase(BOB, reason="he asked again")

    assert (done.blobs, len(acted.events(SubjectErased))) == (1, 2)
    assert reasons(acted)[BOB] == {None}


@pytest.mark.parametrize("reason", [None, "  "])
def test_somebody_says_why(acted: Stage, reason: str | None):
    """Without a reason nothing is erased."""
    with unchanged(acted.log), pytest.raises(ReasonRequired):
        acted.palyra.subjects.erase(BOB, reason=reason)
    assert WORDS in reasons(acted)[BOB]


def test_nobody_is_nobody(stage: Stage):
    """An id that did nothing, and has no name, is most likely mistyped."""
    with pytest.raises(UnknownSubject):
        stage.palyra.subjects.erase("operator:nobody", reason="asked for it")


def test_a_name_goes_too(stage: Stage):
    """Somebody who has a name and did nothing is known, and then is not."""
    stage.palyra.subjects.name(BOB, " Robert Bruce ")
    assert [(each.actor, each.name) for each in stage.palyra.subjects.names()] == [(BOB, "Robert Bruce")]

    done = stage.palyra.subjects.erase(BOB, reason="asked for it")

    assert (done.had_name, done.blobs, stage.palyra.subjects.names()) == (True, 0, [])


def test_who_was_erased_can_be_erased_again(stage: Stage):
    """The first time may have broken off when the name was gone, and its bytes were not."""
    stage.palyra.subjects.name(BOB, "Robert Bruce")
    stage.palyra.subjects.erase(BOB, reason="asked for it")

    again = stage.palyra.subjects.erase(BOB, reason="asked for it")

    assert (again.had_name, again.blobs) == (False, 0)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "two\nlines", "bell\x07"])
def test_a_name_is_one_line(stage: Stage, name: str):
    """What is no name is refused."""
    with pytest.raises(InvalidActorName):
        stage.palyra.subjects.name(BOB, name)


def test_a_name_can_be_taken_away(stage: Stage):
    """The actor stays, and one without a name is told."""
    stage.palyra.subjects.name(BOB, "Robert Bruce")
    stage.palyra.subjects.unname(BOB)
    assert stage.palyra.subjects.names() == []
    with pytest.raises(UnknownSubject):
        stage.palyra.subjects.unname(BOB)


@pytest.fixture
def quoting(tmp_path: Path) -> Iterator[Stage]:
    """A plugin keeps Bob's words, sends them, and answers with them, though it was never told of them."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as stage:
        put = {"op": "storage.put", "handle": 30_000, "key": "k", "value": {"note": WORDS}}
        get = {"op": "storage.get", "handle": 30_000, "key": "k"}
        send = {"op": "channel.send", "handle": 40_000, "message": {"note": WORDS}}
        stage.ready_with_effects(asking(put, get, send))
        stage.open("bob", actor=BOB).hooks.disable(HOOK, reason=WORDS)
        stage.palyra.hooks.enable(HOOK)
        stage.fire()
        stage.dispatcher().drain()
        yield stage


def test_records_that_quote_a_person_go_as_well(quoting: Stage):
    """Bob's words are in the answer and the transcript of a run that was told nothing of him."""
    (succeeded,) = quoting.events(AttemptSucceeded)
    run = succeeded.invocation

    quoting.palyra.subjects.erase(BOB, reason="he asked for it")

    kept = quoting.log.blobs([run.input.digest, run.output.digest, run.transcript.digest])
    assert set(kept) == {run.input.digest}


def test_what_is_needed_stays_and_is_told(quoting: Stage):
    """The value that the plugin keeps, and the message that is to be sent, quote Bob: they are one blob."""
    done = quoting.palyra.subjects.erase(BOB, reason="he asked for it")

    position = next(row.position for row in quoting.log.read(0, 100) if row.topic.startswith("AttemptSucc"))
    assert done.left == (Left(position, "message/stored"),)
    assert quoting.palyra.storage.show(PLUGIN, "notes/k").value == {"note": WORDS}


def test_the_reason_of_the_erasure_is_told_where_it_quotes(acted: Stage):
    """Who repeats the words in the reason is told where they are now."""
    done = acted.palyra.subjects.erase(BOB, reason=f"he asked to forget that {WORDS}")
    assert done.left == (Left(done.position, "reason"),)


def test_a_delivery_that_is_open_is_told(each_stage: Stage):
    """A run that is still to come will be told of what Bob did, and not why."""
    each_stage.ready(answering(exit_code=60))
    each_stage.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)
    bob = each_stage.open("bob", actor=BOB)
    bob.skills.disable(SKILL)
    bob.skills.enable(SKILL, reason=WORDS)
    each_stage.palyra.dispatch.drain()

    done = each_stage.palyra.subjects.erase(BOB, reason="he asked for it")
    each_stage.clock.move(hours=1)
    each_stage.palyra.dispatch.drain()

    (delivery,) = done.open_deliveries
    told = [each.input for each in each_stage.palyra.delivery(delivery).attempts]
    assert [None if each is None else each["event"]["payload"].get("reason") for each in told] == [None, None]
    assert told[1] is not None


def test_what_is_recorded_meanwhile_goes_too(each_stage: Stage):
    """A run that was under way has recorded what it was told, between the plan and the erasure."""
    each_stage.ready(answering())
    each_stage.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN)
    bob = each_stage.open("bob", actor=BOB)
    bob.skills.disable(SKILL)
    bob.skills.enable(SKILL, reason=WORDS)

    def run_then_tell() -> datetime:
        """Say what time it is, which is asked for between the two."""
        each_stage.dispatcher().drain()
        return each_stage.clock()

    surroundings = Surroundings(run_then_tell, StageEntropy("slow"))
    with Palyra.open(each_stage.url, home=each_stage.folder, surroundings=surroundings) as palyra:
        assert palyra.subjects.plan_erasure(BOB).kinds == {BlobKind.REASON: 1}
        done = palyra.subjects.erase(BOB, reason="he asked for it")

    (succeeded,) = each_stage.events(AttemptSucceeded)
    assert each_stage.log.blobs([succeeded.invocation.input.digest]) == {}
    assert (done.blobs, done.open_deliveries) == (2, ())
