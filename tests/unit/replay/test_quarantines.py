from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from palyra_events.delivery import AttemptFailed
from palyra_events.gateway import GatewayStarted
from palyra_events.skill import SkillQuarantined
from palyra_runtime.replay import NotComparable, ReplayReport
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.forging import edited, place_of, twice, without
from tests.stage import HOOK, PLUGIN, SKILL, Stage, guest
from tests.tampering import Attack, Rows, all_rows, hashed, tamper

#: so many faults are too many on the stage
FAULTS_MAX = 3

#: what somebody forges, and what is said of it
FORGERIES: dict[str, tuple[Attack, str]] = {
    "another reason": (
        edited(SkillQuarantined, lambda facts: facts.update(reasons=["somebody did not like it"])),
        "reasons: ('somebody did not like it',) is recorded; the log implies ('sandbox_faults: 3 in 3 runs: ",
    ),
    "less evidence": (
        edited(SkillQuarantined, lambda facts: facts["evidence"].pop(0)),
        "The evidence is not that of any number of faults in ten times the runs.",
    ),
    "other evidence": (
        edited(SkillQuarantined, lambda facts: facts.update(evidence=[1, 2, *facts["evidence"][2:]])),
        "The evidence is not that of any number of faults in ten times the runs.",
    ),
    "no fault": (
        edited(SkillQuarantined, lambda facts: facts.update(evidence=[2])),
        "Position 2 is no fault of this release since it was enabled.",
    ),
    "another moment": (
        edited(SkillQuarantined, lambda facts: facts.update(timestamp="2026-03-02T12:00:00Z")),
        "timestamp: 2026-03-02 12:00:00+00:00 is recorded; the log implies 2026-03-01 ",
    ),
    "once more": (twice(SkillQuarantined), "Somebody had decided on the skill since position "),
}


def fail(stage: Stage, times: int) -> None:
    """Let the plugin trap so many times, each time for an event of its own, and the scheduler look at it."""
    worker = stage.worker()
    for _ in range(times):
        stage.scheduled()
        while worker.work():
            pass
    stage.scheduler().catch_up()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage where a release is in quarantine for its faults."""
    folder = tmp_path_factory.mktemp("quarantines")
    policy = WasmPluginRunnerPolicy(faults_max=FAULTS_MAX)
    with Stage(f"sqlite:///{folder / 'palyra.db'}", folder, policy=policy) as stage:
        stage.ready(guest("unreachable"))
        stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, attempts_max=1)
        fail(stage, FAULTS_MAX)
        yield stage


@pytest.fixture
def replayed(played: Stage) -> Iterator[Callable[[Attack], ReplayReport]]:
    """Attacks the log and replays what is left of it; afterwards the log is as it was."""
    honest = all_rows(played.log)

    def replay(attack: Attack) -> ReplayReport:
        tamper(played.log, attack)
        return played.palyra.replay.run()

    yield replay
    tamper(played.log, lambda _: honest)


def messages(report: ReplayReport) -> list[str]:
    return [difference.message for finding in report.findings for difference in finding.differences]


def test_a_quarantine_follows_from_the_faults(played: Stage):
    """Evidence, reason, moment: all of it is in the log, and it is one of the engine's own steps."""
    report = played.palyra.replay.run()

    attempts = 2 * FAULTS_MAX
    assert (report.findings, report.causes, report.follow_ups) == ([], {}, attempts + 1)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_quarantine_is_found(replayed, name):
    """Nobody is stopped for what did not happen."""
    attack, message = FORGERIES[name]

    report = replayed(attack)

    assert any(message in each for each in messages(report)), messages(report)


def test_a_number_that_is_not_the_policys_is_named(played: Stage):
    """The policy of then is in no event, so nobody can say that the number is wrong."""
    stricter = played.open("stricter", policy=WasmPluginRunnerPolicy(faults_max=2))

    report = stricter.replay.run()

    assert (report.findings, report.causes) == ([], {NotComparable.POLICY_NOT_RECORDED: 1})
    assert report.not_compared[0].subject == f"number of faults that quarantined {SKILL} 1.0.0"


@pytest.mark.usefixtures("replayed")
def test_what_is_before_a_stretch_is_not_told(played: Stage):
    """The runs of then are counted, and nothing is said of them."""

    def go_on(rows: Rows) -> Rows:
        started = rows[place_of(rows, GatewayStarted, -1)]
        return hashed([*rows, started._replace(position=len(rows) + 1, version=9)])

    tamper(played.log, go_on)
    later = played.open("later", policy=WasmPluginRunnerPolicy(faults_max=2))

    report = later.replay.run(first=len(all_rows(played.log)))

    assert (report.findings, report.causes, report.follow_ups) == ([], {}, 0)


def test_a_quarantine_that_is_missing_is_named(replayed):
    """By the policy of today there would be one; by the policy of then, who knows."""
    report = replayed(without(SkillQuarantined))

    (named,) = report.not_compared
    assert (report.findings, report.causes) == ([], {NotComparable.POLICY_NOT_RECORDED: 1})
    assert named.subject == f"quarantine of {SKILL} 1.0.0"


def test_what_an_operator_decided_meanwhile_excuses_the_engine(stage: Stage):
    """A release that was switched off before the scheduler came is left alone."""
    stage.ready(guest("unreachable"))
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, attempts_max=1)
    for _ in range(FAULTS_MAX):
        stage.fire()
    stage.scheduler().catch_up()
    worker = stage.worker()
    while worker.work():
        pass
    stage.palyra.skills.disable(SKILL, reason="enough of it")

    report = stage.open("strict", policy=WasmPluginRunnerPolicy(faults_max=FAULTS_MAX)).replay.run()

    assert len(stage.events(AttemptFailed)) == FAULTS_MAX
    assert (report.findings, report.causes) == ([], {})


def test_a_release_counts_anew_when_it_is_enabled(played: Stage, replayed):
    """Evidence from before that is none."""

    def attack(rows: Rows) -> Rows:
        enabled = next(row for row in rows if row.topic.startswith(b"SkillEnabled"))
        last = rows[-1]
        facts = json.loads(last.state)
        again = enabled._replace(position=last.position, version=last.version)
        behind = last._replace(position=last.position + 1, version=last.version + 1)
        return hashed([*rows[:-1], again, behind]) if "evidence" in facts else rows

    report = replayed(attack)

    newest = played.events(SkillQuarantined)[-1].evidence[-1]
    assert f"Position {newest} is no fault of this release since it was enabled." in messages(report)
