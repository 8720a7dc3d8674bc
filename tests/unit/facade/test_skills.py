from __future__ import annotations

import pytest

from palyra_events.errors import AuditFailed, UnknownBlob, UnknownSkill, VersionReused
from palyra_events.publisher import PublisherPinned
from palyra_events.skill import (
    ReleaseState,
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillQuarantined,
    SkillRemoved,
)
from palyra_runtime.sdk import demo_key, pack_sample
from palyra_runtime.skills.errors import TofuKeyMismatch, UntrustedPublisher
from tests.release_history import check_releases
from tests.sample_skills import OTHER_KEY
from tests.stage import NOON, SKILL, Stage, answering, guest, unchanged


def hostile(stage: Stage) -> str:
    path = stage.folder / "hostile.palyra-skill"
    path.write_bytes(pack_sample("hostile", demo_key()))
    return str(path)


def states(stage: Stage) -> dict[str, ReleaseState]:
    return {row.version: row.state for row in stage.palyra.skills.list()}


def test_installing_keeps_the_artifact_its_audit_and_the_key(each_stage: Stage):
    """One append has the pinned key, the release and its audit; the bytes lie beside it."""
    path = each_stage.pack(answering())

    row = each_stage.palyra.skills.install(path, trust_on_first_use=True, reason="wanted by ada")

    assert each_stage.topics() == ["PublisherPinned", "SkillInstalled", "SkillAudited"]
    assert (row.skill_id, row.version, row.state) == (SKILL, "1.0.0", ReleaseState.INSTALLED)
    assert (row.audit_passed, row.trust_decision, row.installed_at) == (True, "tofu_newly_pinned", NOON)
    assert each_stage.log.blob(bytes.fromhex(row.artifact_sha256)) == path.read_bytes()
    installed = each_stage.palyra.events.list()[1]
    assert (installed.event.actor, installed.reason) == ("operator:alice", "wanted by ada")


def test_a_pinned_key_is_trusted_from_then_on(stage: Stage):
    """The second artifact of the same publisher and key needs no word, and pins nothing."""
    stage.install(answering())

    row = stage.palyra.skills.install(stage.pack(answering(1), version="1.1.0"))

    assert row.trust_decision == "tofu_pinned"
    assert len(stage.events(PublisherPinned)) == 1


def test_another_key_of_a_known_publisher_is_refused_whatever_is_said(stage: Stage):
    """Trust on first use is for the first use."""
    stage.install(answering())
    path = stage.pack(answering(1), version="1.1.0", key=OTHER_KEY)

    with unchanged(stage.log), pytest.raises(TofuKeyMismatch):
        stage.palyra.skills.install(path, trust_on_first_use=True)


def test_a_release_that_fails_its_audit_is_in_quarantine_and_its_key_is_not_pinned(stage: Stage):
    """What is hostile is kept to be looked at; its publisher has earned no trust with it."""
    row = stage.palyra.skills.install(hostile(stage), trust_on_first_use=True)

    assert row.state is ReleaseState.QUARANTINED
    assert any("wasi_snapshot_preview1" in reason for reason in row.quarantine_reasons)
    assert stage.topics() == ["SkillInstalled", "SkillAudited", "SkillQuarantined"]
    assert stage.application.publisher("acme").keys == {}


def test_a_hostile_release_whose_publisher_nobody_knows_cannot_be_enabled(stage: Stage):
    """The key that was not pinned is not trusted at the next step either."""
    stage.palyra.skills.install(hostile(stage), trust_on_first_use=True)

    with unchanged(stage.log), pytest.raises(UntrustedPublisher):
        stage.palyra.skills.enable("acme.hostile")


def test_a_release_that_fails_its_fresh_audit_is_not_enabled(stage: Stage):
    """The audit is recorded, the release stays in quarantine, and the error names the failures."""
    stage.install(answering())
    stage.install(guest("undeclared_import"), "acme.bad")
    head = stage.log.head()

    with pytest.raises(AuditFailed) as refused:
        stage.palyra.skills.enable("acme.bad")

    assert stage.topics(after=head) == ["SkillAudited"]
    assert refused.value.details["failures"]
    assert stage.palyra.skills.show("acme.bad")[0].state is ReleaseState.QUARANTINED


def test_an_override_enables_against_the_audit_and_pins_the_key(stage: Stage):
    """Somebody who says why may; the event says that it was an override, and keeps the reason."""
    stage.palyra.skills.install(hostile(stage), trust_on_first_use=True)

    row = stage.palyra.skills.enable("acme.hostile", override=True, reason="in the laboratory")

    assert (row.state, row.is_override) == (ReleaseState.ENABLED, True)
    assert stage.topics()[-3:] == ["PublisherPinned", "SkillAudited", "SkillEnabled"]
    assert stage.palyra.events.newest(1)[0].reason == "in the laboratory"


def test_enabling_audits_anew(stage: Stage):
    """Each enable has an audit of its own, by the policy of the moment."""
    stage.install(answering())
    stage.clock.move(days=1)

    stage.palyra.skills.enable(SKILL)

    audits = stage.events(SkillAudited)
    assert [event.passed for event in audits] == [True, True]
    reports = [stage.document(event.report.sha256)["generated_at"] for event in audits]
    assert reports == ["2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"]


def test_enabling_another_release_supersedes_the_old_one(stage: Stage):
    """At most one release runs: the old one is disabled in the same append, and says why."""
    stage.install(answering())
    stage.palyra.skills.enable(SKILL)
    stage.install(answering(1), version="1.1.0")

    stage.palyra.skills.enable(SKILL)

    assert states(stage) == {"1.0.0": ReleaseState.DISABLED, "1.1.0": ReleaseState.ENABLED}
    assert stage.topics()[-3:] == ["SkillAudited", "SkillDisabled", "SkillEnabled"]
    assert stage.events(SkillDisabled)[0].cause == "superseded"


def test_without_a_version_the_newest_by_number_is_meant(stage: Stage):
    """1.10.0 is newer than 1.9.0, whichever was installed last."""
    for version in ("1.10.0", "1.9.0", "1.2.0"):
        stage.install(answering(), version=version)

    row = stage.palyra.skills.enable(SKILL)

    assert row.version == "1.10.0"


def test_quarantine_means_the_release_that_runs(stage: Stage):
    """Without a version, the enabled release is stopped, not a newer one that nobody enabled."""
    stage.install(answering())
    stage.palyra.skills.enable(SKILL)
    stage.install(answering(), version="2.0.0")

    stage.palyra.skills.quarantine(SKILL, reason="too loud")

    assert states(stage) == {"1.0.0": ReleaseState.QUARANTINED, "2.0.0": ReleaseState.INSTALLED}
    assert stage.events(SkillQuarantined)[0].version == "1.0.0"


def test_a_quarantined_release_comes_back_with_a_fresh_audit(stage: Stage):
    """Enabling audits, and where that passes the quarantine is over."""
    stage.install(answering())
    stage.palyra.skills.quarantine(SKILL)

    row = stage.palyra.skills.enable(SKILL)

    assert (row.state, row.quarantine_reasons) == (ReleaseState.ENABLED, ())


def test_disabling_a_named_release(stage: Stage):
    """A version that is named is the one that is meant."""
    stage.install(answering())
    stage.install(answering(), version="2.0.0")

    row = stage.palyra.skills.disable(SKILL, "1.0.0", reason="old")

    assert (row.version, row.state) == ("1.0.0", ReleaseState.DISABLED)


def test_names_are_taken_as_people_type_them(stage: Stage):
    """Spaces around a name and capital letters in it do not make another skill."""
    stage.install(answering())

    row = stage.palyra.skills.enable("  ACME.Echo ")

    assert row.skill_id == SKILL


def test_showing_lists_all_releases_of_one_skill(stage: Stage):
    """A skill's releases come by version; other skills are not among them."""
    for version in ("1.10.0", "1.9.0"):
        stage.install(answering(), version=version)
    stage.install(answering(), "acme.other")

    assert [row.version for row in stage.palyra.skills.show(SKILL)] == ["1.9.0", "1.10.0"]
    assert len(stage.palyra.skills.list()) == 3


def test_an_enabled_release_names_its_artifact(stage: Stage):
    """What runs is bound to the digest that was audited."""
    stage.install(answering())
    stage.palyra.skills.enable(SKILL)

    (enabled,) = stage.events(SkillEnabled)

    assert enabled.artifact.sha256 == stage.palyra.skills.list()[0].artifact_sha256


def test_a_removed_release_is_not_listed_any_more(stage: Stage):
    """Its row is there for those who ask for removed ones."""
    stage.install(answering())
    stage.install(answering(1), version="2.0.0")

    row = stage.palyra.skills.remove(SKILL, "1.0.0", reason="old")

    assert row.state is ReleaseState.REMOVED
    assert [each.version for each in stage.palyra.skills.list()] == ["2.0.0"]
    assert [each.version for each in stage.palyra.skills.list(removed=True)] == ["1.0.0", "2.0.0"]
    assert stage.palyra.events.newest(1)[0].reason == "old"


def test_a_removed_artifact_is_kept_for_those_who_look_at_its_runs(each_stage: Stage):
    """Runs can be repeated as long as the module is there."""
    each_stage.ready(answering())
    each_stage.fire()
    each_stage.palyra.dispatch.drain()
    sha256 = each_stage.palyra.skills.show(SKILL)[0].artifact_sha256
    each_stage.palyra.skills.remove(SKILL, "1.0.0")

    assert (
        each_stage.log.blob(bytes.fromhex(sha256))
        == (each_stage.folder / f"{SKILL}-1.0.0.palyra-skill").read_bytes()
    )
    assert each_stage.topics()[-2:] == ["SkillDisabled", "SkillRemoved"]


def test_an_erased_artifact_is_gone_with_the_event_that_says_so(each_stage: Stage):
    """It is dropped in the same append, and no memory of this process has it either."""
    each_stage.install(answering())
    sha256 = each_stage.palyra.skills.show(SKILL)[0].artifact_sha256
    each_stage.palyra.skills.remove(SKILL, "1.0.0", erase=True)

    with pytest.raises(UnknownBlob):
        each_stage.log.blob(bytes.fromhex(sha256))
    assert each_stage.events(SkillRemoved)[0].erased
    check_releases(each_stage.log)


def test_what_was_erased_can_be_installed_again(stage: Stage):
    """The same file brings the bytes back."""
    path = stage.pack(answering())
    stage.palyra.skills.install(path, trust_on_first_use=True)
    stage.palyra.skills.remove(SKILL, "1.0.0", erase=True)
    stage.palyra.skills.install(path)

    assert stage.palyra.skills.enable(SKILL).state is ReleaseState.ENABLED
    check_releases(stage.log)


def test_another_file_of_a_removed_version_is_refused(stage: Stage):
    """A version is never used for two things."""
    stage.install(answering())
    stage.palyra.skills.remove(SKILL, "1.0.0")

    with unchanged(stage.log), pytest.raises(VersionReused):
        stage.install(answering(1))


def test_showing_a_skill_that_was_removed(stage: Stage):
    """Without its removed releases there is nothing of it; with them there is."""
    stage.install(answering())
    stage.palyra.skills.remove(SKILL, "1.0.0")

    with pytest.raises(UnknownSkill):
        stage.palyra.skills.show(SKILL)
    assert [row.version for row in stage.palyra.skills.show(SKILL, removed=True)] == ["1.0.0"]


def test_the_history_tells_every_event_of_a_skill_in_words(each_stage: Stage):
    """Also of one that was removed; other skills are not in it."""
    each_stage.install(answering())
    each_stage.install(answering(), "acme.other")
    each_stage.palyra.skills.enable(SKILL)
    each_stage.palyra.skills.remove(SKILL, "1.0.0")

    assert [row.summary for row in each_stage.palyra.skills.history(SKILL)] == [
        "1.0.0 of acme installed",
        "1.0.0 passed its audit",
        "1.0.0 passed its audit",
        "1.0.0 enabled",
        "1.0.0 disabled (removed)",
        "1.0.0 removed",
    ]


def test_the_history_of_what_never_was_is_unknown(stage: Stage):
    """A name that was mistyped is not taken for a skill without a past."""
    with pytest.raises(UnknownSkill):
        stage.palyra.skills.history("acme.ghost")


def test_a_history_is_read_in_pages(stage: Stage):
    """A page begins after a position and has as many events as were asked for."""
    stage.install(answering())
    first = stage.palyra.skills.history(SKILL, limit=1)
    rest = stage.palyra.skills.history(SKILL, after=first[-1].position)

    assert [row.summary for row in (*first, *rest)] == ["1.0.0 of acme installed", "1.0.0 passed its audit"]
