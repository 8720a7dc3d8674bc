from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from palyra_events.errors import UnknownEvent
from palyra_runtime.facade import NothingChosen, RebuildPlan
from projections import PROJECTIONS, RowsNotKept, UnknownProjection, ViewPaused, content_digest
from tests.stage import SKILL, Stage, answering


def test_a_rebuild_changes_nothing_but_the_generation(stage: Stage):
    """Views that are built anew hold what they held, in a new generation, and say how far they are."""
    stage.ready(answering())
    stage.palyra.gateway.run_once()
    names = [projection.name for projection in PROJECTIONS]
    stage.palyra.skills.list()
    before = {name: content_digest(stage.engine, name) for name in names}
    told: list[tuple[int, int]] = []

    status = stage.palyra.projections.rebuild(progress=lambda done, until: told.append((done, until)))

    assert {name: content_digest(stage.engine, name) for name in names} == before
    assert {(view.name, view.generation, view.lag) for view in status} == {(name, 2, 0) for name in names}
    assert told[-1] == (stage.log.head(), stage.log.head())


def test_one_view_can_be_rebuilt(stage: Stage):
    """Only what is named is built anew."""
    stage.install(answering())
    stage.palyra.skills.list()

    status = stage.palyra.projections.rebuild(["hook"])

    assert {view.name: view.generation for view in status}["hook"] == 2
    assert {view.name: view.generation for view in status}["skill"] == 1


def test_an_unknown_view_is_refused(stage: Stage):
    """A name that no view has is an error before anything begins."""
    stage.palyra.skills.list()

    with pytest.raises(UnknownProjection, match="hooks"):
        stage.palyra.projections.rebuild(["hooks"])

    assert {view.generation for view in stage.palyra.projections.status()} == {1}


def test_views_that_nobody_touched_are_what_the_log_gives(stage: Stage):
    """After real work, each view is compared with a fold of the whole log, row by row."""
    stage.ready(answering())
    stage.palyra.gateway.run_once()

    verdicts = stage.palyra.projections.verify()

    assert {verdict.name: verdict.differences for verdict in verdicts} == {
        projection.name: () for projection in PROJECTIONS
    }
    assert {verdict.position for verdict in verdicts} == {stage.log.head()}


def test_a_plan_says_what_a_rebuild_would_do(stage: Stage):
    """Which views, and how many events; with nothing changed there is nothing to do for that."""
    stage.install(answering())
    stage.palyra.skills.list()

    upkeep = stage.palyra.projections

    assert upkeep.plan(["hook"]) == RebuildPlan(["hook"], stage.log.head())
    assert upkeep.plan(changed=True).views == []
    assert {view.generation for view in upkeep.rebuild(changed=True)} == {1}


def test_a_build_can_begin_later_or_be_shared_out(stage: Stage):
    """Without names, --from means the views that can keep their rows; several processes fill the others."""
    stage.install(answering())
    head, upkeep = stage.log.head(), stage.palyra.projections

    plan = upkeep.plan(start=head - 1)
    upkeep.rebuild(start=head - 1)
    upkeep.rebuild(["fault", "skill"], jobs=2)

    assert (plan.events, set(plan.views)) == (1, {view.name for view in PROJECTIONS} - {"bindings", "fault"})
    numbers = {row.name: row.generation for row in upkeep.status()}
    assert (numbers["skill"], numbers["hook"], numbers["fault"], numbers["bindings"]) == (3, 2, 2, 1)
    assert all(verdict.is_good for verdict in upkeep.verify())


def test_a_build_can_begin_at_a_moment(stage: Stage):
    """It means the last position up to which no event is later."""
    stage.install(answering())
    head, moment = stage.log.head(), stage.clock()
    stage.clock.move(minutes=1)
    stage.fire()
    upkeep = stage.palyra.projections

    plan = upkeep.plan(["hook"], start=moment)
    upkeep.rebuild(["hook"], start=moment)

    assert (plan.start, plan.events) == (head, stage.log.head() - head)
    assert all(verdict.is_good for verdict in upkeep.verify(["hook"]))


def test_a_build_cannot_begin_where_nothing_is(stage: Stage):
    """Neither behind the end of the log, nor where a view cannot tell what was."""
    stage.install(answering())
    upkeep = stage.palyra.projections

    with pytest.raises(UnknownEvent):
        upkeep.rebuild(["hook"], start=stage.log.head() + 1)
    with pytest.raises(RowsNotKept):
        upkeep.plan(["fault"], start=1)

    assert {row.generation for row in upkeep.status()} == {1}


def test_a_paused_view_stands_still_until_it_is_resumed(stage: Stage):
    """Whoever asks it is told, and the others go on."""
    stage.palyra.skills.list()
    stage.palyra.projections.pause(["skill"])
    stage.fire()

    with pytest.raises(ViewPaused):
        stage.palyra.skills.list()
    assert stage.palyra.hooks.list() == []
    stage.palyra.projections.resume(["skill"])
    assert stage.palyra.skills.list() == []


def test_a_rebuilt_view_stays_paused(stage: Stage):
    """It is the view that is paused, not one build of it."""
    stage.palyra.skills.list()
    stage.palyra.projections.pause(["skill"])

    stage.palyra.projections.rebuild(["skill"])

    assert [row.is_paused for row in stage.palyra.projections.show("skill")] == [False, True]


def test_waiting_is_over_when_somebody_has_folded(stage: Stage):
    """A thread that waits wakes up for what another one folds; without anybody, it gives up."""
    stage.palyra.skills.list()
    stage.fire()
    upkeep = stage.palyra.projections

    with ThreadPoolExecutor(1) as thread:
        gave_up = upkeep.wait(timeout_s=0)
        waiting = thread.submit(upkeep.wait, timeout_s=60)
        stage.palyra.skills.list()
        woke = waiting.result()

    assert (gave_up, woke) == (False, True)


def test_a_build_can_be_gone_back_to_compared_and_dropped(stage: Stage):
    """The one before the live one is kept until it is dropped."""
    stage.install(answering())
    stage.palyra.skills.list()
    upkeep = stage.palyra.projections
    upkeep.rebuild(["skill"])

    same = upkeep.diff("skill")
    back = upkeep.rollback("skill")
    gone = upkeep.drop("skill")

    assert same.is_good
    assert [(row.generation, row.state) for row in back] == [(1, "live"), (2, "retired")]
    assert [build.number for build in gone] == [2]


def test_a_question_sees_the_newest_events(stage: Stage):
    """The views are brought to the head of the log first."""
    stage.install(answering())

    answer = stage.palyra.projections.query("SELECT skill_id, state FROM skill WHERE valid_to IS NULL")

    assert answer.rows == [[SKILL, "installed"]]


def test_dead_letters_have_to_be_chosen(stage: Stage):
    """Nothing is forgotten by mistake."""
    with pytest.raises(NothingChosen):
        stage.palyra.projections.discard("audit")
    assert stage.palyra.projections.discard("audit", all_of_them=True) == []
    assert stage.palyra.projections.retry("audit") == []


def test_a_build_that_does_not_exist_cannot_be_shown(stage: Stage):
    """A name that nothing has is an error."""
    with pytest.raises(UnknownProjection):
        stage.palyra.projections.show("hooks")
