from __future__ import annotations

import pytest

from palyra_events.skill import (
    ReleaseState,
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
)
from projections import ProjectionFailed, Views
from tests.journal import Journal
from tests.sample_events import ARTIFACT, FACTS, REPORT

ECHO = {"skill_id": "acme.echo", "version": "1.2.3"}
AUDIT = {**ECHO, "payload_sha256": FACTS.payload_sha256, "report": REPORT}


@pytest.fixture(autouse=True)
def installed(journal: Journal) -> int:
    """A release is installed, at the position that this is."""
    return journal.add(SkillInstalled, **ECHO, release=FACTS)


def test_an_installed_release_has_all_its_facts(views: Views, installed: int):
    """What the artifact said is in the row, each in its place."""
    (row,) = views.skills()

    assert (row.skill_id, row.version, row.state) == ("acme.echo", "1.2.3", ReleaseState.INSTALLED)
    assert (row.name, row.publisher, row.trust_decision) == (FACTS.name, "acme", "allowlisted")
    assert (row.artifact_sha256, row.payload_sha256) == (ARTIFACT.sha256, FACTS.payload_sha256)
    assert (row.key_id, row.modules) == (FACTS.key_id, FACTS.modules)
    assert (row.audit_passed, row.audit_failures, row.quarantine_reasons) == (None, (), ())
    assert row.installed_at == row.changed_at
    assert row.installed_position == row.changed_position == installed


def test_the_newest_audit_counts(views: Views, journal: Journal):
    """A failed audit lists its failures, and a passed one clears them; neither moves the release."""
    journal.add(SkillAudited, **AUDIT, passed=False, failures=("too big", "memory is shared"))
    failed = views.skills()[0]
    journal.add(SkillAudited, **AUDIT, passed=True)
    passed = views.skills()[0]

    assert (failed.audit_passed, failed.audit_failures) == (False, ("too big", "memory is shared"))
    assert (passed.audit_passed, passed.audit_failures) == (True, ())
    assert passed.state is ReleaseState.INSTALLED


def test_a_quarantine_tells_its_reasons_until_it_ends(views: Views, journal: Journal):
    """Reasons are those of the present quarantine; an override is told from an ordinary enabling."""
    journal.add(SkillQuarantined, **ECHO, reasons=("too big",), evidence=(17, 23))
    quarantined = views.skills()[0]
    position = journal.add(SkillEnabled, **ECHO, artifact=ARTIFACT, override=True)
    enabled = views.skills()[0]

    assert (quarantined.state, quarantined.quarantine_reasons) == (ReleaseState.QUARANTINED, ("too big",))
    assert (enabled.state, enabled.quarantine_reasons) == (ReleaseState.ENABLED, ())
    assert (quarantined.evidence, enabled.evidence) == ((17, 23), ())
    assert (enabled.is_override, enabled.changed_position) == (True, position)


def test_a_reason_that_says_null_does_not_stop_the_view(views: Views, journal: Journal):
    """What a manifest or a module makes an audit say is kept, on both databases."""
    journal.add(SkillQuarantined, **ECHO, reasons=("export x\0y is too long",))

    assert views.skills()[0].quarantine_reasons == ("export x\0y is too long",)


def test_a_disabled_release_says_so(views: Views, journal: Journal):
    """A release that was switched off is no override any more."""
    journal.add(SkillEnabled, **ECHO, artifact=ARTIFACT, override=True)
    journal.add(SkillDisabled, **ECHO)

    row = views.skills()[0]

    assert (row.state, row.is_override) == (ReleaseState.DISABLED, False)


def test_a_removed_release_says_so(views: Views, journal: Journal):
    """What it was stays to be read, and why it was in quarantine is no question any more."""
    journal.add(SkillQuarantined, **ECHO, reasons=("too big",))
    position = journal.add(SkillRemoved, **ECHO, erased=True)

    row = views.skills()[0]

    assert (row.state, row.quarantine_reasons) == (ReleaseState.REMOVED, ())
    assert (row.name, row.changed_position) == (FACTS.name, position)


def test_a_release_that_is_installed_again_begins_anew(views: Views, journal: Journal):
    """Nothing of what it was before it was removed is in its row."""
    journal.add(SkillAudited, **AUDIT, passed=False, failures=("too big",))
    journal.add(SkillRemoved, **ECHO)
    position = journal.add(SkillInstalled, **ECHO, release=FACTS)

    (row,) = views.skills()

    assert (row.state, row.audit_passed, row.audit_failures) == (ReleaseState.INSTALLED, None, ())
    assert row.installed_position == position


def test_releases_are_in_the_order_of_versions(views: Views, journal: Journal):
    """1.10.0 comes after 1.9.0, and other skills are not among them."""
    for version in ("1.10.0", "1.9.0"):
        journal.add(SkillInstalled, skill_id="acme.echo", version=version, release=FACTS)
    journal.add(SkillInstalled, skill_id="acme.about", version="9.0.0", release=FACTS)

    assert [row.version for row in views.releases("acme.echo")] == ["1.2.3", "1.9.0", "1.10.0"]
    assert [row.skill_id for row in views.skills()] == ["acme.about", *["acme.echo"] * 3]


def test_events_of_one_release_leave_the_others_alone(views: Views, journal: Journal):
    """Enabling one release says nothing of another."""
    journal.add(SkillInstalled, skill_id="acme.echo", version="2.0.0", release=FACTS)
    journal.add(SkillEnabled, skill_id="acme.echo", version="2.0.0", artifact=ARTIFACT)

    states = [row.state for row in views.releases("acme.echo")]

    assert states == [ReleaseState.INSTALLED, ReleaseState.ENABLED]


def test_an_event_of_a_release_that_was_never_installed_stops_the_view(views: Views, journal: Journal):
    """A log that contradicts itself is not folded over in silence."""
    position = journal.add(SkillEnabled, skill_id="acme.ghost", version="1.0.0", artifact=ARTIFACT)

    with pytest.raises(ProjectionFailed) as failed:
        views.skills()

    assert failed.value.details == {"projection": "skill", "position": position}
