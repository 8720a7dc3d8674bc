from __future__ import annotations

from functools import reduce

import pytest

from palyra_events.errors import LogDamaged, NothingToRollBack, UnknownRelease, UnknownSkill
from palyra_events.release import enable_skill
from palyra_events.skill import (
    ReleaseState,
    Skill,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
    evolve,
)
from tests.sample_events import ARTIFACT, BARE_STAMP, FACTS, PASSED

VERSION = "1.0.0"
INSTALLED, ENABLED = ReleaseState.INSTALLED, ReleaseState.ENABLED


def enable(skill):
    return enable_skill(skill, VERSION, PASSED, BARE_STAMP, override=False)


def told(*steps: tuple[type, str]):
    """Return the skill of which these steps are told: an event and a version each."""
    facts = {SkillInstalled: {"release": FACTS}, SkillEnabled: {"artifact": ARTIFACT}}
    events = (
        BARE_STAMP.on(event, skill_id="acme.echo", version=version, **facts.get(event, {}))
        for event, version in steps
    )
    return reduce(evolve, events, Skill("acme.echo"))


def enabled_one_after_the_other(*versions: str):
    """Return the steps of a skill whose releases were installed and enabled in this order."""
    return [step for version in versions for step in ((SkillInstalled, version), (SkillEnabled, version))]


def test_other_events_change_nothing(skill_in):
    """An audit alone moves no release."""
    skill = skill_in(ENABLED)
    audited = enable(skill_in(INSTALLED))[0]
    assert evolve(skill, audited) == skill


@pytest.mark.parametrize("event", [SkillQuarantined, SkillDisabled, SkillRemoved])
def test_a_release_that_was_never_installed_is_damage(event):
    """A stream from which the beginning was taken is not folded into a state."""
    with pytest.raises(LogDamaged):
        evolve(Skill("acme.echo"), BARE_STAMP.on(event, skill_id="acme.echo", version=VERSION))


def test_a_skill_is_a_value(skill_in):
    """The state before an event is still there after it, and cannot be changed by hand."""
    before = skill_in(INSTALLED)
    after = reduce(evolve, enable(before), before)
    assert (before.enabled, after.enabled.version) == (None, VERSION)
    with pytest.raises(TypeError):
        before.releases["6.6.6"] = after.enabled


def test_the_newest_release_is_the_one_of_the_highest_number():
    """1.10.0 is newer than 1.9.0; what was removed does not count."""
    skill = told(
        (SkillInstalled, "1.10.0"),
        (SkillInstalled, "1.9.0"),
        (SkillInstalled, "2.0.0"),
        (SkillRemoved, "2.0.0"),
    )
    assert (skill.newest.version, sorted(skill.installed)) == ("1.10.0", ["1.10.0", "1.9.0"])


def test_a_skill_without_releases_is_unknown():
    """Of a skill whose releases were all removed there is nothing to find."""
    skill = told((SkillInstalled, VERSION), (SkillRemoved, VERSION))
    with pytest.raises(UnknownSkill):
        _ = skill.newest


def test_a_removed_release_is_unknown_beside_others():
    """The answer names those that are there."""
    skill = told((SkillInstalled, VERSION), (SkillInstalled, "2.0.0"), (SkillRemoved, VERSION))
    with pytest.raises(UnknownRelease, match=r"it has 2\.0\.0\.$"):
        skill.release(VERSION)


def test_who_is_enabled_again_is_not_taken_for_what_it_was():
    """A release that was enabled twice differs from the one that was enabled once."""
    once = told(*enabled_one_after_the_other(VERSION))
    twice = told(*enabled_one_after_the_other(VERSION), (SkillDisabled, VERSION), (SkillEnabled, VERSION))
    assert [skill.enabled.enablement for skill in (once, twice)] == [1, 2]


def test_a_release_that_is_installed_again_keeps_its_count():
    """Nor is one that was removed and came back."""
    steps = [*enabled_one_after_the_other(VERSION), (SkillRemoved, VERSION)]
    again = told(*steps, *enabled_one_after_the_other(VERSION))
    assert (again.enabled.enablement, told(*steps).enabled_last.state) == (2, ReleaseState.REMOVED)


def test_a_rollback_goes_further_back_each_time():
    """A second rollback does not lead forth again, to the release that somebody fled from."""
    steps = enabled_one_after_the_other("1.0.0", "1.9.0", "1.10.0")
    first = told(*steps).predecessor()
    second = told(*steps, (SkillDisabled, "1.10.0"), (SkillEnabled, "1.9.0")).predecessor()
    assert (first.version, second.version) == ("1.9.0", "1.0.0")


def test_a_rollback_from_quarantine_leads_to_what_ran_before():
    """A new release that was quarantined for its faults is left for the one before it."""
    skill = told(*enabled_one_after_the_other("1.0.0", "2.0.0"), (SkillQuarantined, "2.0.0"))
    assert skill.predecessor().version == "1.0.0"


@pytest.mark.parametrize(
    "steps",
    [
        [(SkillInstalled, "1.0.0")],
        enabled_one_after_the_other("1.0.0"),
        [(SkillInstalled, "1.0.0"), *enabled_one_after_the_other("2.0.0")],
        enabled_one_after_the_other("2.0.0", "1.0.0"),
        [*enabled_one_after_the_other("1.0.0", "2.0.0"), (SkillRemoved, "1.0.0")],
        [*enabled_one_after_the_other("1.0.0", "2.0.0"), (SkillQuarantined, "1.0.0")],
    ],
    ids=["never enabled", "the first", "the other never ran", "already back", "removed", "quarantined"],
)
def test_there_may_be_nothing_to_roll_back_to(steps):
    """Only an older release that ran before, is installed and is not in quarantine, is a way back."""
    with pytest.raises(NothingToRollBack):
        told(*steps).predecessor()


def test_a_quarantined_release_can_be_named_for_a_rollback():
    """Somebody who names it wants it; whether it may run, its fresh audit decides."""
    skill = told(*enabled_one_after_the_other("1.0.0", "2.0.0"), (SkillQuarantined, "1.0.0"))
    assert skill.predecessor("1.0.0").version == "1.0.0"
