from __future__ import annotations

from functools import reduce

import pytest

from palyra_events.errors import (
    AlreadyExists,
    IllegalTransition,
    NothingToRollBack,
    ReasonRequired,
    ReleaseNotNewer,
    SkillOfAnotherPublisher,
    UnknownRelease,
    UnknownSkill,
    VersionReused,
)
from palyra_events.registry import REGISTRY
from palyra_events.release import (
    AuditVerdict,
    bounded_reasons,
    disable_skill,
    enable_skill,
    install_skill,
    quarantine_skill,
    recheck_skill,
    remove_skill,
    roll_back_skill,
    update_skill,
)
from palyra_events.skill import (
    EVIDENCE_MAX,
    REASON_LENGTH_MAX,
    REASONS_MAX,
    ReleaseState,
    Skill,
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
    evolve,
)
from tests.sample_events import (
    ARTIFACT,
    BARE_STAMP,
    FACTS,
    FAILED,
    FULL_STAMP,
    PASSED,
    REPORT,
)

VERSION = "1.0.0"
INSTALLED, ENABLED = ReleaseState.INSTALLED, ReleaseState.ENABLED
QUARANTINED, DISABLED = ReleaseState.QUARANTINED, ReleaseState.DISABLED
REMOVED = ReleaseState.REMOVED
OTHER_FACTS = FACTS.model_copy(update={"payload_sha256": "00" * 32})


def enable(skill, verdict=PASSED, stamp=BARE_STAMP, *, override=False):
    return enable_skill(skill, VERSION, verdict, stamp, override=override)


def quarantine(skill):
    return quarantine_skill(skill, VERSION, BARE_STAMP)


def disable(skill):
    return disable_skill(skill, VERSION, BARE_STAMP)


def remove(skill):
    return remove_skill(skill, VERSION, BARE_STAMP, erased=False)


def recheck_failing(skill):
    return recheck_skill(skill, VERSION, FAILED, ["too many exports"], BARE_STAMP)


def enable_failing(skill):
    return enable(skill, FAILED)


def state_after(skill, events):
    return reduce(evolve, events, skill).releases[VERSION].state


def types(events):
    return [type(event) for event in events]


@pytest.mark.parametrize(
    ("state", "command", "reached"),
    [
        (INSTALLED, enable, ENABLED),
        (INSTALLED, enable_failing, QUARANTINED),
        (INSTALLED, quarantine, QUARANTINED),
        (INSTALLED, disable, DISABLED),
        (ENABLED, quarantine, QUARANTINED),
        (ENABLED, disable, DISABLED),
        (QUARANTINED, enable, ENABLED),
        (QUARANTINED, enable_failing, QUARANTINED),
        (DISABLED, enable, ENABLED),
        (DISABLED, enable_failing, QUARANTINED),
        (DISABLED, quarantine, QUARANTINED),
        (ENABLED, recheck_failing, QUARANTINED),
        *((state, remove, REMOVED) for state in (INSTALLED, ENABLED, QUARANTINED, DISABLED)),
    ],
)
def test_a_release_moves_as_designed(skill_in, state, command, reached):
    """Each allowed step leads to the one state that the diagram names."""
    skill = skill_in(state)
    assert state_after(skill, command(skill)) is reached


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (ENABLED, enable),
        (ENABLED, enable_failing),
        (QUARANTINED, quarantine),
        (QUARANTINED, disable),
        (DISABLED, disable),
        *((state, recheck_failing) for state in (INSTALLED, QUARANTINED, DISABLED)),
    ],
)
def test_other_steps_are_refused(skill_in, state, command):
    """A step that the diagram does not have changes nothing and says which state forbids it."""
    with pytest.raises(IllegalTransition) as refused:
        command(skill_in(state))
    assert refused.value.details == {"skill_id": "acme.echo", "version": VERSION, "state": str(state)}


@pytest.mark.parametrize("command", [enable, quarantine, disable, remove, recheck_failing])
def test_a_skill_that_is_not_installed_is_unknown(command):
    """No command makes a skill up."""
    with pytest.raises(UnknownSkill):
        command(Skill("acme.echo"))


@pytest.mark.parametrize("command", [enable, quarantine, disable, remove, recheck_failing])
def test_a_release_that_is_not_installed_is_unknown(command):
    """The answer names the releases that there are."""
    skill = reduce(
        evolve, install_skill(Skill("acme.echo"), "2.0.0", FACTS, PASSED, BARE_STAMP), Skill("acme.echo")
    )
    with pytest.raises(UnknownRelease, match=r"it has 2\.0\.0"):
        command(skill)


def test_installing_keeps_artifact_and_audit():
    """A release is installed and audited in one step."""
    events = install_skill(Skill("acme.echo"), VERSION, FACTS, PASSED, BARE_STAMP)
    release = {"skill_id": "acme.echo", "version": VERSION}
    assert events == [
        BARE_STAMP.on(SkillInstalled, **release, release=FACTS),
        BARE_STAMP.on(
            SkillAudited, **release, payload_sha256=FACTS.payload_sha256, passed=True, report=REPORT
        ),
    ]


def test_a_release_that_fails_its_audit_is_quarantined_when_it_is_installed():
    """There is no moment at which a release with a failed audit could be enabled by a plain step."""
    events = install_skill(Skill("acme.echo"), VERSION, FACTS, FAILED, BARE_STAMP)
    assert types(events) == [SkillInstalled, SkillAudited, SkillQuarantined]
    assert events[-1].reasons == FAILED.failures


@pytest.mark.parametrize("command", [enable, quarantine, disable, remove, recheck_failing])
def test_a_release_that_was_removed_is_gone(skill_in, command):
    """Nothing can be done with it but to install it again."""
    with pytest.raises(UnknownSkill):
        command(skill_in(REMOVED))


def test_what_was_removed_can_be_installed_again(skill_in):
    """It is audited like anything that comes in, and has to be enabled anew."""
    skill = skill_in(REMOVED)
    events = install_skill(skill, VERSION, FACTS, PASSED, BARE_STAMP)
    assert types(events) == [SkillInstalled, SkillAudited]
    assert state_after(skill, events) is INSTALLED


def test_a_version_never_stands_for_something_else(skill_in):
    """Who removes a release cannot put another content under its number."""
    with pytest.raises(VersionReused) as refused:
        install_skill(skill_in(REMOVED), VERSION, OTHER_FACTS, PASSED, BARE_STAMP)
    assert refused.value.details == {"skill_id": "acme.echo", "version": VERSION}


@pytest.mark.parametrize("state", sorted(set(ReleaseState) - {REMOVED}))
def test_a_release_is_installed_once(skill_in, state):
    """A release never changes: other bytes need another version."""
    with pytest.raises(AlreadyExists):
        install_skill(skill_in(state), VERSION, FACTS, PASSED, BARE_STAMP)


def test_enabling_records_the_fresh_audit_and_the_artifact(skill_in):
    """Who reads the log later knows what was audited and which bytes may run."""
    audited, enabled = enable(skill_in(INSTALLED))
    assert audited.passed
    assert audited.payload_sha256 == FACTS.payload_sha256
    assert enabled == BARE_STAMP.on(SkillEnabled, skill_id="acme.echo", version=VERSION, artifact=ARTIFACT)


def test_at_most_one_release_is_enabled(skill_in):
    """Enabling another release takes the place of the old one, in the same append and before it."""
    skill = skill_in(ENABLED)
    skill = reduce(evolve, install_skill(skill, "1.10.0", FACTS, PASSED, BARE_STAMP), skill)
    events = enable_skill(skill, "1.10.0", PASSED, BARE_STAMP, override=False)
    assert types(events) == [SkillAudited, SkillDisabled, SkillEnabled]
    assert (events[1].version, events[1].cause) == (VERSION, "superseded")
    assert reduce(evolve, events, skill).enabled.version == "1.10.0"


def test_a_failed_upgrade_leaves_the_old_release_running(skill_in):
    """The new release goes to quarantine; what ran before runs on."""
    skill = skill_in(ENABLED)
    skill = reduce(evolve, install_skill(skill, "2.0.0", FACTS, PASSED, BARE_STAMP), skill)
    after = reduce(evolve, enable_skill(skill, "2.0.0", FAILED, BARE_STAMP, override=False), skill)
    assert (after.enabled.version, after.release("2.0.0").state) == (VERSION, QUARANTINED)


def test_an_override_enables_against_the_audit(skill_in):
    """Somebody who says why may enable what failed; the failed audit and the override are on record."""
    audited, enabled = enable(skill_in(QUARANTINED), FAILED, FULL_STAMP, override=True)
    assert (audited.passed, audited.failures) == (False, FAILED.failures)
    assert (enabled.override, enabled.reason) == (True, FULL_STAMP.reason)


@pytest.mark.parametrize("verdict", [PASSED, FAILED])
def test_an_override_says_why(skill_in, verdict):
    """Without a reason nothing is overridden."""
    with pytest.raises(ReasonRequired):
        enable(skill_in(QUARANTINED), verdict, BARE_STAMP, override=True)


def test_a_second_failed_audit_does_not_quarantine_twice(skill_in):
    """The audit is on record, and hooks on quarantine do not fire again."""
    assert types(enable_failing(skill_in(QUARANTINED))) == [SkillAudited]


def test_quarantine_names_reasons_and_evidence(skill_in):
    """An automatic quarantine points at the positions that justify it."""
    (event,) = quarantine_skill(
        skill_in(ENABLED), VERSION, BARE_STAMP, reasons=["5 faults"], evidence=[17, 23]
    )
    assert (event.reasons, event.evidence) == (("5 faults",), (17, 23))


def test_disabling_by_hand_says_so(skill_in):
    """A person's step is told from a superseded release."""
    (event,) = disable(skill_in(ENABLED))
    assert event.cause == "operator"


def test_blank_reasons_are_left_out():
    """A check without a message adds nothing."""
    assert bounded_reasons(["", "  ", "why"]) == ("why",)


def test_long_reasons_are_cut_visibly():
    """An ellipsis shows that the audit report has more."""
    (reason,) = bounded_reasons(["x" * (REASON_LENGTH_MAX + 1)])
    assert (len(reason), reason[-2:]) == (REASON_LENGTH_MAX, "x…")


def test_a_reason_of_the_largest_length_is_whole():
    """The limit itself is allowed."""
    assert bounded_reasons(["x" * REASON_LENGTH_MAX]) == ("x" * REASON_LENGTH_MAX,)


@pytest.mark.parametrize("character", ["x", "\x01", "😀", "\ud800", '"'], ids=ascii)
def test_no_artifact_escapes_its_quarantine_by_the_size_of_its_failures(skill_in, character):
    """However many failures a hostile artifact provokes, and of whatever characters, the event fits."""
    verdict = AuditVerdict(passed=False, failures=(character * 5000,) * 500, report=REPORT)
    events = enable(skill_in(INSTALLED), verdict)
    assert types(events) == [SkillAudited, SkillQuarantined]
    assert len(events[-1].reasons) == REASONS_MAX
    assert all(REGISTRY.encode(event) for event in events)


def test_removing_what_runs_disables_it_first(skill_in):
    """Hooks on a skill that is switched off see a removal too, and it says what it was for."""
    disabled, removed = remove(skill_in(ENABLED))
    assert (disabled.cause, removed) == (
        "removed",
        BARE_STAMP.on(SkillRemoved, skill_id="acme.echo", version=VERSION),
    )


def update(skill, version="2.0.0", verdict=PASSED):
    return update_skill(skill, version, OTHER_FACTS, verdict, BARE_STAMP)


def test_an_update_installs_and_enables_in_one_step(skill_in):
    """The new release is kept, audited and enabled, and the old one gives way, in this order."""
    skill = skill_in(ENABLED)
    events = update(skill)
    assert types(events) == [SkillInstalled, SkillAudited, SkillDisabled, SkillEnabled]
    assert reduce(evolve, events, skill).enabled.version == "2.0.0"


def test_an_update_that_fails_its_audit_leaves_the_old_release_running(skill_in):
    """It is kept in quarantine, for somebody to look at."""
    skill = skill_in(ENABLED)
    after = reduce(evolve, update(skill, verdict=FAILED), skill)
    assert (after.enabled.version, after.release("2.0.0").state) == (VERSION, QUARANTINED)


@pytest.mark.parametrize("version", ["0.9.0", VERSION])
def test_an_update_goes_forward(skill_in, version):
    """What is as old as the present release, or older, is no update, and the message says what there is."""
    with pytest.raises(ReleaseNotNewer, match=r"not newer than 1\.0\.0, which is enabled"):
        update(skill_in(ENABLED), version)


def test_an_update_may_be_older_than_a_release_that_does_not_run(skill_in):
    """A 2.0.0 that nobody enabled does not keep the 1.1.0 that mends 1.0.0 from coming."""
    skill = skill_in(ENABLED)
    skill = reduce(evolve, install_skill(skill, "2.0.0", FACTS, PASSED, BARE_STAMP), skill)
    assert reduce(evolve, update(skill, "1.1.0"), skill).enabled.version == "1.1.0"


def test_what_is_not_installed_cannot_be_updated():
    """An update does not let a skill in that nobody has installed."""
    with pytest.raises(UnknownSkill):
        update(Skill("acme.echo"))


@pytest.fixture
def updated(skill_in):
    """A skill whose release 2.0.0 has taken the place of 1.0.0."""
    skill = skill_in(ENABLED)
    return reduce(evolve, update(skill), skill)


def test_a_rollback_leads_to_what_ran_before(updated):
    """The older release is audited afresh, and the reason is kept."""
    events = roll_back_skill(updated, VERSION, PASSED, FULL_STAMP)
    assert types(events) == [SkillAudited, SkillDisabled, SkillEnabled]
    assert events[-1].reason == FULL_STAMP.reason
    assert reduce(evolve, events, updated).enabled.version == VERSION


def test_a_rollback_says_why(updated):
    """Somebody who reads the log later wants to know what was wrong with the newer one."""
    with pytest.raises(ReasonRequired):
        roll_back_skill(updated, VERSION, PASSED, BARE_STAMP)


def test_a_release_that_fails_its_audit_is_not_gone_back_to(updated):
    """It goes to quarantine, and what runs runs on."""
    after = reduce(evolve, roll_back_skill(updated, VERSION, FAILED, FULL_STAMP), updated)
    assert (after.enabled.version, after.release(VERSION).state) == ("2.0.0", QUARANTINED)


def test_a_rollback_does_not_go_forward(updated):
    """The newest release is no way back."""
    with pytest.raises(NothingToRollBack):
        roll_back_skill(updated, "2.0.0", PASSED, FULL_STAMP)


def test_a_recheck_that_passes_is_on_record(skill_in):
    """An auditor can tell that somebody looked again, and that nothing was found."""
    (audited,) = recheck_skill(skill_in(ENABLED), VERSION, PASSED, [], BARE_STAMP)
    assert audited.passed


def test_a_release_that_cannot_be_audited_is_quarantined(skill_in):
    """There is no audit to record, and the reasons say why."""
    (event,) = recheck_skill(skill_in(ENABLED), VERSION, None, ["the bytes are gone"], BARE_STAMP)
    assert (type(event), event.reasons) == (SkillQuarantined, ("the bytes are gone",))


def test_evidence_is_bounded_to_the_newest(skill_in):
    """However many faults there were, the event fits, and names the last of them."""
    (event,) = quarantine_skill(skill_in(ENABLED), VERSION, BARE_STAMP, evidence=range(1, 1001))
    assert (len(event.evidence), event.evidence[-1]) == (EVIDENCE_MAX, 1000)


def test_a_skill_stays_with_its_publisher_until_the_operator_says_otherwise():
    """A release of somebody else is refused, and names both; the operator's word gives him the skill."""
    skill = reduce(
        evolve, install_skill(Skill("acme.echo"), VERSION, FACTS, PASSED, BARE_STAMP), Skill("acme.echo")
    )
    foreign = OTHER_FACTS.model_copy(update={"publisher": "orchid"})

    with pytest.raises(SkillOfAnotherPublisher) as refused:
        install_skill(skill, "2.0.0", foreign, PASSED, BARE_STAMP)

    assert (refused.value.details["owner"], refused.value.details["publisher"]) == ("acme", "orchid")
    events = install_skill(skill, "2.0.0", foreign, PASSED, BARE_STAMP, takes_over=True)
    assert reduce(evolve, events, skill).owner == "orchid"
