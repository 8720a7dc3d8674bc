from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.application import Intent
from palyra_events.delivery import AttemptFailed, DeliveryScheduled, DeliverySkipped
from palyra_events.skill import ReleaseState, SkillQuarantined
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.history import check_history, check_views
from tests.postgres_server import Server
from tests.release_history import check_releases
from tests.stage import PLUGIN, SKILL, Stage, answering, guest

FAULTS_MAX = 3
POLICY = WasmPluginRunnerPolicy(faults_max=FAULTS_MAX, attempts_max=10)
ALICE = Intent("operator:alice")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def faulty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A stage, over each database, on which three faults are too many, and a plugin that traps."""
    is_sqlite = request.param == "sqlite"
    server: Server = None if is_sqlite else request.getfixturevalue("postgres")
    url = f"sqlite:///{tmp_path / 'palyra.db'}" if is_sqlite else server.schema()
    with Stage(url, tmp_path, policy=POLICY) as opened:
        opened.ready(guest("unreachable"))
        opened.scheduler().catch_up()
        yield opened


def fail(stage: Stage, times: int) -> None:
    """Let the plugin trap so often, with a scheduler that looks each time."""
    for _ in range(times):
        stage.fire()
        stage.dispatcher().drain()
        stage.clock.move(hours=2)


def fail_unseen(stage: Stage, times: int) -> list[int]:
    """Record so many faults while no scheduler looks; one delivery has them all."""
    stage.fire()
    stage.scheduler().catch_up()
    head, worker = stage.log.head(), stage.worker()
    for _ in range(times):
        assert worker.work()
        worker.settle()
        stage.clock.move(hours=2)
    return [row.position for row in stage.log.read(head, 100) if row.topic.startswith("AttemptFailed@")]


def state(stage: Stage) -> ReleaseState:
    return stage.palyra.skills.show(SKILL)[-1].state


def test_one_fault_too_many_quarantines_the_release(faulty: Stage):
    """The event has the faults as evidence, their time, and the scheduler as its actor."""
    positions = fail_unseen(faulty, FAULTS_MAX)
    faulty.scheduler().catch_up()

    (event,) = faulty.events(SkillQuarantined)
    last = faulty.events(AttemptFailed)[-1]

    assert event.evidence == tuple(positions)
    assert event.reasons == ("sandbox_faults: 3 in 3 runs: trapped:unreachable (3)",)
    assert (event.actor, event.causation_id) == ("system:scheduler", f"position:{positions[-1]}")
    assert (event.timestamp, event.correlation_id) == (last.timestamp, last.correlation_id)
    assert faulty.log.position("scheduler") == positions[-1]
    check_releases(faulty.log, FAULTS_MAX)


def test_fewer_faults_are_borne(faulty: Stage):
    """One below the threshold changes nothing."""
    fail_unseen(faulty, FAULTS_MAX - 1)
    faulty.scheduler().catch_up()

    assert state(faulty) is ReleaseState.ENABLED


def test_a_quarantine_for_faults_fires_hooks(faulty: Stage):
    """Who is bound to quarantines hears of it like of any other."""
    faulty.palyra.hooks.bind("alarm", event="skill:quarantined", plugin=PLUGIN)
    fail_unseen(faulty, FAULTS_MAX)
    faulty.scheduler().catch_up()

    assert [event.hook_id for event in faulty.events(DeliveryScheduled)][-1] == "alarm"


def test_what_is_left_of_its_deliveries_is_skipped(faulty: Stage):
    """A release in quarantine does not run again, and each delivery says why."""
    fail_unseen(faulty, FAULTS_MAX)
    faulty.clock.move(hours=2)
    faulty.dispatcher().drain()

    assert [event.cause for event in faulty.events(DeliverySkipped)] == ["skill_quarantined"]


def test_a_restart_between_the_faults_forgets_nothing(faulty: Stage):
    """Each scheduler begins with an empty memory, and comes to the same answer."""
    positions = []
    for _ in range(FAULTS_MAX):
        positions += fail_unseen(faulty, 1)
        faulty.scheduler().catch_up()
        faulty.clock.move(days=1)

    (event,) = faulty.events(SkillQuarantined)

    assert event.evidence == tuple(positions)
    check_releases(faulty.log, FAULTS_MAX)


def test_a_scheduler_that_comes_late_decides_as_if_it_had_been_there(faulty: Stage):
    """More faults that happened meanwhile add nothing to the evidence, and quarantine nothing twice."""
    positions = fail_unseen(faulty, FAULTS_MAX + 2)
    faulty.scheduler().catch_up()

    (event,) = faulty.events(SkillQuarantined)

    assert event.evidence == tuple(positions[:FAULTS_MAX])
    check_releases(faulty.log, FAULTS_MAX)


def test_of_two_schedulers_one_quarantines(faulty: Stage):
    """The other one finds that it is done."""
    fail_unseen(faulty, FAULTS_MAX)
    first, second = faulty.scheduler(), faulty.scheduler()
    first.catch_up()
    second.catch_up()

    assert len(faulty.events(SkillQuarantined)) == 1
    assert faulty.log.position("scheduler") == faulty.events(SkillQuarantined)[0].evidence[-1]


def test_what_somebody_has_decided_since_stands(faulty: Stage):
    """A release that was disabled and enabled again after its faults is not quarantined for them."""
    fail_unseen(faulty, FAULTS_MAX)
    faulty.palyra.skills.disable(SKILL)
    faulty.palyra.skills.enable(SKILL)
    faulty.scheduler().catch_up()

    assert state(faulty) is ReleaseState.ENABLED
    check_releases(faulty.log, FAULTS_MAX)


def test_who_comes_out_of_quarantine_begins_anew(faulty: Stage):
    """The next fault does not send it back: it takes as many as the first time."""
    fail_unseen(faulty, FAULTS_MAX)
    faulty.scheduler().catch_up()
    faulty.palyra.skills.enable(SKILL)
    fail_unseen(faulty, FAULTS_MAX - 1)
    faulty.scheduler().catch_up()
    borne = state(faulty)
    fail_unseen(faulty, 1)
    faulty.scheduler().catch_up()

    assert (borne, state(faulty)) == (ReleaseState.ENABLED, ReleaseState.QUARANTINED)
    check_releases(faulty.log, FAULTS_MAX)


def test_another_release_is_not_punished_for_it(faulty: Stage):
    """Faults belong to the release that had them, also where a newer one runs when they are counted."""
    fail_unseen(faulty, FAULTS_MAX)
    faulty.install(answering(), version="2.0.0")
    faulty.palyra.skills.enable(SKILL, "2.0.0")
    faulty.scheduler().catch_up()

    assert state(faulty) is ReleaseState.ENABLED
    assert faulty.events(SkillQuarantined) == []


def test_tool_runs_count_like_deliveries(faulty: Stage):
    """An agent that calls a plugin that traps finds it in quarantine soon."""
    for _ in range(FAULTS_MAX):
        faulty.palyra.plugins.run(PLUGIN, input={})
    faulty.scheduler().catch_up()

    assert state(faulty) is ReleaseState.QUARANTINED
    check_releases(faulty.log, FAULTS_MAX)


def test_somebody_who_is_faster_is_heard(faulty: Stage, monkeypatch):
    """Where a skill changes between reading and appending, the question is asked anew."""
    fail_unseen(faulty, FAULTS_MAX)
    scheduler, decide = faulty.scheduler(), faulty.application.load
    calls = []

    def meddle(aggregate, key, as_of=None):
        loaded = decide(aggregate, key, as_of)
        if aggregate.kind == "skill" and as_of is None and not calls:
            calls.append(key)
            faulty.palyra.skills.disable(SKILL)
        return loaded

    monkeypatch.setattr(faulty.application, "load", meddle)
    scheduler.catch_up()

    assert calls == [SKILL]
    assert (state(faulty), faulty.events(SkillQuarantined)) == (ReleaseState.DISABLED, [])


def test_the_history_holds_together(faulty: Stage):
    """Scheduling, quarantines and views agree with the pure rules after all of it."""
    fail(faulty, 4)
    faulty.palyra.skills.enable(SKILL)
    fail(faulty, 4)

    check_releases(faulty.log, FAULTS_MAX)
    check_history(faulty.log)
    check_views(faulty.log)
