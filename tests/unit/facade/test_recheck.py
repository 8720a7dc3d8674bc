from __future__ import annotations

import pytest

from palyra_events.application import Intent
from palyra_events.errors import DatabaseLocked
from palyra_events.skill import ReleaseState, SkillAudited, SkillQuarantined
from palyra_runtime.facade import Recheck, RecheckResult
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.release_history import check_releases
from tests.sample_skills import KEY
from tests.stage import SKILL, Stage, answering, unchanged

ALICE = Intent("operator:alice")
GOOD = Recheck("acme.other", "1.0.0", RecheckResult.PASSED)


@pytest.fixture
def two(each_stage: Stage) -> Stage:
    """Two skills are enabled, and a third is only installed."""
    for skill in (SKILL, "acme.other"):
        each_stage.install(answering(), skill)
        each_stage.palyra.skills.enable(skill)
    each_stage.install(answering(), "acme.idle")
    return each_stage


def test_every_enabled_release_is_audited_again(two: Stage):
    """Each audit is an event of its own, by whoever asked for it; what does not run is not looked at."""
    head = two.log.head()

    found = two.palyra.skills.reaudit(actor="system:gateway")

    assert found == [Recheck(SKILL, "1.0.0", RecheckResult.PASSED), GOOD]
    audits = two.events(SkillAudited, after=head)
    assert [(event.skill_id, event.passed, event.actor) for event in audits] == [
        (SKILL, True, "system:gateway"),
        ("acme.other", True, "system:gateway"),
    ]


def test_what_fails_by_the_policy_of_today_goes_to_quarantine(stage: Stage):
    """The reasons say that it was a pass over what runs, and which checks failed."""
    stage.install(answering(log="x" * 3000))
    stage.palyra.skills.enable(SKILL)
    strict = stage.open("strict", policy=WasmPluginRunnerPolicy(max_module_size_bytes=1000))

    (found,) = strict.skills.reaudit(reason="a stricter policy")

    assert found.result is RecheckResult.QUARANTINED
    assert all(reason.startswith("periodic_reaudit_failed: ") for reason in found.reasons)
    assert stage.topics()[-2:] == ["SkillAudited", "SkillQuarantined"]
    assert stage.events(SkillQuarantined)[0].reasons == found.reasons


def test_a_missing_artifact_is_a_reason(two: Stage):
    """What cannot be looked at does not run, and the others are looked at all the same."""
    artifact = two.palyra.skills.show(SKILL)[0].artifact_sha256
    two.log.append([], drops=[bytes.fromhex(artifact)], tracking=("test", 1))
    fresh = two.open("fresh")

    bad, good = fresh.skills.reaudit()

    assert (bad.result, good) == (RecheckResult.QUARANTINED, GOOD)
    assert bad.reasons[0].startswith("periodic_reaudit_missing_artifact: ")
    assert two.palyra.skills.show(SKILL)[0].state is ReleaseState.QUARANTINED


def test_a_key_that_was_revoked_is_a_reason(two: Stage):
    """A release whose publisher is not trusted any more does not stay enabled."""
    two.palyra.trust.revoke("acme", reason="stolen")

    assert [row.state for row in two.palyra.skills.list() if row.state is ReleaseState.ENABLED] == []
    assert two.palyra.skills.reaudit() == []


def test_somebody_who_changes_the_skill_meanwhile_is_heard(two: Stage, monkeypatch):
    """The next pass looks at what it is then."""
    vetting = two.palyra.skills._rechecks._vetting
    audit = vetting.audit

    def meanwhile(artifact, decision):
        if artifact.manifest.skill_id == SKILL:
            two.application.disable_skill(SKILL, "1.0.0", ALICE)
        return audit(artifact, decision)

    monkeypatch.setattr(vetting, "audit", meanwhile)

    assert two.palyra.skills.reaudit() == [Recheck(SKILL, "1.0.0", RecheckResult.CHANGED), GOOD]
    check_releases(two.log)


def test_one_that_cannot_be_recorded_does_not_abort_the_pass(two: Stage, monkeypatch):
    """A database that was locked for a moment leaves one release unaudited, and says so."""
    application = two.palyra.skills._rechecks._application
    recheck = application.recheck_skill

    def locked(skill, version, verdict, problems, intent, *, blobs):
        if skill.state.skill_id == SKILL:
            raise DatabaseLocked
        return recheck(skill, version, verdict, problems, intent, blobs=blobs)

    monkeypatch.setattr(application, "recheck_skill", locked)

    bad, good = two.palyra.skills.reaudit()

    assert (bad.result, bad.reasons, good) == (RecheckResult.FAILED, (DatabaseLocked().message,), GOOD)


def test_where_nothing_runs_nothing_is_audited(stage: Stage):
    """A pass over nothing writes nothing."""
    stage.install(answering(), key=KEY)

    with unchanged(stage.log):
        assert stage.palyra.skills.reaudit() == []
